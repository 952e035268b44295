// The rules of reservation.hpp.

#include "platform/linux/sync/reservation.hpp"

#include "platform/linux/sys.hpp"

namespace fm::sync {

namespace {

inline void relax() { __builtin_ia32_pause(); }

/// A reference taken apart.
struct reference {
    uint32_t slot_index, entry, sequence;

    explicit reference(state value)
        : slot_index(static_cast<uint32_t>(value >> 32) & 0xffffu), entry(static_cast<uint32_t>(value >> 24) & 0x7fu),
          sequence(static_cast<uint32_t>(value >> 48) << 24 | (static_cast<uint32_t>(value) & 0xffffffu)) {}
    bool in_range() const { return slot_index < most_slots && entry < most_entries; }
};

bool is_of(uint32_t status, const reference &where) { return status >> 2 == where.sequence; }

/// Gives a live changer the time that a change takes: some 50 microseconds, less where its thread has ended. The
/// status, which may have become another change's.
uint32_t await_outcome(const slot &place, const std::atomic<state> &value, state seen, const reference &where) {
    constexpr uint32_t patience = 2000, worth_yielding = 512;
    uint32_t status = place.status.load(std::memory_order_acquire);
    for (uint32_t turn = 1; turn <= patience; ++turn) {
        if (!is_of(status, where) || (status & outcome_mask) != undecided) return status;
        relax();
        if (turn % 16 == 0 && value.load(std::memory_order_relaxed) != seen) return status;
        if (turn % 256 == 0) {
            if (is_dead(place.deaths[0].word.load(std::memory_order_relaxed))) return status;
            if (turn >= worth_yielding) sys::yield();
        }
        status = place.status.load(std::memory_order_acquire);
    }
    return status;
}

/// What follows from the outcome; false where the slot has gone on to another change meanwhile.
bool outcome_of(const slot &place, const reference &where, uint32_t status, state &value) {
    const planned_change &planned = place.changes[where.entry];
    bool done = (status & outcome_mask) == committed;
    value = (done ? planned.after : planned.before).load(std::memory_order_relaxed);
    fence(std::memory_order_acquire);
    return is_of(place.status.load(std::memory_order_relaxed), where) && !(value & reserved_bit);
}

failure leads_nowhere() {
    return fail(FM_E_CORRUPT, 0, "the object's state does not make sense; a program has written over it");
}

} // namespace

bool resolve(registry &home, std::atomic<state> &value, state seen) {
    reference where(seen);
    if (!where.in_range()) return false;
    slot &place = home.at(where.slot_index);
    uint32_t status = await_outcome(place, value, seen, where);
    if (!is_of(status, where)) return false;
    if ((status & outcome_mask) == undecided) {
        if (value.load(std::memory_order_relaxed) != seen) return true;
        reach(point::before_abort);
        uint32_t expected = where.sequence << 2;
        place.status.compare_exchange_strong(expected, expected | aborted, std::memory_order_acq_rel);
        status = place.status.load(std::memory_order_acquire);
        if (!is_of(status, where)) return false;
        reach(point::after_abort);
    }
    state follows;
    if (!outcome_of(place, where, status, follows)) return false;
    value.compare_exchange_strong(seen, follows, std::memory_order_acq_rel);
    return true;
}

state detail::settle(const object &one) {
    constexpr uint32_t hopeless = 1000;
    for (uint32_t futile = 0; futile < hopeless;) {
        state value = one.value().load(std::memory_order_acquire);
        if (!(value & reserved_bit)) return value;
        if (resolve(*one.home, one.value(), value)) continue;
        // The slot went on, so the state has changed too; where it has not, nobody will ever change it.
        if (one.value().load(std::memory_order_acquire) == value && ++futile % 100 == 0) sys::yield();
    }
    throw leads_nowhere();
}

state peek(const object &one) {
    constexpr uint32_t hopeless = 100000;
    for (uint32_t turn = 0; turn < hopeless; ++turn) {
        state value = one.value().load(std::memory_order_acquire);
        if (!(value & reserved_bit)) return value;
        reference where(value);
        if (!where.in_range()) break;
        const slot &place = one.home->at(where.slot_index);
        uint32_t status = place.status.load(std::memory_order_acquire);
        state follows;
        if (!is_of(status, where) || !outcome_of(place, where, status, follows)) continue;
        bool unchanged = place.status.load(std::memory_order_relaxed) == status && one.value().load(std::memory_order_relaxed) == value;
        if (unchanged) return follows;
    }
    throw leads_nowhere();
}

change::change(participant &self) : self_(self) {
    self_.sequence = (self_.sequence + 1) & change_sequence_mask;
    self_.own->entries.store(0, std::memory_order_relaxed);
    self_.own->status.store(self_.sequence << 2, std::memory_order_release);
    fence(std::memory_order_release);
}

change::~change() {
    if (done_) return;
    uint32_t expected = self_.sequence << 2;
    self_.own->status.compare_exchange_strong(expected, expected | aborted, std::memory_order_acq_rel);
    reach(point::change_undone);
    settle_all(false);
}

change::answer change::reserve(const object &one, state before, state after) {
    planned_change &planned = self_.own->changes[count_];
    planned.id.store(one.id, std::memory_order_relaxed);
    planned.before.store(before, std::memory_order_relaxed);
    planned.after.store(after, std::memory_order_relaxed);
    self_.own->entries.store(count_ + 1, std::memory_order_release);
    reach(point::change_planned);
    state expected = before;
    if (one.value().compare_exchange_strong(expected, reference_to(self_.index, count_, self_.sequence), std::memory_order_acq_rel)) {
        objects_[count_++] = &one;
        reach(point::reserved_one);
        return is_undecided() ? answer::reserved : answer::aborted;
    }
    return is_undecided() ? answer::outdated : answer::aborted;
}

bool change::commit() {
    reach(point::reserved_all);
    uint32_t expected = self_.sequence << 2;
    if (!self_.own->status.compare_exchange_strong(expected, expected | committed, std::memory_order_acq_rel)) return false;
    reach(point::committed_all);
    settle_all(true);
    return done_ = true;
}

bool change::commit_and_wake(uint32_t count, uint32_t &woken) {
    reach(point::reserved_for_wake);
    std::atomic<uint32_t> &status = self_.own->status;
    int32_t result = sys::or_and_wake(&status, committed, objects_[0]->word(), count);
    if (result < 0 && is_undecided()) { // a sandbox without this operation: two steps have to do
        uint32_t expected = self_.sequence << 2;
        status.compare_exchange_strong(expected, expected | committed, std::memory_order_acq_rel);
        result = sys::wake(objects_[0]->word(), count);
    }
    woken = result > 0 ? static_cast<uint32_t>(result) : 0;
    bool done = (status.load(std::memory_order_acquire) & outcome_mask) == committed;
    reach(done ? point::woken_committed : point::woken_refused);
    if (!done) return false;
    settle_all(true);
    reach(point::wake_settled);
    return done_ = true;
}

void change::settle_all(bool to_after) {
    for (uint32_t i = 0; i < count_; ++i) {
        const planned_change &planned = self_.own->changes[i];
        state reference = reference_to(self_.index, i, self_.sequence);
        state follows = (to_after ? planned.after : planned.before).load(std::memory_order_relaxed);
        objects_[i]->value().compare_exchange_strong(reference, follows, std::memory_order_acq_rel);
        reach(point::settled_one);
    }
    self_.own->entries.store(0, std::memory_order_release);
}

} // namespace fm::sync
