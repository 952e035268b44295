// The attack on the registries of waiting threads, run by this program started anew.
#pragma once

namespace fm::fault {

inline constexpr const char *registry_use_option = "--registry-use";

/// Returns the exit code: 0 where nothing went wrong.
int attack_registry_use();

} // namespace fm::fault
