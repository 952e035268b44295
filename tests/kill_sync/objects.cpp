// The rules of objects.hpp.

#include "objects.hpp"

#include "core/waitables.hpp"
#include "platform/linux/sync/reservation.hpp"
#include "platform/linux/sync/taking.hpp"
#include "platform/linux/waitable.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace fm::kill_sync {

namespace {

std::string name_of_object(uint32_t number) { return "Local\\kill-sync-" + std::to_string(number); }

const sync::object &inside_of(fm_handle handle) {
    call scope("kill_sync");
    open_handle *found = handles().find(value_of(handle)); // stays open for as long as the set
    return static_cast<posix::linux_waitable &>(waitable_of(*found)).object();
}

fm_status create_one(const object_plan &plan, const char *name, fm_handle *out) {
    switch (plan.kind) {
    case FM_KIND_EVENT: {
        uint32_t flags = (plan.manual ? FM_EVENT_MANUAL_RESET : 0) | (plan.units != 0 ? FM_EVENT_SIGNALED : 0);
        return fm_event_create(name, flags, nullptr, out);
    }
    case FM_KIND_SEMAPHORE: return fm_semaphore_create(name, plan.units, 1000000, nullptr, out);
    case FM_KIND_MUTEX: return fm_mutex_create(name, 0, nullptr, out);
    default: return fm_timer_create(name, plan.manual ? FM_TIMER_MANUAL_RESET : 0, nullptr, out);
    }
}

fm_status open_one(uint32_t kind, const char *name, fm_handle *out) {
    switch (kind) {
    case FM_KIND_EVENT: return fm_event_open(name, FM_ACCESS_ALL, out);
    case FM_KIND_SEMAPHORE: return fm_semaphore_open(name, FM_ACCESS_ALL, out);
    case FM_KIND_MUTEX: return fm_mutex_open(name, FM_ACCESS_ALL, out);
    default: return fm_timer_open(name, FM_ACCESS_ALL, out);
    }
}

[[noreturn]] void give_up(const char *what) {
    char why[512];
    fm_last_error_message(why, sizeof why);
    std::fprintf(stderr, "filemap_kill_sync: %s: %s\n", what, why);
    std::exit(2);
}

} // namespace

void object_set::look_inside() {
    for (uint32_t i = 0; i < count_; ++i) inside_[i] = &inside_of(handles_[i]);
}

/// Ids are random, and the order in which several are taken. Object 0 comes before object 1, as the loop for all needs.
void object_set::create(board &shared, const object_plan *plans, uint32_t count) {
    close();
    for (uint32_t i = 0; i < count; ++i) {
        for (;;) {
            if (create_one(plans[i], name_of_object(i).c_str(), &handles_[i]) != FM_OK) give_up("an object cannot be created");
            uint64_t id = inside_of(handles_[i]).id;
            if (i == 0 ? id < ~uint64_t(0) / 2 : i > 1 || id > inside_of(handles_[0]).id) break;
            fm_close(handles_[i]);
        }
        shared.kinds[i] = plans[i].kind;
    }
    shared.objects = count_ = count;
    look_inside();
    for (uint32_t i = 0; i < count; ++i)
        if (plans[i].kind == FM_KIND_TIMER && plans[i].units != 0) give(i);
}

bool object_set::open(const board &shared, uint32_t count) {
    for (count_ = 0; count_ < count; ++count_)
        if (open_one(shared.kinds[count_], name_of_object(count_).c_str(), &handles_[count_]) != FM_OK) return false;
    look_inside();
    return true;
}

void object_set::close() {
    while (count_ > 0) fm_close(handles_[--count_]);
}

sync::state object_set::peek(uint32_t number) const { return sync::peek(*inside_[number]); }

bool object_set::ready(uint32_t number, sync::state seen) const {
    const sync::object &one = *inside_[number];
    if (one.kind == FM_KIND_MUTEX) return (seen & sync::ready_bit) || !one.home->alive(sync::payload_of(seen));
    return sync::seems_ready(one, seen);
}

uint32_t object_set::tokens(uint32_t number) const {
    sync::state seen = peek(number);
    return kind(number) == FM_KIND_SEMAPHORE ? sync::payload_of(seen) : ready(number, seen);
}

fm_status object_set::give(uint32_t number) const {
    switch (kind(number)) {
    case FM_KIND_EVENT: return fm_event_set(handles_[number]);
    case FM_KIND_SEMAPHORE: return fm_semaphore_release(handles_[number], 1, nullptr);
    case FM_KIND_MUTEX: return fm_mutex_release(handles_[number]);
    default: return fm_timer_set(handles_[number], -1, 0);
    }
}

bool object_set::is_mine(uint32_t number) const {
    sync::state seen = peek(number);
    return kind(number) == FM_KIND_MUTEX && !(seen & sync::ready_bit) && sync::payload_of(seen) == sync::own_id(*inside_[number]);
}

} // namespace fm::kill_sync
