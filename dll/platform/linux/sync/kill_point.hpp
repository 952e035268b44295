// The moments at which a kill is worth trying: between any two steps that others can see. Nothing in the library that
// users get; a build with FM_KILL_POINTS calls a function that tests/kill_sync sets.
#pragma once

#include <atomic>
#include <cstdint>

namespace fm::sync {

enum class point : uint32_t {
    slot_claimed, slot_settled, slot_numbered, death_word_linked, slot_alive,
    before_abort, after_abort,
    before_take, after_take, after_taking_over,
    change_planned, reserved_one, reserved_all, committed_all, settled_one, change_undone,
    reserved_for_wake, woken_committed, woken_refused, wake_settled,
    enlisted, awake, before_passing_on,
    setting_claimed, setting_written, setting_in_force,
    count
};

#if defined(FM_KILL_POINTS)
inline std::atomic<void (*)(point)> at_kill_point{nullptr};
inline void reach(point where) {
    if (auto *function = at_kill_point.load(std::memory_order_relaxed)) function(where);
}
#else
inline void reach(point) {}
#endif

} // namespace fm::sync
