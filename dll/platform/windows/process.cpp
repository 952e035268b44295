// The process and the machine: sizes, ids, threads. Knows no objects.

#include "platform/windows/process.hpp"

#include "platform/platform.hpp"

#include <atomic>

namespace fm::windows {

namespace {

const SYSTEM_INFO &system_info() {
    static const SYSTEM_INFO info = [] {
        SYSTEM_INFO asked;
        GetSystemInfo(&asked);
        return asked;
    }();
    return info;
}

std::atomic<void (*)(void *)> thread_end_function{nullptr};

void WINAPI call_thread_end(void *argument) {
    if (argument != nullptr) thread_end_function.load()(argument);
}

/// A slot that calls back when its thread or fiber ends, and for all that are left when the library is unloaded.
struct fiber_local_slot {
    DWORD index = FlsAlloc(call_thread_end);
    ~fiber_local_slot() { FlsFree(index); }
};

} // namespace

bool is_user_range(const void *address, uint64_t length) {
    auto first = reinterpret_cast<uintptr_t>(address);
    auto last = reinterpret_cast<uintptr_t>(system_info().lpMaximumApplicationAddress);
    return first <= last && length - 1 <= last - first;
}

uint64_t started_at(HANDLE process) {
    FILETIME created, exited, kernel, user;
    return GetProcessTimes(process, &created, &exited, &kernel, &user) ? as_number(created) : 0;
}

} // namespace fm::windows

namespace fm::platform {

bool host_prefix_is_local() {
    return false;
}

uint64_t page_size() {
    return windows::system_info().dwPageSize;
}

uint64_t allocation_granularity() {
    return windows::system_info().dwAllocationGranularity;
}

uint64_t large_page_size() {
    return GetLargePageMinimum();
}

int64_t process_id() {
    return GetCurrentProcessId();
}

/// FlushProcessWriteBuffers would do it on Windows, but in Wine 8 it is a stub that returns at once, and there is no
/// way to tell. So the slower way that needs no help of the system is taken everywhere.
bool can_fence_all_threads() {
    return false;
}

void fence_all_threads() {
    FlushProcessWriteBuffers();
}

void yield() {
    SwitchToThread();
}

/// Not by the destructor of a thread_local object: in a DLL of MinGW the memory of a thread's objects is freed before
/// their destructors run.
void at_thread_end(void (*function)(void *), void *argument) {
    windows::thread_end_function.store(function);
    static const windows::fiber_local_slot slot;
    FlsSetValue(slot.index, argument);
}

/// There is no fork.
void on_fork(void (*)(), void (*)(), void (*)()) {}

/// The kernel closes what is open when a process ends.
void on_exit(void (*)()) {}

/// No two processes have both the same id and the same start; the steps of splitmix64 spread the difference.
uint64_t random_number() {
    uint64_t mixed = windows::started_at(GetCurrentProcess()) + GetCurrentProcessId() * uint64_t(0x9e3779b97f4a7c15);
    mixed = (mixed ^ mixed >> 30) * uint64_t(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ mixed >> 27) * uint64_t(0x94d049bb133111eb);
    return mixed ^ mixed >> 31;
}

} // namespace fm::platform
