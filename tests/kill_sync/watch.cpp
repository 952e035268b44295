// The rules of watch.hpp.

#include "watch.hpp"
#include "tasks.hpp"

#include <algorithm>

namespace fm::kill_sync {

namespace {

constexpr int64_t worth_a_look = 1'000'000, rather_late = 5'000'000, longest_gap = 15'000'000; // ns
constexpr uint32_t least_samples = 8;

} // namespace

void watch::look_at_objects(int64_t now) {
    for (uint32_t i = 0; i < objects_.count(); ++i) {
        object_view &view = views_[i];
        sync::state seen = objects_.peek(i);
        if (!objects_.ready(i, seen)) view.ready_since = 0;
        else if (view.ready_since == 0 || seen != view.seen) view.ready_since = now;
        view.seen = seen;
    }
}

/// Since when the thread's wait could have ended; 0: it could not.
int64_t watch::ready_since(const seat &one) const {
    bool all = static_cast<mode>(one.how.load()) == mode::all;
    uint32_t members = one.members.load();
    int64_t since = 0;
    for (uint32_t i = 0; i < objects_.count(); ++i) {
        if (!has(members, i)) continue;
        int64_t ready = views_[i].ready_since;
        if (all && ready == 0) return 0;
        if (ready != 0) since = since == 0 ? ready : all ? std::max(since, ready) : std::min(since, ready);
    }
    return since;
}

/// The objects that somebody might be about to take or to signal, who only lacks a processor.
uint32_t watch::awake_at(uint32_t number, int64_t now) const {
    const seat &one = board_.seats[number];
    doing what = doing_of(one);
    uint32_t process = one.process.load();
    if (process == 0) return 0;
    uint32_t concerned = what == doing::releasing ? 1u << one.releasing.load()
                         : what == doing::waiting || what == doing::signalling ? one.members.load() : 0;
    bool worth_it = false;
    for (uint32_t i = 0; i < objects_.count(); ++i)
        worth_it |= has(concerned, i) && views_[i].ready_since != 0 && now - views_[i].ready_since > worth_a_look;
    if (!worth_it) return 0;
    task_state state = look_at_task(process, one.thread.load());
    return state == task_state::running || state == task_state::ending ? concerned : 0;
}

void watch::judge(uint32_t number, int64_t blocked) {
    sleeper &one = sleepers_[number];
    longest_ = std::max(longest_, blocked);
    if (blocked > rather_late && !one.counted) one.counted = true, ++late_;
    if (blocked <= longest_allowed || one.samples < least_samples || one.told) return;
    one.told = true;
    const seat &who = board_.seats[number];
    violation(board_, "thread %u of %u has slept for %.1f ms on what is ready: mode %u, objects 0x%x, the first 0x%llx",
              who.thread.load(), who.process.load(), static_cast<double>(blocked) / 1e6, who.how.load(), who.members.load(),
              static_cast<unsigned long long>(views_[__builtin_ctz(who.members.load() | 1u << 31)].seen));
}

void watch::follow(uint32_t number, bool asleep, int64_t now) {
    sleeper &one = sleepers_[number];
    uint32_t operation = board_.seats[number].operation.load();
    bool goes_on = asleep && one.since != 0 && one.operation == operation && now - one.last < longest_gap;
    if (!asleep) one = {};
    else if (!goes_on) one = {operation, 1, now, now, false, false};
    if (!goes_on) return;
    one.last = now;
    ++one.samples;
    int64_t ready = ready_since(board_.seats[number]);
    judge(number, now - std::max(one.since, ready));
}

void watch::look() {
    int64_t now = monotonic();
    look_at_objects(now);
    uint32_t awake = 0;
    for (uint32_t i = 0; i < most_seats; ++i) awake |= awake_at(i, now);
    for (uint32_t i = 0; i < most_seats; ++i) {
        const seat &one = board_.seats[i];
        int64_t since = doing_of(one) == doing::waiting && one.process.load() != 0 ? ready_since(one) : 0;
        bool candidate = since != 0 && now - since > worth_a_look && !(one.members.load() & awake);
        follow(i, candidate && look_at_task(one.process.load(), one.thread.load()) == task_state::asleep, now);
    }
}

} // namespace fm::kill_sync
