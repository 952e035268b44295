// Which clock measures waits: not the tick count, which is too coarse, nor, on Windows, QueryPerformanceCounter, which
// goes on while the machine is suspended.

#include "platform/windows/clock.hpp"

#include "filemap.h"

#include <algorithm>

namespace fm::windows {

namespace {

/// In 100 ns. Windows has it since version 10. Wine 8 has not; its QueryPerformanceCounter is Linux's monotonic clock,
/// which stands still while the machine is suspended.
using precise_clock = void WINAPI(ULONGLONG *time);

int64_t performance_counter_ns() {
    constexpr int64_t second = 1000000000;
    LARGE_INTEGER count, frequency;
    QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&frequency);
    int64_t whole = count.QuadPart / frequency.QuadPart, rest = count.QuadPart % frequency.QuadPart;
    return whole * second + rest * second / frequency.QuadPart;
}

int64_t now_ns() {
    static const auto precise = find_in_kernelbase<precise_clock>("QueryUnbiasedInterruptTimePrecise");
    if (precise == nullptr) return performance_counter_ns();
    ULONGLONG time = 0;
    precise(&time);
    return static_cast<int64_t>(time * 100);
}

} // namespace

int64_t nanoseconds_since_1970() {
    constexpr uint64_t from_1601_to_1970 = 116444736000000000; // in the 100 ns of FILETIME
    FILETIME now;
    GetSystemTimePreciseAsFileTime(&now);
    return static_cast<int64_t>((as_number(now) - from_1601_to_1970) * 100);
}

deadline::deadline(int64_t timeout_ns) : timeout_(timeout_ns), started_(timeout_ns == FM_FOREVER ? 0 : now_ns()) {}

DWORD deadline::slice() const {
    constexpr int64_t millisecond = 1000000;
    if (timeout_ == FM_FOREVER) return INFINITE;
    int64_t left = timeout_ - (now_ns() - started_);
    if (left <= 0) return 0;
    int64_t rounded_up = (left - 1) / millisecond + 1;
    return static_cast<DWORD>(std::min(rounded_up, static_cast<int64_t>(INFINITE - 1)));
}

} // namespace fm::windows
