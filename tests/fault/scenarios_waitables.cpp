// The scenarios of events, mutexes, semaphores, timers and waiting. A thread's first part in anything makes it one of
// the registered threads, so what is about that runs in a thread of its own.

#include "core/token.hpp"
#include "trial.hpp"

#include <fcntl.h>
#include <thread>
#include <unistd.h>

namespace fm::fault {

namespace {

constexpr const char *local = "Local\\fault", *global = "Global\\fault";
constexpr int64_t millisecond = 1000000;

fm_object_options options(uint32_t flags = 0, uint32_t permissions = 0) {
    fm_object_options given{};
    given.struct_size = sizeof given;
    given.flags = flags;
    given.permissions = permissions;
    return given;
}

/// The call under attack makes a handle.
template <class Call>
void make(trial &t, Call call) {
    auto made = poison<fm_handle>();
    if (t.act([&] { return call(&made); }) < 0)
        t.check(untouched(made), "a call failed and wrote its output");
    else
        t.must(fm_close(made), "fm_close");
}

template <class Body>
void in_new_thread(Body body) { std::thread(body).join(); }

fm_handle event(trial &t, const char *name, uint32_t flags = 0, uint32_t permissions = 0) {
    fm_handle made = nullptr;
    fm_object_options given = options(0, permissions);
    t.must(fm_event_create(name, flags, &given, &made), "fm_event_create");
    return made;
}

fm_handle mutex(trial &t, uint32_t flags = 0) {
    fm_handle made = nullptr;
    t.must(fm_mutex_create(nullptr, flags, nullptr, &made), "fm_mutex_create");
    return made;
}

void event_create_named(trial &t) {
    make(t, [](fm_handle *out) { return fm_event_create(local, FM_EVENT_SIGNALED, nullptr, out); });
}

void event_create_unnamed(trial &t) {
    make(t, [](fm_handle *out) { return fm_event_create(nullptr, 0, nullptr, out); });
}

void event_create_for_all(trial &t) {
    fm_object_options given = options(0, 0666);
    make(t, [&](fm_handle *out) { return fm_event_create(global, 0, &given, out); });
}

void semaphore_create_long_name(trial &t) {
    std::string name(30000, 'n');
    make(t, [&](fm_handle *out) { return fm_semaphore_create(name.c_str(), 1, 5, nullptr, out); });
}

void timer_create_inheritable(trial &t) {
    fm_object_options given = options(FM_INHERITABLE);
    make(t, [&](fm_handle *out) { return fm_timer_create(local, FM_TIMER_MANUAL_RESET, &given, out); });
}

/// Its thread becomes a registered one.
void mutex_create_owned(trial &t) {
    in_new_thread([&] { make(t, [](fm_handle *out) { return fm_mutex_create(local, FM_MUTEX_OWNED, nullptr, out); }); });
}

void event_create_existing(trial &t) {
    fm_handle first = event(t, local);
    make(t, [](fm_handle *out) { return fm_event_create(local, 0, nullptr, out); });
    t.must(fm_close(first), "fm_close of the first");
}

void event_create_over_dead(trial &t) {
    leave_dead("fault", 9000);
    make(t, [](fm_handle *out) { return fm_event_create(local, 0, nullptr, out); });
}

void event_open(trial &t) {
    fm_handle first = event(t, local);
    make(t, [](fm_handle *out) { return fm_event_open(local, FM_ACCESS_ALL, out); });
    t.must(fm_close(first), "fm_close of the first");
}

void event_open_for_all(trial &t) {
    fm_handle first = event(t, global, 0, 0666);
    make(t, [](fm_handle *out) { return fm_event_open(global, FM_ACCESS_ALL, out); });
    t.must(fm_close(first), "fm_close of the first");
}

/// A refusal has to let go of what it has opened.
void event_open_of_another_kind(trial &t) {
    fm_handle first = nullptr;
    t.must(fm_semaphore_create(local, 1, 1, nullptr, &first), "fm_semaphore_create");
    auto opened = poison<fm_handle>();
    fm_status status = t.act([&] {
        fm_status given = fm_event_open(local, FM_ACCESS_ALL, &opened);
        return given == FM_E_WRONG_KIND ? FM_OK : given;
    });
    t.check(status < 0 || untouched(opened), "an event was opened where there is none");
    t.check(status < 0 || fm_wait(first, 0) == FM_OK, "the semaphore has suffered");
    t.must(fm_close(first), "fm_close of the first");
}

void event_import(trial &t) {
    fm_handle first = event(t, nullptr);
    fm_token token{};
    t.must(fm_export_token(first, 0, &token), "fm_export_token");
    make(t, [&](fm_handle *out) { return fm_import_token(&token, 0, out); });
    t.must(fm_close(first), "fm_close of the first");
}

/// A token of a process that has ended, whose inheritable descriptor this process has.
void event_import_inherited(trial &t) {
    fm_handle first = nullptr;
    fm_object_options given = options(FM_INHERITABLE);
    t.must(fm_event_create(local, 0, &given, &first), "fm_event_create");
    fm_token token{};
    t.must(fm_export_token(first, 0, &token), "fm_export_token");
    auto contents = unpack_token(token);
    int inherited = ::dup(static_cast<int>(contents->body.handle)); // as fork and exec leave it
    contents->body.handle = inherited;
    contents->body.process = 1;
    fm_token passed_on = pack_token(*contents);
    make(t, [&](fm_handle *out) { return fm_import_token(&passed_on, 0, out); });
    if (::fcntl(inherited, F_GETFD) >= 0) ::close(inherited);
    t.must(fm_close(first), "fm_close");
}

void event_duplicate_inheritable(trial &t) {
    fm_handle first = event(t, local);
    make(t, [&](fm_handle *out) {
        return fm_duplicate(first, 0, FM_DUPLICATE_SAME_ACCESS | FM_DUPLICATE_INHERITABLE, out);
    });
    t.must(fm_close(first), "fm_close of the first");
}

void event_close_last(trial &t) {
    fm_handle first = event(t, local);
    t.act([&] { return fm_close(first); });
    t.check(t.status() == FM_OK, "fm_close did not close");
    fm_handle again = nullptr;
    t.check(fm_event_create(local, 0, nullptr, &again) == FM_OK, "the failed end left the name in use");
    t.must(fm_close(again), "fm_close of the next one");
}

/// A thread's first wait. Nothing may be taken by one that fails.
void wait_first(trial &t) {
    fm_handle semaphore = nullptr;
    t.must(fm_semaphore_create(nullptr, 0, 5, nullptr, &semaphore), "fm_semaphore_create");
    in_new_thread([&] { t.act([&] { return fm_wait(semaphore, millisecond); }); });
    t.check(t.status() < 0 || t.status() == FM_TIMED_OUT, "a wait for nothing has succeeded");
    t.must(fm_semaphore_release(semaphore, 1, nullptr), "fm_semaphore_release");
    t.check(fm_wait(semaphore, 0) == FM_OK && fm_wait(semaphore, 0) == FM_TIMED_OUT, "a failed wait has taken something");
    t.must(fm_close(semaphore), "fm_close");
}

/// The same for a free mutex: it is owned then, or as free as it was.
void wait_for_mutex(trial &t) {
    fm_handle free = mutex(t);
    in_new_thread([&] {
        if (t.act([&] { return fm_wait(free, 0); }) >= 0) t.must(fm_mutex_release(free), "fm_mutex_release");
    });
    t.check(fm_wait(free, 0) == FM_OK, "a failed wait has taken the mutex");
    t.must(fm_mutex_release(free), "fm_mutex_release");
    t.must(fm_close(free), "fm_close");
}

void wait_any_and_all(trial &t, bool all) {
    fm_handle objects[3] = {event(t, nullptr), mutex(t), event(t, nullptr, FM_EVENT_SIGNALED)};
    if (!all) t.must(fm_event_reset(objects[2]), "fm_event_reset");
    if (!all) t.must(fm_wait(objects[1], 0), "fm_wait");
    in_new_thread([&] {
        t.act([&] {
            return all ? fm_wait_all(objects, 3, millisecond) : fm_wait_any(objects, 3, millisecond, nullptr);
        });
    });
    t.check(t.status() < 0 || t.status() == FM_TIMED_OUT, "a wait for nothing has succeeded");
    if (!all) t.must(fm_mutex_release(objects[1]), "fm_mutex_release");
    t.check(fm_wait(objects[1], 0) == FM_OK, "a failed wait has taken the mutex");
    t.must(fm_mutex_release(objects[1]), "fm_mutex_release");
    t.check(fm_wait(objects[2], 0) == (all ? FM_OK : FM_TIMED_OUT), "a failed wait has taken the event");
    for (fm_handle each : objects) t.must(fm_close(each), "fm_close");
}

void wait_any(trial &t) { wait_any_and_all(t, false); }
void wait_all(trial &t) { wait_any_and_all(t, true); }

/// A setting is written by a registered thread.
void timer_set_first(trial &t) {
    fm_handle timer = nullptr;
    t.must(fm_timer_create(nullptr, FM_TIMER_MANUAL_RESET, nullptr, &timer), "fm_timer_create");
    in_new_thread([&] { t.act([&] { return fm_timer_set(timer, 0, 0); }); });
    t.check(fm_wait(timer, 0) == (t.status() < 0 ? FM_TIMED_OUT : FM_OK), "a failed setting is in force, or a good one is not");
    t.must(fm_timer_set(timer, 0, 0), "fm_timer_set");
    t.check(fm_wait(timer, 0) == FM_OK, "the timer cannot be set any more");
    t.must(fm_close(timer), "fm_close");
}

} // namespace

const std::vector<scenario> &waitable_scenarios() {
    static const std::vector<scenario> all = {
        {"event_create_named", 7, event_create_named},
        {"event_create_unnamed", 5, event_create_unnamed},
        {"event_create_for_all", 7, event_create_for_all},
        {"semaphore_create_long_name", 7, semaphore_create_long_name},
        {"timer_create_inheritable", 8, timer_create_inheritable},
        {"mutex_create_owned", 8, mutex_create_owned},
        {"event_create_existing", 6, event_create_existing},
        {"event_create_over_dead", 10, event_create_over_dead, true},
        {"event_open", 6, event_open},
        {"event_open_for_all", 6, event_open_for_all},
        {"event_open_of_another_kind", 5, event_open_of_another_kind},
        {"event_import", 5, event_import, true},
        {"event_import_inherited", 5, event_import_inherited},
        {"event_duplicate_inheritable", 8, event_duplicate_inheritable, true},
        {"event_close_last", 4, event_close_last, true},
        {"wait_first", 3, wait_first},
        {"wait_for_mutex", 2, wait_for_mutex},
        {"wait_any", 3, wait_any},
        {"wait_all", 3, wait_all},
        {"timer_set_first", 2, timer_set_first},
    };
    return all;
}

} // namespace fm::fault
