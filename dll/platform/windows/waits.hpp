// What the kernel's answer to a wait means. Knows nothing of what was waited for.
#pragma once

#include "platform/windows/win32.hpp"

#include "filemap.h"

namespace fm::windows {

/// FM_OK or FM_ABANDONED, with the index; FM_TIMED_OUT; or a failure, by GetLastError().
fm_status outcome_of(DWORD answer, uint32_t count, uint32_t &index);

} // namespace fm::windows
