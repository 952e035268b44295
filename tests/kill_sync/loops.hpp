// What each loop is: its objects, what its workers do, and how the driver runs it.
#pragma once

#include "actor.hpp"
#include "crew.hpp"
#include "ledger.hpp"
#include "watch.hpp"

namespace fm::kill_sync {

/// What the driver knows of a loop that it has run.
struct outcome {
    uint64_t operations = 0, reports = 0, from_outside = 0, at_points = 0, late = 0;
    int64_t longest = 0; ///< that a survivor slept on what was ready, ns
    std::string remarks;
};

struct stage {
    const settings &chosen;
    board &shared;
    std::string board_path;
    int64_t length; ///< ns
    fallback who = fallback::nobody;

    /// One thing found is enough where a fault was planted.
    bool enough_found() const { return shared.violations.load() >= (chosen.planted != fault::none ? 1 : kept_violations); }
};

/// Worker's part. Returns to be started anew in a new thread, until it is told to stop.
void work_in_traffic(actor &self, loop which);
/// Of the loop `threads`: whether the thread shall end now, owning mutexes; all ways but a return do not come back.
bool end_owning(actor &self);
/// A child that inherits everything but the mutex.
void fork_owning(actor &self, uint32_t mutex);
/// Of the loop `slots`: nobody else who lives may have the thread's slot, and its number is a new one.
void check_slot(actor &self);
void leave_slot(actor &self);
void work_at_events(actor &self);
void work_at_timers(actor &self);
void work_at_latency(actor &self);

/// The driver's part.
outcome run_traffic(const stage &where, loop which); ///< mutexes, semaphores, any, all, threads, slots
outcome run_events(const stage &where);
outcome run_timers(const stage &where);
outcome run_latency(const stage &where);

} // namespace fm::kill_sync
