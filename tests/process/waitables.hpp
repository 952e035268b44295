// Shorthands of the tests of several processes that wait: new objects, waits that end, and time for others to fall
// asleep. No upper limit of time here is a test of speed: it only ends a hang.
#pragma once

#include "support/test.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

namespace fm::test {

constexpr int64_t millisecond = 1000000;     ///< ns, as fm_wait() takes it
constexpr uint64_t patience_ms = 30000;      ///< for what has to happen
constexpr int64_t patience_ns = int64_t(patience_ms) * millisecond;
constexpr int64_t due_millisecond = -10000;  ///< as fm_timer_set() takes it, from now on

inline fm_object_options object_options(uint32_t flags = 0, uint32_t permissions = 0) {
    fm_object_options all = {};
    all.struct_size = sizeof all;
    all.flags = flags;
    all.permissions = permissions;
    return all;
}

/// What a call has made, which had to be new.
inline handle required_new(fm_status status, handle made) {
    if (status != FM_OK) throw std::runtime_error("creating: " + describe(status));
    return made;
}

inline handle new_event(const std::string &name, uint32_t flags = 0, const fm_object_options &with = object_options()) {
    handle made;
    const fm_status status = fm_event_create(name.c_str(), flags, &with, made.out());
    return required_new(status, std::move(made));
}

inline handle new_mutex(const std::string &name, uint32_t flags = 0, const fm_object_options &with = object_options()) {
    handle made;
    const fm_status status = fm_mutex_create(name.c_str(), flags, &with, made.out());
    return required_new(status, std::move(made));
}

inline handle new_semaphore(const std::string &name, uint32_t initial, uint32_t maximum,
                            const fm_object_options &with = object_options()) {
    handle made;
    const fm_status status = fm_semaphore_create(name.c_str(), initial, maximum, &with, made.out());
    return required_new(status, std::move(made));
}

inline handle new_timer(const std::string &name, uint32_t flags = 0, const fm_object_options &with = object_options()) {
    handle made;
    const fm_status status = fm_timer_create(name.c_str(), flags, &with, made.out());
    return required_new(status, std::move(made));
}

/// fm_wait() that looks once, and one that is patient.
inline fm_status look(fm_handle object) { return fm_wait(object, 0); }
inline fm_status wait_for(fm_handle object) { return fm_wait(object, patience_ns); }

/// Time for others to fall asleep. What a test expects may not depend on it.
inline void settle(int milliseconds = 30) {
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

/// Waits until fm_query() tells whether the object is ready as asked; false where it never does.
inline bool becomes_ready(fm_handle object, bool ready = true) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::nanoseconds(patience_ns);
    while ((queried(object).ready != 0) != ready) {
        if (std::chrono::steady_clock::now() > end) return false;
        settle(1);
    }
    return true;
}

} // namespace fm::test
