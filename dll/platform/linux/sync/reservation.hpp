// Several objects change together, or one changes and wakes in the same step, by reservations that anybody may revoke:
// the changer writes into its slot what it is about to do, puts a reference to that in place of each state, and one
// compare-and-swap on the slot's status decides for all of them at once. Who meets a reference looks the outcome up and
// puts the state that follows from it in its place; while nothing is decided it waits a little and then aborts.
#pragma once

#include "platform/linux/sync/kill_point.hpp"
#include "platform/linux/sync/object.hpp"

namespace fm::sync {

inline constexpr uint32_t change_sequence_mask = (1u << 30) - 1;

/// What stands in place of a state while entry `entry` of the slot's change is under way.
constexpr state reference_to(uint32_t slot_index, uint32_t entry, uint32_t sequence) {
    return state(sequence >> 24) << 48 | state(slot_index) << 32 | reserved_bit | state(entry) << 24 | (sequence & 0xffffffu);
}

namespace detail {
state settle(const object &one);
} // namespace detail

/// The state, with no reservation in it: one that is met is settled first. Throws FM_E_CORRUPT where it leads nowhere.
inline state settled(const object &one) {
    state value = one.value().load(std::memory_order_acquire);
    return value & reserved_bit ? detail::settle(one) : value;
}

/// The state as it counts just now, for those who only look: neither waits nor aborts anybody.
state peek(const object &one);

/// Makes one step of settling a reference; false where the reference leads nowhere (now, or for ever).
bool resolve(registry &home, std::atomic<state> &value, state reference);

/// A change of the calling thread. Whatever is not committed is undone at the end.
class change {
public:
    explicit change(participant &self);
    ~change();
    change(const change &) = delete;
    change &operator=(const change &) = delete;

    enum class answer { reserved, outdated, aborted };
    /// `outdated`: the object is not in state `before` any more.
    answer reserve(const object &one, state before, state after);
    /// Decides; false where somebody has aborted the change.
    bool commit();
    /// Decides and wakes sleepers of the first object, in one step that a kill cannot split. False as for commit();
    /// `woken` is how many were.
    bool commit_and_wake(uint32_t count, uint32_t &woken);

    bool is_undecided() const { return self_.own->status.load(std::memory_order_relaxed) == self_.sequence << 2; }

private:
    void settle_all(bool to_after);

    participant &self_;
    const object *objects_[most_entries];
    uint32_t count_ = 0;
    bool done_ = false;
};

} // namespace fm::sync
