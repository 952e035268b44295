// What the tests ask of the system they run on. Each system answers in a file of its own (system_posix.cpp,
// system_windows.cpp), so that no test source needs an #if.
#pragma once

#include <cstdint>
#include <string>

namespace fm::test {

bool on_windows();
/// True in Wine: its ntdll exports wine_get_version.
bool under_wine();

int64_t process_id();
/// Open descriptors (Linux) or handles (Windows) of this process: what a leak would raise.
uint64_t open_handle_count();
/// Whether this user may create names under Global\ (statement N17).
bool may_create_global();
/// Whether a child may be started as another user.
bool may_change_user();

/// Makes a fault end this process at once and quietly, as children do that are meant to fault.
void die_quietly_on_fault();

/// True under Wine, and then it says aloud, and in the test's record, what Wine does differently: the test goes on to
/// assert what Wine does. Elsewhere false: the test asserts the statement.
bool differs_under_wine(const std::string &statement);

} // namespace fm::test
