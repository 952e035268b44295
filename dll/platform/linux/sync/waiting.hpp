// Waiting for one object, any or all of several.
#pragma once

#include "platform/linux/sync/sleeping.hpp"
#include "platform/linux/sync/taking.hpp"

namespace fm::sync {

/// Ends waits of this process: a word that is 1 while it is set.
using cancel_word = std::atomic<uint32_t>;

/// How long, and what ends it before.
struct patience {
    int64_t deadline = 0;                ///< monotonic ns; 0: one look; sys::no_deadline
    const cancel_word *cancel = nullptr;

    bool is_over() const { return deadline != sys::no_deadline && (deadline == 0 || sys::now(sys::clock_monotonic) >= deadline); }
    bool is_cancelled() const { return cancel != nullptr && cancel->load(std::memory_order_acquire) != 0; }
};

/// Has an event know of a waiter who is about to come, and gives the pulses that he has not to be let through by.
uint32_t announce_waiter(const object &one);

/// FM_OK, FM_ABANDONED, FM_TIMED_OUT or FM_E_CANCELLED. `pulses`: see pulses_of().
fm_status wait_for_one(const object &one, const patience &limit, uint32_t pulses);
/// `index` is set with FM_OK and FM_ABANDONED.
fm_status wait_for_any(const object *const *objects, uint32_t count, const patience &limit, uint32_t &index);
/// FM_E_INVALID_ARGUMENT where an object is there twice, FM_E_NOT_SUPPORTED where they are in different registries.
fm_status wait_for_all(const object *const *objects, uint32_t count, const patience &limit, uint32_t &index);

/// One look.
fm_status try_one(const object &one);

namespace detail {

/// Says on a state, which is not ready, that somebody waits, and adds what he can be woken by. False where the state
/// is not the one looked at any more, or a mutex's owner has ended.
bool enlist(const object &one, state &value, state waiter, nap &sleep);
/// The kernel wakes one sleeper of each death word: the one that was woken wakes the others.
void pass_death_on(const object &one, state value);
/// Where nobody said that a mutex's owner is gone: finds out whether it is all the same.
bool look_after_owner(const object &one, state value);
fm_status cancelled();

} // namespace detail

} // namespace fm::sync
