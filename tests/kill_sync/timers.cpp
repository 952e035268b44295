// Timers, in rounds: several workers set and stop a timer again and again, and die while they do; then whoever is left
// must be able to set it, and waiters wake up when it is due, not before.

#include "rounds.hpp"

#include "platform/linux/sync/reservation.hpp"
#include "platform/linux/sync/timers.hpp"

#include <algorithm>
#include <ctime>

namespace fm::kill_sync {

namespace {

constexpr uint8_t automatic = 0, never = 1, always = 2, manual = 3;
constexpr object_plan plans[] = {{FM_KIND_TIMER, 0}, {FM_KIND_EVENT, 0, true}, {FM_KIND_EVENT, 1, true},
                                 {FM_KIND_TIMER, 0, true}};
constexpr uint32_t waiters = 4, setters = 3;

constexpr uint8_t target_of(uint32_t round) { return round % 3 == 2 ? manual : automatic; }

/// In 100 ns: from now, half a millisecond at most; or in UTC since 1601.
int64_t some_moment(uint32_t roll) {
    constexpr int64_t units_to_1970 = 116444736000000000;
    int64_t after = 1 + roll % 5000;
    if (roll / 8192 % 4 != 0) return -after;
    timespec now;
    ::clock_gettime(CLOCK_REALTIME, &now);
    return units_to_1970 + now.tv_sec * INT64_C(10000000) + now.tv_nsec / 100 + after;
}

void disturb(actor &self, uint32_t order) {
    uint8_t target = target_of(order);
    fm_handle timer = self.objects().handle(target);
    self.own().members = 1u << target;
    for (uint32_t left = 1 + self.dice()() % 6; left > 0; --left) {
        open_books();
        self.turn_to(doing::signalling);
        bool stops = self.one_in(4);
        uint32_t period = self.one_in(4) ? 1 : 0;
        fm_status status = stops ? fm_timer_cancel(timer) : fm_timer_set(timer, some_moment(self.dice()()), period);
        if (status != FM_OK) violation(self.shared(), "a timer could not be %s: %d", stops ? "stopped" : "set", status);
        self.shared().operations.fetch_add(1);
    }
    self.own().answered = order;
}

void take_part(actor &self, uint32_t round) {
    uint8_t target = target_of(round);
    request wanted;
    switch (self.dice()() % 4) {
    case 0: wanted = {mode::any, 2, {never, target}, FM_FOREVER}; break;
    case 1: wanted = {mode::all, 2, {target, always}, FM_FOREVER}; break;
    default: wanted = {mode::one, 1, {target}, FM_FOREVER};
    }
    if (self.take(wanted) != 0) self.own().got = round;
    self.own().held = 0;
}

class timer_rounds {
public:
    explicit timer_rounds(const stage &where) : all_(where, loop::timers, plans, 4) {
        all_.hire_waiters(2, waiters / 2);
        all_.hire_signallers(setters);
    }

    outcome run() {
        for (uint32_t round = 1; all_.goes_on(); ++round) {
            if (!all_.begin(round)) break;
            ++rounds_;
            if (all_.roll(3) == 0) keep_time(target_of(round));
            else survive_setters(target_of(round), round);
            all_.permit(0);
            finish(target_of(round));
        }
        return all_.tell(std::to_string(rounds_) + " rounds, " + std::to_string(dead_setters_) + " setters died in them, " +
                         std::to_string(timed_) + " rounds timed, latest " + std::to_string(latest_ / 1000) + " us after it was due");
    }

private:
    /// Nobody but the driver: nobody may wake up before it is due.
    void keep_time(uint8_t target) {
        int64_t length = 200 + all_.roll(1500), set_at = monotonic();
        fm_timer_set(all_.objects().handle(target), -length * 10, 0);
        int64_t due = set_at + length * 1000;
        uint32_t wanted = target == manual ? waiters : 1;
        if (all_.roll(2) == 0) all_.kill_waiters(all_.roll(2));
        auto over = [&] { // who was killed may have taken it
            bool taken_by_dead = all_.killed() != 0 && monotonic() > due && !ready(target);
            return all_.lucky() >= std::min(wanted, waiters - all_.killed()) || taken_by_dead;
        };
        all_.await(over, "waiters wake up when a timer is due");
        for (uint32_t i = 0; i < waiters; ++i) {
            const seat &one = all_.waiter(i);
            if (!all_.spared(i) || one.got.load() != all_.shared().round.load()) continue;
            int64_t late = one.woke.load() - due;
            if (late < 0)
                violation(all_.shared(), "a waiter was let through %lld us before the timer was due", static_cast<long long>(-late / 1000));
            latest_ = std::max(latest_, late);
        }
        ++timed_;
    }

    void survive_setters(uint8_t target, uint32_t round) {
        all_.permit(static_cast<int32_t>(all_.roll(4)));
        for (uint32_t i = 0; i < setters; ++i) all_.order(i, round);
        all_.dawdle();
        if (all_.roll(3) == 0) all_.kill_waiters(all_.roll(2));
        if (all_.roll(3) == 0) all_.workers().kill(2 + all_.roll(setters));
        for (uint32_t i = 0; i < setters; ++i) {
            bool dead = false;
            all_.await_signaller(i, dead);
            dead_setters_ += dead;
        }
        check_settings(target);
    }

    /// Whatever the dead were at: what is in force is whole.
    void check_settings(uint8_t target) {
        const sync::object &timer = all_.objects().inside(target);
        sync::timer_reading reading;
        do reading = sync::read_timer(timer, sync::peek(timer));
        while (!reading.current && sync::peek(timer) == timer.value().load());
        if (!reading.set || !reading.current) return;
        int64_t ahead = reading.due - sys::now(reading.clock());
        if (ahead > 1'000'000'000 || ahead < -60'000'000'000 || (reading.period != 0 && reading.period != 1'000'000))
            violation(all_.shared(), "a timer has a setting that nobody gave it: due in %lld ns, period %llu",
                      static_cast<long long>(ahead), static_cast<unsigned long long>(reading.period));
    }

    bool ready(uint8_t target) { return all_.objects().tokens(target) != 0; }

    /// Lets the others through, by due moments of their own or by a period.
    void finish(uint8_t target) {
        fm_handle timer = all_.objects().handle(target);
        bool by_period = all_.roll(2) == 0;
        if (by_period || target == manual) fm_timer_set(timer, -100, by_period ? 1 : 0);
        for (uint32_t left; (left = all_.unlucky()) != 0;) {
            if (!by_period && target == automatic) fm_timer_set(timer, -100, 0);
            if (!all_.await([&] { return all_.unlucky() < left; }, "a waiter wakes up when a timer is due")) return;
        }
        fm_timer_set(timer, -10'000'000'000, 0); // far away: a manual one is not ready any more
        fm_timer_cancel(timer);
    }

    rounds all_;
    uint64_t rounds_ = 0, dead_setters_ = 0, timed_ = 0;
    int64_t latest_ = 0;
};

} // namespace

void work_at_timers(actor &self) {
    bool setter = static_cast<uint32_t>(&self.own() - self.shared().seats) >= waiters;
    while (!self.stopped()) {
        if (!setter) take_part(self, await_round(self));
        else if (uint32_t order = await_order(self); order != 0) disturb(self, order);
    }
}

outcome run_timers(const stage &where) { return timer_rounds(where).run(); }

} // namespace fm::kill_sync
