// Making an object ready, and waking who waits for it. Where nobody waits it is one compare-and-swap; where somebody
// does, the change and the wake-up are one step for the kernel, which a kill cannot split.
#pragma once

#include "platform/linux/sync/reservation.hpp"
#include "platform/linux/sys.hpp"

namespace fm::sync {

namespace detail {
bool signal_waiters(const object &one, state before, state after, uint32_t wakes);
}

/// Changes the state and wakes up to `wakes` single waiters, or all of whatever kind; false where it is not `before`
/// any more. Waiter bits in `after` are taken care of.
inline bool signal(const object &one, state before, state after, uint32_t wakes) {
    if (!(before & waiter_bits)) return one.value().compare_exchange_strong(before, after, std::memory_order_acq_rel);
    return detail::signal_waiters(one, before, after, wakes);
}

/// The state after a signal where nobody is at the object and nobody waits; false where that is not so: then the
/// functions below do it in full. Without a call, so that nothing has to be saved.
[[gnu::always_inline]] inline bool signal_at_once(const object &one, state value, state next) {
    return !(value & (reserved_bit | waiter_bits)) && one.value().compare_exchange_strong(value, next, std::memory_order_acq_rel);
}

void set_event(const object &one);
void reset_event(const object &one);
void pulse_event(const object &one);

namespace detail {
fm_status release_contended_semaphore(const object &one, uint32_t count, uint32_t *previous);
fm_status release_contended_mutex(const object &one);
} // namespace detail

/// FM_E_TOO_MANY where the count would leave the maximum.
inline fm_status release_semaphore(const object &one, uint32_t count, uint32_t *previous) {
    state value = one.value().load(std::memory_order_acquire);
    uint32_t units = payload_of(value);
    bool fits = units <= one.maximum && count <= one.maximum - units;
    if (!fits || !signal_at_once(one, value, (bump(value) | ready_bit) + (state(count) << 32)))
        return detail::release_contended_semaphore(one, count, previous);
    if (previous != nullptr) *previous = units;
    return FM_OK;
}

/// FM_E_NOT_OWNER where the calling thread does not own it.
inline fm_status release_mutex(const object &one) {
    state value = one.value().load(std::memory_order_acquire);
    bool owned = !(value & (ready_bit | reserved_bit)) && payload_of(value) == own_id(one) && own_id(one) != 0;
    bool last = one.shared->reacquired.load(std::memory_order_relaxed) == 0;
    if (owned && last && signal_at_once(one, value, with_payload(bump(value) | ready_bit, 0))) return FM_OK;
    return detail::release_contended_mutex(one);
}

} // namespace fm::sync
