// The rules of hook.hpp.

#include "hook.hpp"

#include "platform/linux/sync/registry.hpp"

#include <csignal>
#include <random>
#include <sched.h>
#include <unistd.h>

namespace fm::kill_sync {

namespace {

using sync::point;

board *shared = nullptr;
const object_set *objects = nullptr;

struct books {
    seat *own = nullptr;
    bool alone = false;
    bool took = false, took_over = false, let_go = false;
    uint32_t together_over = 0; ///< by a wait for all: what of it was abandoned
    std::minstd_rand dice;
};
thread_local books here;

/// The abandoned ones among what a wait for all has just taken: those that were not ready before.
uint32_t abandoned_before() {
    const sync::slot &own = *sync::detail::participants[0].own;
    uint32_t mask = 0;
    for (uint32_t k = 0; k < own.entries.load() && k < sync::most_entries; ++k)
        for (uint32_t i = 0; i < objects->count(); ++i) {
            bool it = objects->inside(i).id == own.changes[k].id.load() && objects->kind(i) == FM_KIND_MUTEX;
            if (it && !(own.changes[k].before.load() & sync::ready_bit)) mask |= 1u << i;
        }
    return mask;
}

void keep_books(point where) {
    switch (where) {
    case point::after_take: here.took = true; break;
    case point::after_taking_over: here.took = here.took_over = true; break;
    case point::committed_all:
        here.took = true;
        here.together_over = abandoned_before();
        break;
    case point::woken_committed:
    case point::setting_in_force: here.let_go = true; break;
    default: break;
    }
}

uint32_t mine_among(uint32_t members) {
    for (uint32_t i = 0; i < objects->count(); ++i)
        if (has(members, i) && objects->is_mine(i)) return 1u << i;
    return 0;
}

void write_will(point where) {
    seat &own = *here.own;
    uint32_t members = own.members.load();
    bool any = static_cast<mode>(own.how.load()) == mode::any;
    uint32_t took = !here.took ? 0 : any ? mine_among(members) : members;
    own.took = took;
    own.took_something = here.took && took == 0;
    own.took_over = taken_over() & took;
    own.let_go = here.let_go;
    own.died_at = 1 + static_cast<uint32_t>(where);
    shared->kills_at[static_cast<uint32_t>(where)].fetch_add(1);
}

void die(point where) {
    write_will(where);
    ::kill(::getpid(), SIGKILL);
    for (;;) ::pause();
}

bool falls(uint32_t one_in) { return one_in != 0 && here.dice() % one_in == 0; }

bool has_permit() {
    if (shared->permits.load(std::memory_order_relaxed) <= 0 || (shared->only_alone.load() != 0 && !here.alone)) return false;
    if (shared->permits.fetch_sub(1) > 0) return true;
    shared->permits.fetch_add(1);
    return false;
}

void dawdle() {
    switch (here.dice() % 4) {
    case 0: ::usleep(here.dice() % 300); break;
    case 1: ::sched_yield(); break;
    default:
        for (uint32_t left = here.dice() % 4000; left > 0; --left) __builtin_ia32_pause();
    }
}

/// Faults that the test has to notice.
void plant(point where) {
    sync::participant &self = sync::detail::participants[0];
    if (self.own == nullptr) return;
    auto planted = static_cast<fault>(shared->fault_planted.load(std::memory_order_relaxed));
    if (planted == fault::lost_wake_up && where == point::enlisted)
        self.list.set_pending(nullptr); // the kernel passes no wake-up on
    if (planted == fault::living_owner && where == point::after_take && falls(5000))
        self.own->deaths[0].word.fetch_or(sync::owner_died);
}

void at_point(point where) {
    if (here.own == nullptr) return;
    keep_books(where);
    plant(where);
    if (falls(shared->one_in[static_cast<uint32_t>(where)].load(std::memory_order_relaxed)) && has_permit()) die(where);
    if (falls(shared->delay_one_in.load(std::memory_order_relaxed))) dawdle();
}

} // namespace

void install_hook(board &shared_board, const object_set &known) {
    shared = &shared_board;
    objects = &known;
    sync::at_kill_point = at_point;
}

void sit_down(seat *where, uint32_t seed, bool alone) {
    here = {};
    here.alone = alone;
    here.own = where;
    here.dice.seed(seed);
}

void open_books() { here.took = here.took_over = here.let_go = false, here.together_over = 0; }

uint32_t taken_over() {
    auto how = static_cast<mode>(here.own->how.load());
    if (how == mode::all) return here.together_over;
    if (!here.took_over) return 0;
    return how == mode::one ? here.own->members.load() : mine_among(here.own->members.load());
}

} // namespace fm::kill_sync
