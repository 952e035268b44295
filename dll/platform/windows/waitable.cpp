// The operations of filemap.h as calls of kernel32, and the state as ntdll tells it.

#include "platform/windows/waitable.hpp"

#include "platform/windows/errors.hpp"
#include "platform/windows/kinds.hpp"
#include "platform/windows/native.hpp"
#include "platform/windows/waits.hpp"

#include <algorithm>
#include <limits>

namespace fm::windows {

namespace {

/// Relative times further away than this, some 14,600 years, would overflow in the kernel's sums.
constexpr int64_t furthest_due = std::numeric_limits<int64_t>::min() / 2;

/// In 100 ns, so that it fits in nanoseconds.
constexpr int64_t longest_due = std::numeric_limits<int64_t>::max() / 100;

failure cannot_release_mutex(int32_t error) {
    if (error == ERROR_NOT_OWNER)
        return fail(FM_E_NOT_OWNER, error,
                    "the calling thread does not own the mutex; release it where it was acquired");
    return fail(status_of(error), error, "the mutex could not be released");
}

failure too_many(uint32_t count, int32_t error) {
    return fail(FM_E_TOO_MANY, error, "%u more units would exceed the semaphore's maximum; nothing was added", count);
}

} // namespace

fm_status waitable_object::done(BOOL succeeded, const char *what) const {
    if (succeeded) return FM_OK;
    int32_t error = last_error();
    return fail(status_of(error), error, "the %s could not be %s", find_type(facts_.kind)->word, what);
}

fm_status waitable_object::set() {
    return done(SetEvent(handle()), "set");
}

fm_status waitable_object::reset() {
    return done(ResetEvent(handle()), "reset");
}

fm_status waitable_object::pulse() {
    return done(PulseEvent(handle()), "pulsed");
}

fm_status waitable_object::release(uint32_t count, uint32_t *previous) {
    if (facts_.kind == FM_KIND_SEMAPHORE) return release_units(count, previous);
    return ReleaseMutex(handle()) ? static_cast<fm_status>(FM_OK) : cannot_release_mutex(last_error());
}

fm_status waitable_object::release_units(uint32_t count, uint32_t *previous) {
    if (count > static_cast<uint32_t>(std::numeric_limits<LONG>::max())) return too_many(count, 0);
    LONG before = 0;
    if (!ReleaseSemaphore(handle(), static_cast<LONG>(count), &before)) {
        int32_t error = last_error();
        return error == ERROR_TOO_MANY_POSTS ? too_many(count, error) : done(FALSE, "released");
    }
    if (previous != nullptr) *previous = static_cast<uint32_t>(before);
    return FM_OK;
}

fm_status waitable_object::arm(int64_t due, uint32_t period_ms) {
    LARGE_INTEGER when;
    when.QuadPart = std::max(due, furthest_due);
    BOOL armed = SetWaitableTimer(handle(), &when, static_cast<LONG>(period_ms), nullptr, nullptr, FALSE);
    if (armed) {
        period_ms_ = period_ms;
        stopped_ = false;
    }
    return done(armed, "set");
}

fm_status waitable_object::disarm() {
    BOOL stopped = CancelWaitableTimer(handle());
    if (stopped) {
        period_ms_ = 0;
        stopped_ = true;
    }
    return done(stopped, "stopped");
}

fm_status waitable_object::try_take() {
    uint32_t index = 0;
    return outcome_of(WaitForSingleObject(handle(), 0), 1, index);
}

platform::waitable_state waitable_object::state() {
    switch (facts_.kind) {
    case FM_KIND_EVENT:
        return event_state();
    case FM_KIND_MUTEX:
        return mutex_state();
    case FM_KIND_SEMAPHORE:
        return semaphore_state();
    default:
        return timer_state();
    }
}

platform::waitable_state waitable_object::event_state() const {
    platform::waitable_state state;
    if (auto event = query_event(handle())) {
        state.ready = event->set;
        state.manual = event->manual;
    }
    return state;
}

platform::waitable_state waitable_object::mutex_state() const {
    platform::waitable_state state;
    if (auto mutex = query_mutex(handle())) {
        state.ready = mutex->acquisitions == 0 || mutex->owned_by_caller;
        state.count = mutex->acquisitions;
        state.owner = mutex->owned_by_caller ? GetCurrentProcessId() : query_mutex_owner(handle());
    }
    return state;
}

platform::waitable_state waitable_object::semaphore_state() const {
    platform::waitable_state state;
    if (auto semaphore = query_semaphore(handle())) {
        state.ready = semaphore->count > 0;
        state.count = static_cast<uint32_t>(semaphore->count);
        state.maximum = static_cast<uint32_t>(semaphore->maximum);
    }
    return state;
}

platform::waitable_state waitable_object::timer_state() const {
    platform::waitable_state state;
    state.manual = manual_timer_;
    state.period_ms = period_ms_;
    if (auto timer = query_timer(handle())) {
        state.ready = timer->ready;
        if (stopped_) return state;
        if (timer->remaining > 0)
            state.due = std::min(timer->remaining, longest_due) * 100;
        else if (timer->ready)
            state.due = 0;
    }
    return state;
}

} // namespace fm::windows
