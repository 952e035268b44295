// The workers of the loops in which everybody takes objects and gives them back: mutexes, semaphores, any of several,
// all of several.

#include "loops.hpp"

#include <algorithm>
#include <sched.h>
#include <unistd.h>

namespace fm::kill_sync {

namespace {

request one(uint8_t member) { return {mode::one, 1, {member}, FM_FOREVER}; }
request several(mode how, std::initializer_list<uint8_t> members) {
    request wanted{how, static_cast<uint32_t>(members.size()), {}, FM_FOREVER};
    std::copy(members.begin(), members.end(), wanted.members);
    return wanted;
}

/// 0, 1: mutexes; 2: never ready; 3: always ready.
request choose_mutex(actor &self) {
    auto mutex = static_cast<uint8_t>(self.dice()() % 2);
    switch (self.dice()() % 6) {
    case 0: return several(mode::any, {2, mutex});
    case 1: return several(mode::any, {mutex, static_cast<uint8_t>(1 - mutex)});
    case 2: return several(mode::all, {mutex, 3});
    case 3: return several(mode::all, {1, 0});
    default: return one(mutex);
    }
}

/// 0: a semaphore; 1: never ready; 2: always ready.
request choose_semaphore(actor &self) {
    switch (self.dice()() % 4) {
    case 0: return several(mode::any, {1, 0});
    case 1: return several(mode::all, {0, 2});
    default: return one(0);
    }
}

/// Two to all of the objects, in any order.
request choose_any(actor &self) {
    uint8_t all[most_members] = {0, 1, 2, 3, 4, 5, 6, 7};
    std::shuffle(all, all + most_members, self.dice());
    request wanted{mode::any, 2 + static_cast<uint32_t>(self.dice()() % (most_members - 1)), {}, FM_FOREVER};
    std::copy(all, all + wanted.count, wanted.members);
    return wanted;
}

/// 0, 1, 4: semaphores; 2: a mutex; 3: an event. Nobody takes 0 without 1, and whoever has both gives 0 back first: so
/// there is never less of 0 than of 1, unless somebody sees a set half taken.
request choose_all(actor &self) {
    switch (self.dice()() % 8) {
    case 0: return several(mode::all, {2, 1, 0});
    case 1: return several(mode::all, {0, 1, 3});
    case 2: return several(mode::all, {4, 0, 1});
    case 3: return several(mode::all, {1, 4});
    case 4: return several(mode::all, {2, 1});
    case 5: return several(mode::all, {3, 1, 4, 0, 2});
    case 6: return one(static_cast<uint8_t>(3 + self.dice()() % 2));
    default: return several(mode::all, {0, 1});
    }
}

/// 0, 1: mutexes; 2, 3: semaphores, which not everybody has.
request choose_in_slots(actor &self) {
    bool all = self.objects().count() > 2;
    switch (self.dice()() % (all ? 6 : 3)) {
    case 0: return several(mode::all, {0, 1});
    case 3: return several(mode::all, {3, 2});
    case 4: return several(mode::all, {0, 2, 3});
    case 5: return one(2);
    default: return one(static_cast<uint8_t>(self.dice()() % 2));
    }
}

request choose(actor &self, loop which) {
    request wanted;
    switch (which) {
    case loop::mutexes:
    case loop::threads: wanted = choose_mutex(self); break;
    case loop::semaphores: wanted = choose_semaphore(self); break;
    case loop::any: wanted = choose_any(self); break;
    case loop::slots: wanted = choose_in_slots(self); break;
    default: wanted = choose_all(self);
    }
    if (self.one_in(8)) wanted.timeout_ns = self.one_in(2) ? 0 : static_cast<int64_t>(self.dice()() % 2'000'000);
    return wanted;
}

/// A planted fault: one after the other instead of all together.
uint32_t take_by_halves(actor &self, const request &wanted) {
    uint32_t members = 0, taken = 0;
    for (uint32_t i = 0; i < wanted.count; ++i) members |= 1u << wanted.members[i];
    for (uint8_t i = 0; i < most_objects; ++i)
        if (has(members, i)) taken |= self.take(one(i));
    self.own().held = taken;
    return taken;
}

void park(actor &self) {
    self.turn_to(doing::parked);
    while (self.shared().park.load() != 0 && !self.stopped()) ::usleep(100);
    self.turn_to(doing::nothing);
}

/// False where the thread shall end with what it holds.
bool hold(actor &self, loop which, const request &wanted, uint32_t taken) {
    uint32_t only_mutexes = 0;
    for (uint32_t i = 0; i < self.objects().count(); ++i)
        if (has(taken, i) && self.objects().kind(i) == FM_KIND_MUTEX) only_mutexes |= 1u << i;
    if (wanted.how == mode::one && only_mutexes == taken && self.one_in(4)) self.recurse(wanted.members[0]);
    if (self.one_in(16)) ::sched_yield();
    if (only_mutexes != taken) return true;
    if (which == loop::slots && self.one_in(20)) return leave_slot(self), false;
    if (which != loop::threads) return which == loop::slots || !self.one_in(400);
    if (self.one_in(20)) fork_owning(self, static_cast<uint32_t>(__builtin_ctz(taken)));
    return !self.one_in(10) || !end_owning(self);
}

/// Threads live for a few operations only.
bool leaves(actor &self) {
    if (!self.one_in(3)) return false;
    leave_slot(self);
    return true;
}

} // namespace

void work_in_traffic(actor &self, loop which) {
    bool by_halves = static_cast<fault>(self.shared().fault_planted.load()) == fault::half_taken_set;
    while (!self.stopped()) {
        if (self.shared().park.load() != 0) park(self);
        request wanted = choose(self, which);
        uint32_t taken = by_halves && wanted.how == mode::all ? take_by_halves(self, wanted) : self.take(wanted);
        if (which == loop::slots) check_slot(self);
        if (taken != 0 && !hold(self, which, wanted, taken)) return self.turn_to(doing::ending);
        self.give_all();
        if (which == loop::slots && leaves(self)) return;
        if (self.one_in(32)) ::sched_yield();
    }
}

} // namespace fm::kill_sync
