// Tells one object's life from another's, for tokens: HANDLE values are used again at once, and the kernel gives
// sections no number. Knows nothing of sections and tokens.
#pragma once

#include "platform/windows/win32.hpp"

namespace fm::windows {

/// A semaphore that nobody waits for; its two counts are a number that no other mark has. It is opened after the HANDLE
/// that it stands beside and closed before it, and goes where that HANDLE goes. So whoever finds the mark in a process,
/// having found the HANDLE there before, has found what was exported.
struct export_mark {
    unique_handle handle;
    uint64_t number = 0;
};

/// Empty on failure, with GetLastError() telling why.
export_mark make_mark(bool inheritable);

/// Whether a HANDLE of this process is the mark with this number.
bool is_mark(HANDLE handle, uint64_t number);

} // namespace fm::windows
