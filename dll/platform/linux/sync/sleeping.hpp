// Falling asleep on the words of several objects, on the death of mutex owners, on a cancel word and until a moment,
// with futex_waitv, or without it in slices of 20 ms.
#pragma once

#include "platform/linux/sync/object.hpp"
#include "platform/linux/sys.hpp"

namespace fm::sync {

/// Whether this kernel has futex_waitv; FILEMAP_NO_FUTEX_WAITV=1 in the environment says no.
bool has_wait_on_any();
/// Forgets the answer: for tests.
void ask_again_for_wait_on_any();

/// What a waiter can be woken by, in the order in which it was added.
class nap {
public:
    explicit nap(int64_t deadline) : deadline_(deadline) {}

    /// Where there is no room for it, the sleep becomes a short one.
    void watch(const void *word, uint32_t expected, uint32_t flags = sys::word_32_bits) {
        if (count_ == sys::most_waited_words) return wake_within(short_nap);
        words_[count_++] = {expected, reinterpret_cast<uintptr_t>(word), flags, 0};
    }
    /// Wakes up when a timer is due.
    void until(int64_t due, int32_t clock);
    /// Wakes up after this time at the latest, to look again.
    void wake_within(int64_t length) { longest_ = length < longest_ ? length : longest_; }

    /// 0 or more: woken. Else -EAGAIN: one of the words has changed already, or the time is up.
    int32_t sleep() const;

    static constexpr int64_t short_nap = 25'000'000, slice = 20'000'000; ///< ns

private:
    int64_t deadline_, utc_due_ = sys::no_deadline, longest_ = sys::no_deadline;
    uint32_t count_ = 0;
    sys::waited_word words_[sys::most_waited_words]; // filled as far as count_ says
};

} // namespace fm::sync
