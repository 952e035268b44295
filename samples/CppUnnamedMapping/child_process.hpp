// What standard C++ lacks and this program needs: other processes. Knows nothing of filemap; one body for each system.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

std::int64_t own_process_id();
std::string own_program();

/// Children that are started later have the variable.
void set_for_children(const char *variable, const char *value);

/// Starts a program with the inheritable handles, the environment and the terminal of this one; nullopt where it cannot
/// be started. What it stands for is known to wait_for_child() alone.
std::optional<std::intptr_t> start_child(const std::vector<std::string> &program_and_arguments);
/// Waits for the child's end; its exit code.
int wait_for_child(std::intptr_t child);

/// Waits until a process, which need not be a child, has ended.
void wait_for_end_of(std::int64_t process_id);
