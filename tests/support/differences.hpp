// Where Wine departs from win32-semantics.md in more than one test: what differs_under_wine() says then.
#pragma once

namespace fm::test {

/// Memory alone; a file that was opened for reading cannot be written in Wine either.
inline constexpr char wine_forgets_protections[] =
    "D.4: for a mapping of memory that was opened by name, Wine checks the handle's access and not the protection";

} // namespace fm::test
