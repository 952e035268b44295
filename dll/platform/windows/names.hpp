// Names and texts between us and the kernel: UTF-8 and UTF-16, our prefixes and the kernel's directories. Opens
// nothing.
#pragma once

#include "core/name.hpp"

#include <string>
#include <string_view>

namespace fm::windows {

/// Valid UTF-8 as UTF-16.
std::wstring to_utf16(std::string_view text);
/// Half of a surrogate pair, which other programs' names may hold, becomes U+FFFD.
std::string to_utf8(std::wstring_view text);

/// The name in the form that the functions of kernel32 take.
std::wstring kernel_name(const object_name &name);

/// The kernel's directory of a scope, without a backslash at the end. Both are one in session 0.
std::wstring scope_directory(scope where);

/// The name, with its prefix, of an object with this path; "" where it lies in neither directory.
std::string name_of_path(std::wstring_view path);

} // namespace fm::windows
