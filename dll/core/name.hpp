// What a name may look like: prefixes, UTF-8, length. Knows nothing of how a system stores it.
#pragma once

#include "core/failure.hpp"

#include <string>
#include <string_view>

namespace fm {

enum class scope : uint32_t { local = FM_LIST_LOCAL, global = FM_LIST_GLOBAL };

/// A valid name: where it lives and what follows the prefix. The text is borrowed from the caller.
struct object_name {
    scope where;
    std::string_view rest;
};

/// Checks a non-empty name. "X", "Local\X" and, on systems that reserve nothing under it, "Host\X" are the same object.
result<object_name> parse_name(const char *name);

/// The name with its prefix, as fm_query_name() gives it.
std::string full_name(scope where, std::string_view rest);

/// The length of valid UTF-8 in UTF-16 code units; nothing where it is not valid.
std::optional<uint64_t> utf16_length(std::string_view text);

} // namespace fm
