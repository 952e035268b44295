// Facts about processes that more than one file here needs.
#pragma once

#include "platform/windows/win32.hpp"

namespace fm::windows {

/// Whether memory of a program can lie there at all. The length is not 0.
bool is_user_range(const void *address, uint64_t length);

/// When a process was started, in the kernel's units; 0 where it cannot be told.
uint64_t started_at(HANDLE process);

} // namespace fm::windows
