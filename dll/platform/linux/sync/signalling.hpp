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

void set_event(const object &one);
void reset_event(const object &one);
void pulse_event(const object &one);
/// FM_E_TOO_MANY where the count would leave the maximum.
fm_status release_semaphore(const object &one, uint32_t count, uint32_t *previous);
/// FM_E_NOT_OWNER where the calling thread does not own it.
fm_status release_mutex(const object &one);

} // namespace fm::sync
