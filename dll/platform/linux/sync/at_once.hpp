// The usual cases, in the fewest steps and without a call, so that nothing has to be saved: nobody else is at the
// object, and nobody waits. What they do is what taking.hpp and signalling.hpp do in full.
#pragma once

#include "platform/linux/sync/kill_point.hpp"
#include "platform/linux/sync/object.hpp"

namespace fm::sync {

/// Takes an object that is ready. `value` is its state just loaded.
[[gnu::always_inline]] inline bool take_at_once(const object &one, state value) {
    if ((value & (ready_bit | reserved_bit)) != ready_bit) return false;
    state next = bump(value) & ~ready_bit;
    switch (one.kind) {
    case FM_KIND_EVENT:
        if (one.manual) return true;
        break;
    case FM_KIND_SEMAPHORE:
        if (payload_of(value) != 1) next |= ready_bit;
        next -= state(1) << 32;
        break;
    case FM_KIND_MUTEX:
        if (own_id(one) == 0) return false;
        next = with_payload(next, own_id(one));
        break;
    default: return false;
    }
    reach(point::before_take);
    bool taken = one.value().compare_exchange_strong(value, next, std::memory_order_acq_rel);
    if (taken) reach(point::after_take);
    return taken;
}

/// Makes an object ready that nobody waits for.
[[gnu::always_inline]] inline bool signal_at_once(const object &one, state value, state next) {
    return !(value & (reserved_bit | waiter_bits)) && one.value().compare_exchange_strong(value, next, std::memory_order_acq_rel);
}

} // namespace fm::sync

namespace fm::platform {

[[gnu::always_inline]] inline bool take_at_once(const void *words) {
    const auto &one = *static_cast<const sync::object *>(words);
    return sync::take_at_once(one, one.value().load(std::memory_order_acquire));
}

[[gnu::always_inline]] inline bool set_at_once(const void *words) {
    const auto &one = *static_cast<const sync::object *>(words);
    sync::state value = one.value().load(std::memory_order_acquire);
    return sync::signal_at_once(one, value, sync::bump(value) | sync::ready_bit);
}

[[gnu::always_inline]] inline bool release_semaphore_at_once(const void *words, uint32_t count, uint32_t *previous) {
    const auto &one = *static_cast<const sync::object *>(words);
    sync::state value = one.value().load(std::memory_order_acquire);
    uint64_t units = sync::payload_of(value);
    if (count == 0 || units + count > one.maximum) return false;
    if (!sync::signal_at_once(one, value, (sync::bump(value) | sync::ready_bit) + (sync::state(count) << 32))) return false;
    if (previous != nullptr) *previous = static_cast<uint32_t>(units);
    return true;
}

[[gnu::always_inline]] inline bool release_mutex_at_once(const void *words) {
    const auto &one = *static_cast<const sync::object *>(words);
    sync::state value = one.value().load(std::memory_order_acquire);
    sync::owner_id self = sync::own_id(one);
    bool mine = !(value & (sync::ready_bit | sync::reserved_bit)) && sync::payload_of(value) == self && self != 0;
    if (!mine || one.shared->reacquired.load(std::memory_order_relaxed) != 0) return false;
    return sync::signal_at_once(one, value, sync::with_payload(sync::bump(value) | sync::ready_bit, 0));
}

} // namespace fm::platform
