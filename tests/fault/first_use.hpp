// The attack on a process's first use of the namespace, run by this program started anew.
#pragma once

namespace fm::fault {

inline constexpr const char *first_use_option = "--first-use";

/// Returns the exit code: 0 where nothing went wrong.
int attack_first_use();

} // namespace fm::fault
