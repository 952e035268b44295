// Waiting for any or all of several objects.

#include "platform/linux/sync/waiting.hpp"

#include <algorithm>

namespace fm::sync {

namespace {

/// One object among several that a wait is for.
struct member {
    const object *one;
    uint32_t position; ///< in the caller's array
    uint32_t pulses;
    state value;       ///< as it was looked at last
};

/// Looks at members from the first on, until one is ready; `count` where none is.
uint32_t first_ready(member *members, uint32_t count, readiness &answer) {
    for (uint32_t i = 0; i < count; ++i) {
        member &at = members[i];
        state next;
        do {
            at.value = settled(*at.one);
            answer = examine(*at.one, at.value, at.pulses, next);
        } while (answer == readiness::outdated);
        if (answer != readiness::no) return i;
    }
    return count;
}

void note_pulses(member *members, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) members[i].pulses = pulses_of(*members[i].one, settled(*members[i].one));
}

/// Takes the first that is ready. Having found one, looks at those before it once more: one that became ready before
/// it must win.
readiness take_first(member *members, uint32_t count, uint32_t &index) {
    for (;;) {
        readiness answer;
        index = first_ready(members, count, answer);
        if (index == count) return readiness::no;
        state seen = members[index].value;
        if (index != 0) {
            uint32_t before = first_ready(members, index, answer);
            if (before != index) seen = members[before].value;
            index = before;
        }
        answer = take(*members[index].one, seen, members[index].pulses);
        if (is_taken(answer)) return answer;
    }
}

/// Sleeps on all of them. Without futex_waitv, on the word of the first one's registry.
void sleep_on_any(member *members, uint32_t count, const patience &limit) {
    nap sleep(limit.deadline);
    bool whole = has_wait_on_any();
    if (!whole) {
        std::atomic<uint32_t> &word = members[0].one->home->header().fallback;
        sleep.watch(&word, word.load(std::memory_order_acquire));
    }
    if (limit.cancel != nullptr) sleep.watch(limit.cancel, 0, sys::word_32_bits | sys::word_private);
    for (uint32_t i = 0; i < count; ++i)
        if (!detail::enlist(*members[i].one, members[i].value, whole ? multi_waiter : fallback_waiter, sleep)) return;
    reach(point::enlisted);
    int32_t woken = sleep.sleep();
    reach(point::awake);
    for (uint32_t i = 0; i < count; ++i) {
        if (woken >= 0) detail::pass_death_on(*members[i].one, members[i].value);
        if (woken == -sys::error_timedout) detail::look_after_owner(*members[i].one, members[i].value);
    }
}

fm_status as_status(readiness answer) {
    return answer == readiness::abandoned ? FM_ABANDONED : FM_OK;
}

} // namespace

fm_status wait_for_any(const object *const *objects, uint32_t count, const patience &limit, uint32_t &index) {
    member members[FM_MAX_WAIT];
    for (uint32_t i = 0; i < count; ++i) members[i] = {objects[i], i, 0, 0};
    note_pulses(members, count);
    for (;;) {
        readiness answer = take_first(members, count, index);
        if (is_taken(answer)) return as_status(answer);
        if (limit.is_cancelled()) return detail::cancelled();
        if (limit.is_over()) return FM_TIMED_OUT;
        sleep_on_any(members, count, limit);
    }
}

namespace {

/// By their ids, so that two waits for the same objects reserve them in the same order.
fm_status sort(member *members, uint32_t count) {
    std::sort(members, members + count, [](const member &a, const member &b) { return a.one->id < b.one->id; });
    for (uint32_t i = 1; i < count; ++i) {
        if (members[i].one->id == members[i - 1].one->id)
            return fail(FM_E_INVALID_ARGUMENT, 0, "handles %u and %u are of the same object", members[i - 1].position, members[i].position);
        if (members[i].one->home != members[0].one->home)
            return fail(FM_E_NOT_SUPPORTED, 0, "objects that are open to other users and private ones cannot be taken together");
    }
    return FM_OK;
}

enum class joint { taken, abandoned, not_ready, again };

/// Takes them all by one change. `index`: the position of a mutex that was abandoned, else 0.
joint take_all(participant &self, member *members, uint32_t count, uint32_t &index) {
    change together(self);
    const object *over[FM_MAX_WAIT], *again[FM_MAX_WAIT];
    uint32_t over_count = 0, again_count = 0, abandoned_position = FM_MAX_WAIT;
    for (uint32_t i = 0; i < count;) {
        const object &one = *members[i].one;
        state next, value = members[i].value = settled(one);
        readiness answer = examine(one, value, members[i].pulses, next);
        if (answer == readiness::outdated) continue;
        if (answer == readiness::no) return joint::not_ready;
        if (answer == readiness::mine) {
            again[again_count++] = &one;
        } else {
            change::answer reserved = together.reserve(one, value, next);
            if (reserved == change::answer::aborted) return joint::again;
            if (reserved == change::answer::outdated) continue;
            if (answer == readiness::abandoned) {
                over[over_count++] = &one;
                abandoned_position = std::min(abandoned_position, members[i].position);
            }
        }
        ++i;
    }
    if (!together.is_undecided() || !together.commit()) return joint::again;
    for (uint32_t i = 0; i < over_count; ++i) detail::begin_anew(*over[i]);
    for (uint32_t i = 0; i < again_count; ++i) detail::take_again(*again[i]);
    index = over_count != 0 ? abandoned_position : 0;
    return over_count != 0 ? joint::abandoned : joint::taken;
}

constexpr uint32_t none = FM_MAX_WAIT;

/// What keeps a wait for all from being complete.
struct missing {
    uint32_t first = none; ///< the first member that is not ready
    uint32_t lone = none;  ///< the only one
};

/// Looks at all members. A pulse counts only for the one that alone was missing at the last look: had others been
/// missing too, it would have come too early for them.
missing look_at_all(member *members, uint32_t count, uint32_t lone) {
    missing found;
    uint32_t how_many = 0;
    for (uint32_t i = 0; i < count; ++i) {
        member &at = members[i];
        readiness answer;
        do {
            state next;
            at.value = settled(*at.one);
            if (i != lone) at.pulses = pulses_of(*at.one, at.value);
            answer = examine(*at.one, at.value, at.pulses, next);
        } while (answer == readiness::outdated);
        if (answer == readiness::no && how_many++ == 0) found.first = i;
    }
    if (how_many == 1) found.lone = found.first;
    return found;
}

/// Only the first that is not ready is slept on: nothing can be complete before that changes. Nobody sleeps on an
/// object that is ready: two who did would wake each other for ever.
void sleep_on_one(member &at, const patience &limit) {
    nap sleep(limit.deadline);
    if (!detail::enlist(*at.one, at.value, multi_waiter, sleep)) return;
    if (limit.cancel != nullptr) sleep.watch(limit.cancel, 0, sys::word_32_bits | sys::word_private);
    reach(point::enlisted);
    int32_t woken = sleep.sleep();
    reach(point::awake);
    if (woken >= 0) detail::pass_death_on(*at.one, at.value);
    if (woken == -sys::error_timedout) detail::look_after_owner(*at.one, at.value);
}

} // namespace

fm_status wait_for_all(const object *const *objects, uint32_t count, const patience &limit, uint32_t &index) {
    member members[FM_MAX_WAIT];
    for (uint32_t i = 0; i < count; ++i) members[i] = {objects[i], i, 0, 0};
    if (fm_status status = sort(members, count); status < 0) return status;
    missing now;
    for (uint32_t pause = 1;;) {
        now = look_at_all(members, count, now.lone);
        if (now.first == none) { // else nothing is reserved: waits that are far from complete should not disturb others
            joint answer = take_all(take_part(*objects[0]), members, count, index);
            if (answer == joint::taken || answer == joint::abandoned) return answer == joint::taken ? FM_OK : FM_ABANDONED;
            if (answer == joint::again)
                for (uint32_t i = 0; i < pause; ++i) __builtin_ia32_pause();
            pause = std::min(pause * 2, 4096u);
            continue;
        }
        if (limit.is_cancelled()) return detail::cancelled();
        if (limit.is_over()) return FM_TIMED_OUT;
        sleep_on_one(members[now.first], limit);
    }
}

} // namespace fm::sync
