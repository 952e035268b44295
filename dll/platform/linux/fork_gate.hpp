// Keeps fork() and exclusive locks apart: a child forked while one is held would have a copy of its description, and
// keep the lock for as long as it lives.
#pragma once

#include <cstdint>

namespace fm::posix {

/// Held while something is locked exclusively; fork() waits for it. Does not nest.
class no_fork {
public:
    no_fork();
    ~no_fork();
    no_fork(const no_fork &) = delete;
    no_fork &operator=(const no_fork &) = delete;
};

/// How often this process, and those it was forked from, have forked: a description opened before may be shared with a
/// child, and is of no use for asking who is alive.
uint32_t fork_age();

/// Begins to watch; before the first description is opened.
void watch_forks();

} // namespace fm::posix
