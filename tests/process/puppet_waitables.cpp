// What a puppet does with events, mutexes, semaphores and timers.
#include "process/puppet_child.hpp"

#include "process/waitables.hpp"

namespace fm::test::child_side {

namespace {

fm_object_options options_from(words &line) {
    fm_object_options with = object_options(static_cast<uint32_t>(number(line, 0)));
    with.permissions = static_cast<uint32_t>(number(line, 0));
    return with;
}

int64_t nanoseconds(uint64_t milliseconds) {
    return static_cast<int64_t>(milliseconds) * millisecond;
}

std::string create(state &held, const std::string &kind, words &line) {
    fm_handle &slot = held.handles[next<std::string>(line)];
    const std::string word = next<std::string>(line);
    const char *name = word == "-" ? nullptr : word.c_str();
    const auto first = static_cast<uint32_t>(number(line, 0)); // flags, or a semaphore's units
    const auto maximum = static_cast<uint32_t>(kind == "semaphore" ? number(line, 1) : 0);
    const fm_object_options with = options_from(line);
    if (kind == "event") return told(fm_event_create(name, first, &with, &slot));
    if (kind == "mutex") return told(fm_mutex_create(name, first, &with, &slot));
    if (kind == "timer") return told(fm_timer_create(name, first, &with, &slot));
    return told(fm_semaphore_create(name, first, maximum, &with, &slot));
}

std::string open(state &held, const std::string &kind, words &line) {
    fm_handle &slot = held.handles[next<std::string>(line)];
    const std::string name = next<std::string>(line);
    const uint32_t access = access_from(line);
    if (kind == "event") return told(fm_event_open(name.c_str(), access, &slot));
    if (kind == "mutex") return told(fm_mutex_open(name.c_str(), access, &slot));
    if (kind == "timer") return told(fm_timer_open(name.c_str(), access, &slot));
    return told(fm_semaphore_open(name.c_str(), access, &slot));
}

std::string wait_for_several(state &held, bool all, words &line) {
    const int64_t limit = nanoseconds(next<uint64_t>(line));
    std::vector<fm_handle> objects;
    for (std::string slot; line >> slot;) objects.push_back(held.handles[slot]);
    const auto count = static_cast<uint32_t>(objects.size());
    if (all) return told(fm_wait_all(objects.data(), count, limit));
    uint32_t index = 0;
    const fm_status status = fm_wait_any(objects.data(), count, limit, &index);
    return told(status, std::to_string(index));
}

std::string signal_and_wait(state &held, words &line) {
    const fm_handle to_signal = held.handles[next<std::string>(line)], to_wait = held.handles[next<std::string>(line)];
    return told(fm_signal_and_wait(to_signal, to_wait, nanoseconds(next<uint64_t>(line))));
}

std::string query(const std::string &what, fm_handle object) {
    fm_info info = {};
    info.struct_size = sizeof info;
    const fm_status status = fm_query(object, &info);
    return told(status, std::to_string(what == "ready" ? info.ready : what == "count" ? info.count : info.owner));
}

} // namespace

std::optional<std::string> obey_waitables(state &held, const std::string &verb, words &line) {
    for (const std::string kind : {"event", "mutex", "semaphore", "timer"}) {
        if (verb == kind) return create(held, kind, line);
        if (verb == "open_" + kind) return open(held, kind, line);
    }
    if (verb == "wait_any" || verb == "wait_all") return wait_for_several(held, verb == "wait_all", line);
    if (verb == "signal_and_wait") return signal_and_wait(held, line);
    for (const char *known :
         {"set", "reset", "pulse", "release", "unlock", "arm", "disarm", "wait", "ready", "count", "owner"}) {
        if (verb != known) continue;
        const fm_handle object = held.handles[next<std::string>(line)];
        if (verb == "set") return told(fm_event_set(object));
        if (verb == "reset") return told(fm_event_reset(object));
        if (verb == "pulse") return told(fm_event_pulse(object));
        if (verb == "release") return told(fm_semaphore_release(object, static_cast<uint32_t>(number(line, 1)), nullptr));
        if (verb == "unlock") return told(fm_mutex_release(object));
        if (verb == "disarm") return told(fm_timer_cancel(object));
        if (verb == "wait") return told(fm_wait(object, nanoseconds(number(line, patience_ms))));
        if (verb != "arm") return query(verb, object);
        const auto due = next<int64_t>(line);
        return told(fm_timer_set(object, due, static_cast<uint32_t>(number(line, 0))));
    }
    return std::nullopt;
}

} // namespace fm::test::child_side
