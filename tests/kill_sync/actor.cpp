// The rules of actor.hpp.

#include "actor.hpp"
#include "tasks.hpp"

#include <sys/syscall.h>
#include <unistd.h>

namespace fm::kill_sync {

actor::actor(board &shared, seat &own, const object_set &objects, uint32_t seed, bool alone)
    : board_(shared), own_(own), objects_(objects), alone_(alone), dice_(seed) {
    auto process = static_cast<uint32_t>(::getpid()), thread = static_cast<uint32_t>(::syscall(SYS_gettid));
    name_ = uint64_t(process) << 32 | thread;
    own_.thread = thread;
    own_.process = process;
    sit_down(&own_, seed * 7 + 1, alone);
}

void actor::turn_to(doing what) {
    own_.since.store(monotonic(), std::memory_order_relaxed);
    own_.operation.fetch_add(1, std::memory_order_relaxed);
    own_.busy_with.store(static_cast<uint32_t>(what));
}

void actor::expect_ok(fm_status status, const char *what, uint32_t object) {
    if (status == FM_OK) return;
    char why[160];
    fm_last_error_message(why, sizeof why);
    violation(board_, "%s gave %d, object %u (%s)", what, status, object, status < 0 ? why : "no failure");
}

fm_status actor::wait(const request &wanted, uint32_t &index) {
    index = 0;
    if (wanted.how == mode::one) return fm_wait(objects_.handle(wanted.members[0]), wanted.timeout_ns);
    fm_handle handles[most_members];
    for (uint32_t i = 0; i < wanted.count; ++i) handles[i] = objects_.handle(wanted.members[i]);
    if (wanted.how == mode::any) return fm_wait_any(handles, wanted.count, wanted.timeout_ns, &index);
    return fm_wait_all(handles, wanted.count, wanted.timeout_ns);
}

/// A wait for all tells that there was an abandoned mutex, not which ones: the library's own record of the change does.
uint32_t actor::abandoned_of(const request &wanted, fm_status status, uint32_t taken) {
    if (wanted.how != mode::all) return status == FM_ABANDONED ? taken : 0;
    uint32_t over = taken_over();
    if ((over != 0) != (status == FM_ABANDONED)) violation(board_, "a wait for all gave %d, and took over 0x%x", status, over);
    return over;
}

uint32_t actor::take(const request &wanted) {
    uint32_t members = 0, index = 0;
    for (uint32_t i = 0; i < wanted.count; ++i) members |= 1u << wanted.members[i];
    open_books();
    own_.how = static_cast<uint32_t>(wanted.how);
    own_.members = members;
    turn_to(doing::waiting);
    fm_status status = wait(wanted, index);
    own_.woke = monotonic();
    if (status == FM_TIMED_OUT || status < 0 || index >= wanted.count) {
        if (status != FM_TIMED_OUT) expect_ok(status < 0 ? status : FM_E_OUT_OF_RANGE, "a wait", wanted.members[0]);
        turn_to(doing::nothing);
        return 0;
    }
    uint32_t taken = wanted.how == mode::all ? members : 1u << wanted.members[index];
    uint32_t abandoned = abandoned_of(wanted, status, taken);
    for (uint32_t i = 0; i < objects_.count(); ++i) {
        if (!has(abandoned, i)) continue;
        board_.records[i].reports.fetch_add(1); // before it says that it holds: see ledger.hpp
        if (objects_.kind(i) != FM_KIND_MUTEX) violation(board_, "object %u is abandoned, and no mutex", i);
    }
    own_.held = taken;
    turn_to(doing::holding);
    for (uint32_t i = 0; i < objects_.count(); ++i)
        if (has(taken, i) && objects_.kind(i) == FM_KIND_MUTEX) enter(i, has(abandoned, i));
    board_.operations.fetch_add(1, std::memory_order_relaxed);
    return taken;
}

void actor::enter(uint32_t mutex, bool abandoned) {
    record &inside = board_.records[mutex];
    uint64_t before = inside.holder.exchange(name_);
    auto process = static_cast<uint32_t>(before >> 32), thread = static_cast<uint32_t>(before);
    if (before != 0 && !abandoned)
        violation(board_, "mutex %u acquired, and thread %u of %u has not left it", mutex, thread, process);
    if (before != 0 && abandoned && !ends_soon(process, thread))
        violation(board_, "mutex %u abandoned, and its owner, thread %u of %u, lives", mutex, thread, process);
    if (!abandoned && inside.first != inside.second)
        violation(board_, "mutex %u acquired, and what it protects is half changed", mutex);
    inside.first = inside.first + 1;
    if (one_in(4))
        for (uint32_t left = dice_() % 3000; left > 0; --left) __builtin_ia32_pause();
    inside.second = inside.first;
}

void actor::leave(uint32_t mutex) {
    uint64_t found = name_;
    if (board_.records[mutex].holder.compare_exchange_strong(found, 0)) return;
    violation(board_, "mutex %u is mine, and thread %u of %u has entered it", mutex, static_cast<uint32_t>(found),
              static_cast<uint32_t>(found >> 32));
}

void actor::give(uint32_t object) {
    if (objects_.kind(object) == FM_KIND_MUTEX) leave(object);
    open_books();
    own_.releasing = object;
    turn_to(doing::releasing);
    expect_ok(objects_.give(object), "giving back", object);
    own_.held.fetch_and(~(1u << object));
    turn_to(doing::holding);
}

void actor::give_all() {
    for (uint32_t i = 0; i < objects_.count(); ++i)
        if (has(own_.held.load(), i)) give(i);
    turn_to(doing::nothing);
}

void actor::recurse(uint32_t mutex) {
    turn_to(doing::again);
    expect_ok(fm_wait(objects_.handle(mutex), FM_FOREVER), "acquiring once more", mutex);
    expect_ok(fm_mutex_release(objects_.handle(mutex)), "releasing once", mutex);
    turn_to(doing::holding);
}

} // namespace fm::kill_sync
