// The real file behind a mapping: where its HANDLE comes from, and what is wrong with it where the kernel will not map
// it.
#pragma once

#include "platform/platform.hpp"
#include "platform/windows/win32.hpp"

#include <optional>

namespace fm::windows {

struct chosen_file {
    HANDLE handle = INVALID_HANDLE_VALUE; ///< which CreateFileMappingW takes for "memory"
    unique_handle owned;                  ///< the same, where we opened it

    bool is_given() const { return handle != INVALID_HANDLE_VALUE; }
};

/// The file that the options name, opened with what the protection needs; none where they name none.
result<chosen_file> choose_file(const platform::mapping_options &options);

/// What is wrong with a file that CreateFileMappingW refused with `error`; nothing where it is a regular file.
std::optional<failure> fault_of_file(const platform::mapping_options &options, const chosen_file &file, int32_t error);

} // namespace fm::windows
