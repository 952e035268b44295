// A timer is not ticking anywhere: whether it is due follows from its setting and the clock, whenever somebody looks.
// A state says which setting is in force and how many of its due moments were taken. The ready bit stands for a timer
// with manual reset that somebody has seen due, and for one that was due when it was stopped: so neither a clock that
// is set back nor fm_timer_cancel() takes back what has happened.

#include "platform/linux/sync/timers.hpp"

#include "platform/linux/sync/kill_point.hpp"
#include "platform/linux/sync/signalling.hpp"

#include <algorithm>

namespace fm::sync {

namespace {

constexpr uint64_t longest_period = uint64_t(0x7fffffff) * 1'000'000;
constexpr int64_t units_to_1970 = 116444736000000000; ///< from 1601, in 100 ns

/// `units` of 100 ns as ns, within what 64 bits hold.
constexpr int64_t saturated_ns(int64_t units) {
    constexpr int64_t most = sys::no_deadline / 100 - 1;
    if (units > most) return sys::no_deadline - 1;
    return units < -most ? -(sys::no_deadline - 1) : units * 100;
}

constexpr int64_t sum_of(int64_t moment, int64_t length) {
    return length > sys::no_deadline - 1 - moment ? sys::no_deadline - 1 : moment + length;
}

/// A setting that this thread alone writes, until it is in force or given back.
class claimed_setting {
public:
    claimed_setting(const object &one, participant &self) : one_(one) {
        for (uint32_t turn = 0; !try_all(self); ++turn) {
            if (turn == 10000) throw fail(FM_E_BUSY, 0, "%u threads have been setting this timer for too long; are they stopped?", timer_settings - 1);
            sys::yield();
        }
    }
    ~claimed_setting() { setting().writer.store(0, std::memory_order_release); }
    claimed_setting(const claimed_setting &) = delete;
    claimed_setting &operator=(const claimed_setting &) = delete;

    uint32_t index() const { return index_; }
    timer_setting &setting() const { return one_.shared->settings[index_]; }

private:
    bool try_all(participant &self) {
        for (index_ = 0; index_ < timer_settings; ++index_)
            if (try_one(self)) return true;
        return false;
    }

    /// Not the one in force; asked again after claiming, because it may have become that before. Nobody else can put
    /// it in force while it is claimed.
    bool try_one(participant &self) {
        if (setting_of(peek(one_)) == index_) return false;
        uint32_t writer = setting().writer.load(std::memory_order_acquire);
        if (writer != 0 && one_.home->alive(writer)) return false;
        if (!setting().writer.compare_exchange_strong(writer, self.id, std::memory_order_acq_rel)) return false;
        reach(point::setting_claimed);
        if (setting_of(settled(one_)) != index_) return true;
        setting().writer.store(0, std::memory_order_release);
        return false;
    }

    const object &one_;
    uint32_t index_ = 0;
};

bool is_ready(const object &one, state value, bool &current) {
    current = true;
    if (value & ready_bit) return true;
    state next;
    timer_answer answer = look_at_timer(one, value, next);
    current = answer != timer_answer::outdated;
    return answer == timer_answer::due;
}

} // namespace

int32_t timer_reading::clock() const {
    return absolute ? sys::clock_realtime : sys::clock_monotonic;
}

uint32_t timer_reading::moments(int64_t now) const {
    if (!set || now < due) return 0;
    uint64_t count = period == 0 ? 1 : (static_cast<uint64_t>(now) - static_cast<uint64_t>(due)) / period + 1;
    return static_cast<uint32_t>(count & moment_mask);
}

int64_t timer_reading::next(uint32_t taken, int64_t now) const {
    if (!set || (taken != 0 && period == 0)) return sys::no_deadline;
    if (now < due) return due;
    if (period == 0) return due;
    uint64_t passed = (static_cast<uint64_t>(now) - static_cast<uint64_t>(due)) / period + 1;
    return sum_of(due, static_cast<int64_t>(passed * period));
}

timer_reading read_timer(const object &one, state value) {
    timer_reading reading;
    uint32_t index = setting_of(value);
    if (index < timer_settings) {
        const timer_setting &setting = one.shared->settings[index];
        reading.set = true;
        reading.absolute = setting.absolute.load(std::memory_order_relaxed) != 0;
        // What arm() cannot have written, somebody else has; the sums made of it must not overflow.
        reading.due = std::max<int64_t>(setting.due.load(std::memory_order_relaxed), 0);
        reading.period = std::min(setting.period.load(std::memory_order_relaxed), longest_period);
    }
    fence(std::memory_order_acquire);
    reading.current = one.value().load(std::memory_order_relaxed) == value;
    return reading;
}

timer_answer look_at_timer(const object &one, state value, state &next) {
    timer_reading reading = read_timer(one, value);
    if (!reading.current) return timer_answer::outdated;
    if (!reading.set) return timer_answer::not_due;
    uint32_t passed = reading.moments(sys::now(reading.clock()));
    uint32_t untaken = (passed - moments_taken(value)) & moment_mask;
    bool set_back = reading.absolute && untaken > moment_mask / 2; // the monotonic clock is never; then they are many
    if (untaken == 0 || set_back) return timer_answer::not_due;
    next = with_payload(bump(value), timer_payload(setting_of(value), passed));
    return timer_answer::due;
}

void arm(const object &one, int64_t due, uint32_t period_ms) {
    int64_t utc = due >= 0 ? saturated_ns(due - units_to_1970) : 0;
    bool absolute = due >= 0 && utc > sys::now(sys::clock_realtime); // else it is due now, and periods count from now
    claimed_setting claimed(one, take_part(one));
    timer_setting &setting = claimed.setting();
    fence(std::memory_order_release); // behind the look at the state that showed this setting not in force
    setting.absolute.store(absolute, std::memory_order_relaxed);
    setting.due.store(absolute ? utc : sum_of(sys::now(sys::clock_monotonic), due < 0 ? -saturated_ns(due) : 0), std::memory_order_relaxed);
    setting.period.store(uint64_t(period_ms) * 1'000'000, std::memory_order_relaxed);
    reach(point::setting_written);
    for (;;) {
        state value = settled(one);
        state next = with_payload(bump(value) & ~ready_bit, timer_payload(claimed.index(), 0));
        if (signal(one, value, next, sys::most_wakes)) break;
    }
    reach(point::setting_in_force);
}

void disarm(const object &one) {
    for (;;) {
        state value = settled(one);
        bool current = false, ready = is_ready(one, value, current);
        if (!current) continue;
        state next = with_payload(bump(value) & ~ready_bit, timer_payload(not_set, 0)) | (ready ? ready_bit : 0);
        if (signal(one, value, next, sys::most_wakes)) return;
    }
}

} // namespace fm::sync
