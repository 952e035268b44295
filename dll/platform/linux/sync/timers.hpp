// What a timer's settings say: which due moments have passed, and when the next one is. And writing a new setting.
#pragma once

#include "platform/linux/sync/object.hpp"
#include "platform/linux/sys.hpp"

namespace fm::sync {

/// A timer's setting as it was with one state.
struct timer_reading {
    bool current = false;  ///< the state was still that one afterwards
    bool set = false;
    bool absolute = false;
    int64_t due = 0;       ///< the first due moment, ns on its clock
    uint64_t period = 0;

    int32_t clock() const;
    /// How many due moments there have been at `now`, in the bits that a state has for it.
    uint32_t moments(int64_t now) const;
    /// The next due moment after `taken` have been taken; sys::no_deadline where there is none.
    int64_t next(uint32_t taken, int64_t now) const;
};

timer_reading read_timer(const object &one, state value);

constexpr uint32_t setting_of(state value) { return payload_of(value) >> moment_bits; }
constexpr uint32_t moments_taken(state value) { return payload_of(value) & moment_mask; }
constexpr uint32_t timer_payload(uint32_t setting, uint32_t taken) { return setting << moment_bits | (taken & moment_mask); }

/// Whether a due moment has passed that was not taken; `next` is then the state that takes all such moments.
enum class timer_answer { outdated, not_due, due };
timer_answer look_at_timer(const object &one, state value, state &next);

/// In the units of fm_timer_set().
void arm(const object &one, int64_t due, uint32_t period_ms);
void disarm(const object &one);

} // namespace fm::sync
