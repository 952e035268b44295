// What happens at a kill point: the thread dies there with its process, dawdles, or goes on. Keeps the books that make
// a death decidable: what the operation under way had taken, and whether a signal had been given.
#pragma once

#include "objects.hpp"

namespace fm::kill_sync {

/// For all threads of this worker that have sat down.
void install_hook(board &shared, const object_set &objects);
/// The calling thread is this seat's from now on; null: none's, nothing happens to it at kill points. `alone`: the
/// process has no other seat.
void sit_down(seat *where, uint32_t seed, bool alone);
/// An operation begins: nothing is taken or given yet.
void open_books();
/// What the operation has taken over from dead owners.
uint32_t taken_over();

} // namespace fm::kill_sync
