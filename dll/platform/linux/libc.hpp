// The few things that come from the C library and not from the kernel. Under Wine another file stands in.
#pragma once

#include <string>

namespace fm::posix {

/// The value of an environment variable; "" where it is not set, or not to be trusted (set-user-id programs).
std::string environment(const char *name);

} // namespace fm::posix
