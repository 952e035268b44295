// Which status a Win32 error number becomes. Knows nothing of what was tried: the caller's sentence says that.
#pragma once

#include "filemap.h"

#include <cstdint>

namespace fm::windows {

/// For calls on objects. A file's path has its own meaning of 3 and 123: see status_of_path().
fm_status status_of(int32_t win32_error);

/// For calls that open a file by its path.
fm_status status_of_path(int32_t win32_error);

} // namespace fm::windows
