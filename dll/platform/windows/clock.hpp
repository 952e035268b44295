// Time: the clock of the day, and the end of a wait. Knows no objects.
#pragma once

#include "platform/windows/win32.hpp"

namespace fm::windows {

int64_t nanoseconds_since_1970();

/// A function that not every system has; null where this one has not.
template <class Function>
Function *find_in_kernelbase(const char *name) {
    HMODULE library = GetModuleHandleW(L"kernelbase.dll");
    auto found = library != nullptr ? GetProcAddress(library, name) : nullptr;
    return reinterpret_cast<Function *>(reinterpret_cast<void *>(found));
}

/// When a wait has to end, by a clock that suspended time does not count for. The kernel counts a wait's time in ticks
/// of up to 15.6 ms and may end it a tick early, so what it says is compared with a finer clock.
class deadline {
public:
    explicit deadline(int64_t timeout_ns); ///< or FM_FOREVER

    /// What to wait for next: what is left, in milliseconds and rounded up, or as much of it as Win32 can be told.
    DWORD slice() const;
    bool has_passed() const { return slice() == 0; }

private:
    int64_t timeout_;
    int64_t started_;
};

} // namespace fm::windows
