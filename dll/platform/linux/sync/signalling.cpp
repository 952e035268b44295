// The rules of signalling.hpp.

#include "platform/linux/sync/signalling.hpp"

namespace fm::sync {

namespace {

void wake_fallback_waiters(registry &home) {
    home.header().fallback.fetch_add(1);
    sys::wake(&home.header().fallback, sys::most_wakes);
}

} // namespace

bool detail::signal_waiters(const object &one, state before, state after, uint32_t wakes) {
    bool all = (before & (multi_waiter | fallback_waiter)) != 0 || wakes == sys::most_wakes;
    if (all) {
        wakes = sys::most_wakes;
        after &= ~waiter_bits;
    }
    uint32_t woken = 0;
    {
        change under_way(take_part(one));
        if (under_way.reserve(one, before, after) != change::answer::reserved) return false;
        if (!under_way.commit_and_wake(wakes, woken)) return false;
    }
    if (before & fallback_waiter) wake_fallback_waiters(*one.home);
    // Nobody slept there any more: spare the next signal its call. Safe, as nobody begins to wait for what is ready.
    if (!all && woken == 0) one.value().compare_exchange_strong(after, after & ~single_waiter, std::memory_order_relaxed);
    return true;
}

void set_event(const object &one) {
    for (;;) {
        state value = settled(one);
        if (value & ready_bit) { // changed all the same: what the caller wrote before must reach whom the event lets through
            state next = bump(value);
            if (one.value().compare_exchange_strong(value, next, std::memory_order_acq_rel)) return;
        } else if (signal(one, value, bump(value) | ready_bit, one.manual ? sys::most_wakes : 1)) {
            return;
        }
    }
}

void reset_event(const object &one) {
    for (;;) {
        state value = settled(one);
        if (one.value().compare_exchange_strong(value, bump(value) & ~ready_bit, std::memory_order_acq_rel)) return;
    }
}

void pulse_event(const object &one) {
    for (;;) {
        state value = settled(one);
        bool somebody = value & waiter_bits;
        uint32_t count = (payload_of(value) + 1) & pulse_mask;
        state next = with_payload(bump(value) & ~ready_bit, count | (!one.manual && somebody ? pulse_token : 0));
        if (signal(one, value, next, sys::most_wakes)) return;
    }
}

fm_status release_semaphore(const object &one, uint32_t count, uint32_t *previous) {
    for (;;) {
        state value = settled(one);
        uint32_t units = payload_of(value);
        if (units > one.maximum || count > one.maximum - units)
            return fail(FM_E_TOO_MANY, 0, "the count is %u, and %u more would leave the maximum, %u", units, count, one.maximum);
        if (!signal(one, value, (bump(value) | ready_bit) + (state(count) << 32), count)) continue;
        if (previous != nullptr) *previous = units;
        return FM_OK;
    }
}

fm_status release_mutex(const object &one) {
    owner_id self = own_id(one);
    state value = settled(one);
    if (self == 0 || (value & ready_bit) || payload_of(value) != self)
        return fail(FM_E_NOT_OWNER, 0, "the calling thread does not own the mutex");
    uint32_t times = one.shared->reacquired.load(std::memory_order_relaxed);
    if (times != 0) {
        one.shared->reacquired.store(times - 1, std::memory_order_relaxed);
        return FM_OK;
    }
    while (!signal(one, value, with_payload(bump(value) | ready_bit, 0), 1)) value = settled(one);
    return FM_OK;
}

} // namespace fm::sync
