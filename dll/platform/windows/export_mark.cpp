// Marks as semaphores: cheap, unnamed, and with two numbers that can be asked for.

#include "platform/windows/export_mark.hpp"

#include "platform/platform.hpp"
#include "platform/windows/native.hpp"

#include <atomic>

namespace fm::windows {

namespace {

constexpr LONG count_bits = 0x3fffffff;

uint64_t number_of(LONG count, LONG maximum) {
    return join_halves(static_cast<DWORD>(maximum), static_cast<DWORD>(count));
}

} // namespace

export_mark make_mark(bool inheritable) {
    static std::atomic<uint64_t> made{platform::random_number()};
    uint64_t random = made.fetch_add(0x9e3779b97f4a7c15);
    auto maximum = static_cast<LONG>(random >> 32 & count_bits) | (count_bits + 1);
    auto count = static_cast<LONG>(random & count_bits);
    SECURITY_ATTRIBUTES security{sizeof security, nullptr, inheritable};
    export_mark mark{unique_handle(CreateSemaphoreW(&security, count, maximum, nullptr)), 0};
    if (mark.handle) mark.number = number_of(count, maximum);
    return mark;
}

bool is_mark(HANDLE handle, uint64_t number) {
    auto counts = query_semaphore(handle);
    return counts && number_of(counts->count, counts->maximum) == number;
}

} // namespace fm::windows
