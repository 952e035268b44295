// Events, in rounds: one is set, by the driver or by a worker that may die while it does, and waiters are killed before,
// meanwhile or afterwards. With automatic reset exactly one of the others gets it, with manual reset all do.

#include "rounds.hpp"

namespace fm::kill_sync {

namespace {

constexpr uint8_t automatic = 0, never = 1, always = 2, manual = 3;
constexpr object_plan plans[] = {{FM_KIND_EVENT, 0}, {FM_KIND_EVENT, 0, true}, {FM_KIND_EVENT, 1, true},
                                 {FM_KIND_EVENT, 0, true}};

constexpr uint8_t target_of(uint32_t round) { return round % 4 == 3 ? manual : automatic; }

void signal(actor &self, uint32_t order) {
    uint8_t target = target_of(order);
    open_books();
    self.own().members = 1u << target;
    self.turn_to(doing::signalling);
    fm_event_set(self.objects().handle(target));
    self.own().answered = order;
}

void take_part(actor &self, uint32_t round) {
    uint8_t target = target_of(round);
    request wanted;
    bool all_alike = round / 4 % 2 == 0; // where somebody waits for several, everybody is woken
    switch (all_alike ? 2 : self.dice()() % 4) {
    case 0: wanted = {mode::any, 2, {never, target}, FM_FOREVER}; break;
    case 1: wanted = {mode::all, 2, {target, always}, FM_FOREVER}; break;
    default: wanted = {mode::one, 1, {target}, FM_FOREVER};
    }
    if (self.take(wanted) != 0) self.own().got = round;
    self.own().held = 0;
}

class event_rounds {
public:
    explicit event_rounds(const stage &where) : all_(where, loop::events, plans, 4) {
        all_.hire_waiters(3, 2);
        all_.hire_signallers(1);
    }

    outcome run() {
        for (uint32_t round = 1; all_.goes_on(); ++round) {
            if (!all_.begin(round)) break;
            play(target_of(round), round);
        }
        return all_.tell(std::to_string(rounds_) + " rounds, in " + std::to_string(not_given_) +
                         " of them the setter died before it was set, in " + std::to_string(given_by_dead_) + " afterwards; " +
                         std::to_string(with_kills_) + " with waiters killed");
    }

private:
    void play(uint8_t target, uint32_t round) {
        ++rounds_;
        all_.permit(static_cast<int32_t>(all_.roll(3)));
        uint32_t victims = all_.roll(3), first = all_.roll(3);
        bool before = all_.roll(2) == 0;
        if (before) kill(first, victims);
        bool given = set(target, round, before ? 0 : victims, first);
        auto taken = [&] { return !given || target == manual || !ready(target) || all_.nobody_left(); };
        all_.await(taken, "somebody takes a set event");
        check(target, given);
        all_.permit(0);
        finish(target);
        with_kills_ += all_.killed() != 0;
    }

    void kill(uint32_t first, uint32_t count) {
        for (uint32_t i = 0; i < count; ++i) all_.kill_waiters((first + i) % 3);
        if (count != 0) all_.dawdle();
    }

    bool set(uint8_t target, uint32_t round, uint32_t victims, uint32_t first) {
        if (all_.roll(3) == 0) {
            fm_event_set(all_.objects().handle(target));
            kill(first, victims);
            return true;
        }
        all_.order(0, round);
        all_.dawdle();
        kill(first, victims);
        bool dead = false, given = all_.await_signaller(0, dead);
        not_given_ += !given;
        given_by_dead_ += given && dead;
        return given;
    }

    bool ready(uint8_t target) { return all_.objects().tokens(target) != 0; }

    void check(uint8_t target, bool given) {
        uint32_t lucky = all_.lucky();
        board &shared = all_.shared();
        bool certain = all_.killed() == 0;
        if (!given && certain && (lucky != 0 || ready(target)))
            violation(shared, "the setter of event %u died before it was set, and %u waiters got it", target, lucky);
        if (target == automatic && lucky > 1)
            violation(shared, "an event with automatic reset was set once, and %u waiters got it", lucky);
        if (target == automatic && given && certain)
            all_.await([&] { return all_.lucky() == 1 || all_.killed() != 0; }, "one waiter gets the event");
    }

    /// Lets the others through, one after the other or all at once.
    void finish(uint8_t target) {
        fm_handle event = all_.objects().handle(target);
        if (target == manual) fm_event_set(event);
        while (all_.unlucky() != 0) {
            uint32_t left = all_.unlucky();
            if (target == automatic) fm_event_set(event);
            if (!all_.await([&] { return all_.unlucky() < left; }, "a waiter gets the event")) return;
        }
        fm_event_reset(event);
    }

    rounds all_;
    uint64_t rounds_ = 0, not_given_ = 0, given_by_dead_ = 0, with_kills_ = 0;
};

} // namespace

void work_at_events(actor &self) {
    bool signaller = &self.own() - self.shared().seats >= 6;
    while (!self.stopped()) {
        if (!signaller) take_part(self, await_round(self));
        else if (uint32_t order = await_order(self); order != 0) signal(self, order);
    }
}

outcome run_events(const stage &where) { return event_rounds(where).run(); }

} // namespace fm::kill_sync
