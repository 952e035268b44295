// The rules of sleeping.hpp.

#include "platform/linux/sync/sleeping.hpp"

#include "platform/linux/libc.hpp"

#include <algorithm>

namespace fm::sync {

namespace {

enum class answer : int { unknown, yes, no };
std::atomic<answer> has_it{answer::unknown};

answer ask() {
    if (posix::environment("FILEMAP_NO_FUTEX_WAITV") == "1") return answer::no;
    return sys::wait_on_any(nullptr, 0, sys::clock_monotonic, sys::no_deadline) == -sys::error_inval ? answer::yes : answer::no;
}

int64_t sum_of(int64_t moment, int64_t length) {
    return length > sys::no_deadline - moment ? sys::no_deadline : moment + length;
}

/// A kernel that does not let this thread sleep (no memory, a sandbox that came later) is not asked again as fast as it
/// can refuse: the wait goes on by looking.
int32_t paused_where_refused(int32_t answer) {
    bool usual = answer >= 0 || answer == -sys::error_again || answer == -sys::error_timedout || answer == -sys::error_intr;
    if (!usual) sys::sleep(1'000'000);
    return answer;
}

} // namespace

bool has_wait_on_any() {
    answer known = has_it.load(std::memory_order_relaxed);
    if (known == answer::unknown) has_it.store(known = ask(), std::memory_order_relaxed);
    return known == answer::yes;
}

void ask_again_for_wait_on_any() {
    has_it.store(answer::unknown);
}

void nap::until(int64_t due, int32_t clock) {
    if (clock == sys::clock_monotonic)
        deadline_ = std::min(deadline_, due);
    else
        utc_due_ = std::min(utc_due_, due);
}

/// One sleep has one clock. A due moment in UTC that is all there is to wait for is left to the kernel, which follows
/// a changed clock; beside a deadline, and in the fallback, it is looked at again every 25 ms.
int32_t nap::sleep() const {
    bool alone = deadline_ == sys::no_deadline && longest_ == sys::no_deadline;
    if (has_wait_on_any() && alone) {
        bool utc = utc_due_ != sys::no_deadline;
        return paused_where_refused(sys::wait_on_any(words_, count_, utc ? sys::clock_realtime : sys::clock_monotonic, utc ? std::max<int64_t>(utc_due_, 0) : sys::no_deadline));
    }
    int64_t now = sys::now(sys::clock_monotonic);
    int64_t end = std::min(deadline_, sum_of(now, longest_));
    if (utc_due_ != sys::no_deadline) {
        int64_t left = utc_due_ - sys::now(sys::clock_realtime);
        end = std::min(end, sum_of(now, std::clamp<int64_t>(left, 0, short_nap)));
    }
    if (end <= now) return -sys::error_timedout;
    if (has_wait_on_any()) return paused_where_refused(sys::wait_on_any(words_, count_, sys::clock_monotonic, end));
    const sys::waited_word &first = words_[0];
    return paused_where_refused(sys::wait_on(reinterpret_cast<const void *>(static_cast<uintptr_t>(first.address)),
                                             static_cast<uint32_t>(first.expected), std::min(end - now, slice)));
}

} // namespace fm::sync
