// The words of an object that threads coordinate with: their layout in shared memory, and what their bits mean. One
// 64-bit state is all there is to an object but for a timer's settings; it is changed by compare-and-swap alone, by
// anybody. docs/synchronisation.md tells the protocol.
#pragma once

#include "filemap.h"

#include <atomic>
#include <cstdint>

namespace fm::sync {

using state = uint64_t;

// The low half is the word that waiters sleep on.
//   settled:  [63..32 payload][31: 0][30 single][29 multi][28 fallback][27 ready][26..0 sequence]
//   reserved: [63..48 sequence, high part][47..32 slot][31: 1][30..24 entry][23..0 sequence, low part]
inline constexpr state reserved_bit = state(1) << 31;
inline constexpr state single_waiter = state(1) << 30;   ///< somebody sleeps on this object alone
inline constexpr state multi_waiter = state(1) << 29;    ///< somebody sleeps on several
inline constexpr state fallback_waiter = state(1) << 28; ///< somebody sleeps on the registry's word: no futex_waitv
inline constexpr state ready_bit = state(1) << 27;
inline constexpr state sequence_mask = ready_bit - 1;
inline constexpr state waiter_bits = single_waiter | multi_waiter | fallback_waiter;

constexpr uint32_t payload_of(state value) { return static_cast<uint32_t>(value >> 32); }
constexpr uint32_t word_of(state value) { return static_cast<uint32_t>(value); }
constexpr state with_payload(state value, uint32_t payload) { return (value & 0xffffffffu) | state(payload) << 32; }
/// Every change shows in the low half, so that nobody falls asleep on an old one.
constexpr state bump(state value) { return (value & ~sequence_mask) | ((value + 1) & sequence_mask); }

// Payloads.
//   event:     [pulse token 1][pulse count 31]
//   semaphore: count
//   mutex:     owner, 0 = free
//   timer:     [setting 3][due moments taken 29]
inline constexpr uint32_t pulse_token = 0x80000000u, pulse_mask = 0x7fffffffu;
inline constexpr uint32_t moment_bits = 29, moment_mask = (1u << moment_bits) - 1;

/// One setting of a timer. A new one is written beside the one in force.
struct timer_setting {
    std::atomic<uint32_t> writer;   ///< who is writing it, an owner id; 0: nobody
    std::atomic<uint32_t> absolute; ///< 1: due is UTC since 1970; 0: the monotonic clock
    std::atomic<int64_t> due;       ///< ns
    std::atomic<uint64_t> period;   ///< ns; 0: once
};
inline constexpr uint32_t timer_settings = 7, not_set = 7;

struct words {
    alignas(8) std::atomic<state> value;
    std::atomic<uint32_t> resend;       ///< always 0: the kernel wakes its sleepers when a waiter dies
    uint32_t kind;                      ///< FM_KIND_...
    uint64_t id;                        ///< the order in which several are taken together
    uint64_t registry;                  ///< id of the registry that its threads are in
    uint32_t shared;                    ///< 1: that one is open to all users
    uint32_t maximum;                   ///< semaphore
    uint32_t manual;                    ///< event, timer
    std::atomic<uint32_t> reacquired; ///< mutex: acquisitions beyond the first; written by its owner alone
    alignas(8) timer_setting settings[timer_settings];
    uint32_t spare[10];
};
static_assert(sizeof(words) == 256 && std::atomic<state>::is_always_lock_free);

/// No fence of its own is needed for the thread sanitizer, which does not know fences: all that they order is atomic.
inline void fence(std::memory_order order) {
#if defined(__SANITIZE_THREAD__)
    std::atomic_signal_fence(order);
#else
    std::atomic_thread_fence(order);
#endif
}

} // namespace fm::sync
