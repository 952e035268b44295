// What the core asks of the kernel about this process: barriers, numbers, ids.

#include "platform/linux/sys.hpp"
#include "platform/platform.hpp"

namespace fm::platform {

namespace {

constexpr int32_t private_expedited = 1 << 3, register_private_expedited = 1 << 4;

struct thread_end {
    void (*function)(void *) = nullptr;
    void *argument = nullptr;
    ~thread_end() {
        if (function != nullptr) function(argument);
    }
};

} // namespace

void at_thread_end(void (*function)(void *), void *argument) {
    static thread_local thread_end end;
    end.function = function;
    end.argument = argument;
}

bool can_fence_all_threads() {
    return sys::memory_barrier_command(register_private_expedited) == 0;
}

void fence_all_threads() {
    if (sys::memory_barrier_command(private_expedited) >= 0) return;
    sys::memory_barrier_command(register_private_expedited); // a child of raw clone() may have lost it
    sys::memory_barrier_command(private_expedited);
}

void yield() { sys::yield(); }
int64_t process_id() { return sys::process_id(); }
bool host_prefix_is_local() { return true; }

uint64_t random_number() {
    uint64_t number = 0;
    if (sys::random_bytes(&number, sizeof number) == static_cast<int32_t>(sizeof number)) return number;
    return static_cast<uint64_t>(sys::now(sys::clock_monotonic)) * 0x9e3779b97f4a7c15u ^ static_cast<uint64_t>(sys::process_id());
}

} // namespace fm::platform
