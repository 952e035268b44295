// Waiting for one object, and what all waits have in common.

#include "platform/linux/sync/waiting.hpp"

namespace fm::sync {

namespace {

/// While it lives, the kernel wakes one other single waiter of the object if this thread dies: the wake-up that this
/// thread may have been given, and did not use, is not lost.
class resend_on_death {
public:
    resend_on_death(const robust_list &list, const object &one) : list_(list), before_(list.pending()) { list.set_pending(&one.shared->resend); }
    ~resend_on_death() { list_.restore_pending(before_); }
    resend_on_death(const resend_on_death &) = delete;
    resend_on_death &operator=(const resend_on_death &) = delete;

private:
    const robust_list &list_;
    void *before_;
};

/// Two units may have been meant for one sleeper, when they were released one after the other: the other one is woken.
void pass_unit_on(const object &one) {
    state value = settled(one);
    if (!(value & ready_bit) || !(value & single_waiter)) return;
    reach(point::before_passing_on);
    sys::wake(one.word(), 1);
}

/// A sleeper watches the owner whom it fell asleep under, and a release wakes only one sleeper: when that one takes the
/// mutex, nobody watches it. So it wakes one more, who looks again and sleeps on under the new owner. Who leaves may
/// have been the watcher, and does the same. By the word on which no other waits than those for this object alone; if
/// this thread dies before, the kernel does it.
void appoint_watcher(const object &one) {
    if (!(settled(one) & single_waiter)) return;
    reach(point::before_passing_on);
    sys::wake(&one.shared->resend, 1);
}

} // namespace

bool detail::enlist(const object &one, state &value, state waiter, nap &sleep) {
    if (!(value & waiter)) {
        state next = bump(value) | waiter;
        if (!one.value().compare_exchange_strong(value, next, std::memory_order_acq_rel)) return false;
        value = next;
    }
    sleep.watch(one.word(), word_of(value));
    if (one.kind == FM_KIND_MUTEX) {
        owner_id owner = payload_of(value);
        std::atomic<uint32_t> &death = one.home->death_word(owner, take_part(one).death_index());
        uint32_t seen = death.load(std::memory_order_acquire);
        if (!one.home->alive(owner, seen)) return false;
        sleep.watch(&death, seen);
        sleep.wake_within(nap::short_nap); // a net: see look_after_owner()
    }
    if (one.kind == FM_KIND_TIMER) {
        timer_reading reading = read_timer(one, value);
        if (!reading.current) return false;
        int64_t next = reading.set ? reading.next(moments_taken(value), sys::now(reading.clock())) : sys::no_deadline;
        if (next != sys::no_deadline) sleep.until(next, reading.clock());
    }
    return true;
}

void detail::pass_death_on(const object &one, state value) {
    if (one.kind != FM_KIND_MUTEX || (value & ready_bit)) return;
    owner_id owner = payload_of(value);
    std::atomic<uint32_t> &death = one.home->death_word(owner, take_part(one).death_index());
    if (!one.home->alive(owner, death.load(std::memory_order_acquire))) sys::wake(&death, sys::most_wakes);
}

bool detail::look_after_owner(const object &one, state value) {
    return one.kind == FM_KIND_MUTEX && !(value & ready_bit) && one.home->bury_if_gone(payload_of(value));
}

fm_status detail::cancelled() {
    return fail(FM_E_CANCELLED, 0, "the wait was cancelled");
}

fm_status try_one(const object &one) {
    for (;;) {
        state value = settled(one);
        readiness answer = take(one, value, pulses_of(one, value));
        if (answer == readiness::outdated) continue;
        if (answer == readiness::no && detail::look_after_owner(one, value)) continue;
        if (answer == readiness::no) return FM_TIMED_OUT;
        return answer == readiness::abandoned ? FM_ABANDONED : FM_OK;
    }
}

uint32_t announce_waiter(const object &one) {
    for (;;) {
        state value = settled(one);
        bool known = one.kind != FM_KIND_EVENT || (value & (ready_bit | single_waiter));
        if (known || one.value().compare_exchange_strong(value, bump(value) | single_waiter, std::memory_order_acq_rel))
            return pulses_of(one, value);
    }
}

fm_status wait_for_one(const object &one, const patience &limit, uint32_t pulses) {
    participant &self = take_part(one);
    resend_on_death guard(self.list, one);
    bool slept = false;
    for (;;) {
        state value = settled(one);
        readiness answer = take(one, value, pulses);
        if (is_taken(answer)) {
            if (slept && one.kind == FM_KIND_SEMAPHORE) pass_unit_on(one);
            if (slept && one.kind == FM_KIND_MUTEX) appoint_watcher(one);
            return answer == readiness::abandoned ? FM_ABANDONED : FM_OK;
        }
        if (answer == readiness::outdated) continue;
        bool is_cancelled = limit.is_cancelled();
        if (is_cancelled || limit.is_over()) {
            if (slept && one.kind == FM_KIND_MUTEX) appoint_watcher(one);
            return is_cancelled ? detail::cancelled() : FM_TIMED_OUT;
        }
        nap sleep(limit.deadline);
        // Before the state: who is on that already, and not yet here, would miss what the kernel sends again for another
        // waiter that was killed. The fallback sleeps on one word, which has to be the state.
        if (has_wait_on_any()) sleep.watch(&one.shared->resend, 0);
        if (!detail::enlist(one, value, single_waiter, sleep)) continue;
        if (limit.cancel != nullptr) sleep.watch(limit.cancel, 0, sys::word_32_bits | sys::word_private);
        reach(point::enlisted);
        int32_t woken = sleep.sleep();
        reach(point::awake);
        if (woken != -sys::error_again) slept = true;
        if (woken >= 0) detail::pass_death_on(one, value);
        if (woken == -sys::error_timedout) detail::look_after_owner(one, value);
    }
}

} // namespace fm::sync
