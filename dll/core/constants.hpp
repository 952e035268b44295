// The header's constants by name, for languages that cannot see macros.
#pragma once

#include "filemap.h"

#include <optional>
#include <string_view>

namespace fm {

std::optional<int64_t> constant_named(std::string_view name);

} // namespace fm
