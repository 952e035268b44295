// When each kind of object is ready, and the state that taking it leads to.
#pragma once

#include "platform/linux/sync/reservation.hpp"
#include "platform/linux/sync/timers.hpp"

namespace fm::sync {

enum class readiness {
    outdated,  ///< the state is not the one looked at any more
    no,
    yes,
    abandoned, ///< a mutex whose owner ended
    mine,      ///< a mutex that this thread owns: taking it changes no state
};

/// The pulses that an event had when a wait began: a later one is for this waiter.
inline uint32_t pulses_of(const object &one, state value) {
    return one.kind == FM_KIND_EVENT ? payload_of(value) & pulse_mask : 0;
}

namespace detail {

inline readiness examine_event(const object &one, state value, uint32_t pulses, state &next) {
    if (value & ready_bit) {
        next = one.manual ? value : bump(value) & ~ready_bit;
        return readiness::yes;
    }
    if ((payload_of(value) & pulse_mask) == pulses) return readiness::no;
    next = one.manual ? value : with_payload(bump(value), payload_of(value) & ~pulse_token);
    return one.manual || (payload_of(value) & pulse_token) ? readiness::yes : readiness::no;
}

inline readiness examine_semaphore(state value, state &next) {
    uint32_t units = payload_of(value);
    if (units == 0) return readiness::no;
    next = bump(value) - (state(1) << 32);
    if (units == 1) next &= ~ready_bit;
    return readiness::yes;
}

inline readiness examine_mutex(const object &one, state value, const participant &self, state &next) {
    next = with_payload(bump(value) & ~ready_bit, self.id);
    if (value & ready_bit) return readiness::yes;
    owner_id owner = payload_of(value);
    if (owner == self.id) return readiness::mine;
    uint32_t seen = one.home->death_word(owner, self.death_index()).load(std::memory_order_acquire);
    return one.home->alive(owner, seen) ? readiness::no : readiness::abandoned;
}

readiness examine_timer(const object &one, state value, state &next);
readiness take_again(const object &one);
/// After taking a mutex over: what its dead owner had acquired is forgotten.
void begin_anew(const object &one);

} // namespace detail

/// Looks, and changes nothing. `next` is set with yes and abandoned; where it equals `value` there is nothing to write.
inline readiness examine(const object &one, state value, uint32_t pulses, state &next) {
    switch (one.kind) {
    case FM_KIND_EVENT: return detail::examine_event(one, value, pulses, next);
    case FM_KIND_SEMAPHORE: return detail::examine_semaphore(value, next);
    case FM_KIND_MUTEX: return detail::examine_mutex(one, value, take_part(one), next);
    default: return detail::examine_timer(one, value, next);
    }
}

/// Takes the object from this state: yes, abandoned or, for a mutex acquired once more, mine. Else nothing was changed.
inline readiness take(const object &one, state value, uint32_t pulses) {
    state next;
    readiness answer = examine(one, value, pulses, next);
    if (answer == readiness::mine) return detail::take_again(one);
    if (answer != readiness::yes && answer != readiness::abandoned) return answer;
    reach(point::before_take);
    if (next != value && !one.value().compare_exchange_strong(value, next, std::memory_order_acq_rel)) return readiness::outdated;
    if (answer == readiness::abandoned) detail::begin_anew(one);
    reach(point::after_take);
    return answer;
}

inline bool is_taken(readiness answer) { return answer >= readiness::yes; }

/// What a look by the calling thread would find; for fm_query().
bool seems_ready(const object &one, state value);

} // namespace fm::sync
