// How soon waiters learn that a mutex's owner has died: one that was there before them, or one of them, who got it when
// it was released. All measures are from the kill to the first acquisition, and from the kernel's mark of the death.

#include "rounds.hpp"

#include <algorithm>
#include <cstdio>
#include <sched.h>
#include <unistd.h>

namespace fm::kill_sync {

namespace {

constexpr uint8_t target = 0, never = 1, always = 2;
constexpr object_plan plans[] = {{FM_KIND_MUTEX, 0}, {FM_KIND_EVENT, 0, true}, {FM_KIND_EVENT, 1, true}};
constexpr uint32_t keeper = 0;             ///< which of the notes
constexpr uint64_t nobody_keeps = ~uint64_t(0);
constexpr int64_t soon = 1'000'000;        ///< ns

void hold_for_ever() {
    for (;;) ::pause();
}

void take_part(actor &self, uint32_t round) {
    request wanted;
    switch (round % 4 == 0 ? self.dice()() % 3 : 2) {
    case 0: wanted = {mode::any, 2, {never, target}, FM_FOREVER}; break;
    case 1: wanted = {mode::all, 2, {target, always}, FM_FOREVER}; break;
    default: wanted = {mode::one, 1, {target}, FM_FOREVER};
    }
    if (self.take(wanted) == 0) return;
    uint64_t nobody = 0;
    auto number = static_cast<uint64_t>(&self.own() - self.shared().seats);
    if (self.shared().notes[keeper].compare_exchange_strong(nobody, number + 1)) hold_for_ever();
    self.own().got = round;
    self.give(target);
    self.own().held = 0;
}

struct measure {
    std::vector<int64_t> from_kill, from_mark;

    static double at(std::vector<int64_t> &all, std::size_t part, std::size_t of) {
        if (all.empty()) return 0;
        std::sort(all.begin(), all.end());
        return static_cast<double>(all[std::min(all.size() - 1, all.size() * part / of)]) / 1e6;
    }
    std::string tell(const char *owner) {
        char text[200];
        std::snprintf(text, sizeof text,
                      " %s: median %.2f ms from the kill, at most %.2f; %.2f from the mark, at most %.2f (%zu deaths);", owner,
                      at(from_kill, 1, 2), at(from_kill, 1, 1), at(from_mark, 1, 2), at(from_mark, 1, 1), from_kill.size());
        return text;
    }
};

class latency_rounds {
public:
    latency_rounds(const stage &where, uint32_t processes, uint32_t seats_each)
        : all_(where, loop::latency, plans, 3), shared_(all_.shared()) {
        for (auto &chance : shared_.one_in) chance = 0;
        shared_.delay_one_in = 0;
        all_.hire_waiters(processes, seats_each);
        all_.hire_signallers(1);
    }

    outcome run() {
        for (uint32_t round = 1; all_.goes_on(); ++round) {
            if (!all_.gather()) break;
            bool was_there = round % 2 == 0;
            if (!(was_there ? own_before(round) : own_by_release(round))) break;
            if (!watch_death(was_there ? before_ : by_release_)) break;
        }
        if (rounds_ >= 20 && slow_ * 2 > rounds_)
            violation(shared_, "in %u of %u deaths everybody still slept 1 ms after the kernel had marked it", slow_, rounds_);
        return all_.tell(std::to_string(all_.waiters()) + " waiters," + before_.tell("owner before them") +
                         by_release_.tell("owner by release"));
    }

private:
    /// The owner is there first.
    bool own_before(uint32_t round) {
        shared_.notes[keeper] = nobody_keeps;
        all_.order(0, round);
        seat &owner = all_.workers().first_seat_of(all_.waiter_processes());
        if (!all_.await([&] { return owner.held.load() != 0; }, "the owner acquires the mutex") || !all_.go(round)) return false;
        ::usleep(all_.roll(3000));
        if (all_.roll(4) == 0) all_.kill_waiters(all_.roll(all_.waiter_processes()));
        killed_at_ = monotonic();
        owner_ = sync::payload_of(all_.objects().peek(target));
        all_.workers().kill(all_.waiter_processes());
        return true;
    }

    /// What a worker does that is told of an abandoned mutex, for the driver: else the next worker would find a dead one's traces.
    void clean_up() {
        record &inside = shared_.records[target];
        inside.holder = 0;
        inside.second = inside.first;
    }

    /// The driver has it, releases it, and one of the sleepers gets it.
    bool own_by_release(uint32_t round) {
        fm_status status = fm_wait(all_.objects().handle(target), 0);
        if (status < 0) return violation(shared_, "the driver does not get the mutex"), false;
        if (status == FM_ABANDONED) clean_up(); // the last round's waiters were killed before one of them could
        shared_.notes[keeper] = 0;
        if (!all_.go(round)) return false;
        ::usleep(1000 + all_.roll(2000));
        fm_mutex_release(all_.objects().handle(target));
        if (!all_.await([&] { return shared_.notes[keeper].load() != 0; }, "a waiter acquires the mutex")) return false;
        ::usleep(all_.roll(2000));
        uint32_t victim = static_cast<uint32_t>(shared_.notes[keeper].load() - 1) / (all_.waiters() / all_.waiter_processes());
        killed_at_ = monotonic();
        owner_ = sync::payload_of(all_.objects().peek(target));
        all_.kill_waiters(victim);
        return true;
    }

    bool asleep_all() const {
        for (uint32_t i = 0; i < all_.waiters(); ++i) {
            const seat &one = all_.waiter(i);
            if (all_.spared(i) && look_at_task(one.process.load(), one.thread.load()) != task_state::asleep) return false;
        }
        return true;
    }

    bool watch_death(measure &into) {
        const sync::registry &home = *all_.objects().inside(target).home;
        bool answered = false;
        int64_t marked_at = 0;
        auto look = [&] {
            int64_t now = monotonic();
            if (marked_at == 0 && !home.alive(owner_)) marked_at = now;
            if (!answered && marked_at != 0 && now - marked_at > soon) {
                answered = true;
                slow_ += all_.lucky() == 0 && asleep_all();
            }
            return all_.unlucky() == 0;
        };
        if (!all_.await(look, "waiters learn of a death")) return false;
        if (all_.nobody_left()) return true;
        int64_t first = INT64_MAX;
        for (uint32_t i = 0; i < all_.waiters(); ++i)
            if (all_.spared(i)) first = std::min(first, all_.waiter(i).woke.load());
        into.from_kill.push_back(first - killed_at_);
        into.from_mark.push_back(marked_at != 0 ? std::max<int64_t>(0, first - marked_at) : 0);
        ++rounds_;
        return true;
    }

    rounds all_;
    board &shared_;
    measure before_, by_release_;
    int64_t killed_at_ = 0;
    sync::owner_id owner_ = 0;
    uint32_t rounds_ = 0, slow_ = 0;
};

} // namespace

void work_at_latency(actor &self) {
    bool owner = static_cast<uint32_t>(&self.own() - self.shared().seats) >= self.shared().notes[1].load();
    while (!self.stopped()) {
        if (!owner) {
            take_part(self, await_round(self));
        } else if (await_order(self) != 0) {
            self.take({mode::one, 1, {target}, FM_FOREVER});
            hold_for_ever();
        }
    }
}

outcome run_latency(const stage &where) {
    constexpr uint32_t crowds[][2] = {{2, 1}, {4, 2}, {10, 3}};
    stage third = where;
    third.length /= 3;
    outcome sum;
    for (auto [processes, seats_each] : crowds) {
        where.shared.stop = 0;
        where.shared.notes[1] = processes * seats_each;
        outcome one = latency_rounds(third, processes, seats_each).run();
        sum.operations += one.operations;
        sum.reports += one.reports;
        sum.from_outside += one.from_outside;
        sum.longest = std::max(sum.longest, one.longest);
        sum.late += one.late;
        sum.remarks += one.remarks + " ";
    }
    return sum;
}

} // namespace fm::kill_sync
