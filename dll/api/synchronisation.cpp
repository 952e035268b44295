// The functions on events, mutexes, semaphores and timers.

#include "api/guard.hpp"
#include "core/waitables.hpp"

using namespace fm;

namespace {

fm_status check_flags(uint32_t flags, uint32_t known) {
    if (flags & ~known) return fail(FM_E_INVALID_ARGUMENT, 0, "flags has unknown bits: 0x%x", flags & ~known);
    return FM_OK;
}

fm_status check_counts(uint32_t initial, uint32_t maximum) {
    if (maximum == 0 || maximum > 0x7fffffffu)
        return fail(FM_E_INVALID_ARGUMENT, 0, "maximum is %u; give 1 to 0x7fffffff", maximum);
    if (initial > maximum) return fail(FM_E_INVALID_ARGUMENT, 0, "initial, %u, is above maximum, %u", initial, maximum);
    return FM_OK;
}

/// Finds the object and runs `body` with it. Not inlined: what it needs would burden the way of those that go at once. The call is not left: nothing here blocks.
template <class Body>
[[gnu::noinline]] fm_status modify(const char *function, fm_handle handle, uint32_t kind, uint32_t right, Body body) {
    return api::guarded(function, [&](call &) -> fm_status {
        open_handle *found = find_allowed(handle, kind, right);
        return found != nullptr ? body(waitable_of(*found)) : refusal(handle, kind, right);
    });
}

template <class Operation>
[[gnu::always_inline]] inline bool modify_at_once(fm_handle handle, uint32_t kind, uint32_t right, Operation operation) {
    return at_once([&] { return find_allowed(handle, kind, right); }, operation);
}

/// What a new object is asked to be, before the kind's own members are filled in.
struct creation {
    const char *name;
    const fm_object_options *options;
    uint32_t kind;
    fm_handle *out_handle;
};

/// `fill` checks the kind's own arguments and fills in its members.
template <class Fill>
fm_status create(const char *function, const creation &asked, Fill fill) {
    return api::guarded(function, [&](call &scope) -> fm_status {
        scope.leave();
        platform::waitable_options wanted;
        wanted.kind = asked.kind;
        fm_status status = fill(wanted);
        return status < 0 ? status : create_waitable(asked.name, asked.options, wanted, asked.out_handle);
    });
}

fm_status open(const char *function, const char *name, uint32_t kind, uint32_t access, fm_handle *out_handle) {
    return api::guarded(function, [&](call &scope) -> fm_status {
        scope.leave();
        return open_waitable(name, kind, access, out_handle);
    });
}

} // namespace

extern "C" {

FM_API fm_status FM_CALL fm_event_create(const char *name, uint32_t flags, const fm_object_options *options, fm_handle *out_event) {
    return create(__func__, {name, options, FM_KIND_EVENT, out_event}, [&](platform::waitable_options &wanted) {
        wanted.manual = flags & FM_EVENT_MANUAL_RESET;
        wanted.signaled = flags & FM_EVENT_SIGNALED;
        return check_flags(flags, FM_EVENT_MANUAL_RESET | FM_EVENT_SIGNALED);
    });
}

FM_API fm_status FM_CALL fm_event_open(const char *name, uint32_t access, fm_handle *out_event) {
    return open(__func__, name, FM_KIND_EVENT, access, out_event);
}

FM_API fm_status FM_CALL fm_event_set(fm_handle event) {
    if (modify_at_once(event, FM_KIND_EVENT, FM_ACCESS_MODIFY, [](auto words) { return platform::set_at_once(words); })) return FM_OK;
    return modify(__func__, event, FM_KIND_EVENT, FM_ACCESS_MODIFY, [](platform::waitable &object) { return object.set(); });
}

FM_API fm_status FM_CALL fm_event_reset(fm_handle event) {
    return modify(__func__, event, FM_KIND_EVENT, FM_ACCESS_MODIFY, [](platform::waitable &object) { return object.reset(); });
}

FM_API fm_status FM_CALL fm_event_pulse(fm_handle event) {
    return modify(__func__, event, FM_KIND_EVENT, FM_ACCESS_MODIFY, [](platform::waitable &object) { return object.pulse(); });
}

FM_API fm_status FM_CALL fm_mutex_create(const char *name, uint32_t flags, const fm_object_options *options, fm_handle *out_mutex) {
    return create(__func__, {name, options, FM_KIND_MUTEX, out_mutex}, [&](platform::waitable_options &wanted) {
        wanted.owned = flags & FM_MUTEX_OWNED;
        return check_flags(flags, FM_MUTEX_OWNED);
    });
}

FM_API fm_status FM_CALL fm_mutex_open(const char *name, uint32_t access, fm_handle *out_mutex) {
    return open(__func__, name, FM_KIND_MUTEX, access, out_mutex);
}

FM_API fm_status FM_CALL fm_mutex_release(fm_handle mutex) {
    if (modify_at_once(mutex, FM_KIND_MUTEX, 0, [](auto words) { return platform::release_mutex_at_once(words); })) return FM_OK;
    return modify(__func__, mutex, FM_KIND_MUTEX, 0, [](platform::waitable &object) { return object.release(1, nullptr); });
}

FM_API fm_status FM_CALL fm_semaphore_create(const char *name, uint32_t initial, uint32_t maximum,
                                             const fm_object_options *options, fm_handle *out_semaphore) {
    return create(__func__, {name, options, FM_KIND_SEMAPHORE, out_semaphore}, [&](platform::waitable_options &wanted) {
        wanted.count = initial;
        wanted.maximum = maximum;
        return check_counts(initial, maximum);
    });
}

FM_API fm_status FM_CALL fm_semaphore_open(const char *name, uint32_t access, fm_handle *out_semaphore) {
    return open(__func__, name, FM_KIND_SEMAPHORE, access, out_semaphore);
}

FM_API fm_status FM_CALL fm_semaphore_release(fm_handle semaphore, uint32_t count, uint32_t *out_previous) {
    auto add = [&](auto words) { return platform::release_semaphore_at_once(words, count, out_previous); };
    if (modify_at_once(semaphore, FM_KIND_SEMAPHORE, FM_ACCESS_MODIFY, add)) return FM_OK;
    return modify(__func__, semaphore, FM_KIND_SEMAPHORE, FM_ACCESS_MODIFY, [&](platform::waitable &object) -> fm_status {
        if (count == 0) return fail(FM_E_INVALID_ARGUMENT, 0, "count is 0; release one unit or more");
        return object.release(count, out_previous);
    });
}

FM_API fm_status FM_CALL fm_timer_create(const char *name, uint32_t flags, const fm_object_options *options, fm_handle *out_timer) {
    return create(__func__, {name, options, FM_KIND_TIMER, out_timer}, [&](platform::waitable_options &wanted) {
        wanted.manual = flags & FM_TIMER_MANUAL_RESET;
        return check_flags(flags, FM_TIMER_MANUAL_RESET);
    });
}

FM_API fm_status FM_CALL fm_timer_open(const char *name, uint32_t access, fm_handle *out_timer) {
    return open(__func__, name, FM_KIND_TIMER, access, out_timer);
}

FM_API fm_status FM_CALL fm_timer_set(fm_handle timer, int64_t due, uint32_t period_ms) {
    return modify(__func__, timer, FM_KIND_TIMER, FM_ACCESS_MODIFY, [&](platform::waitable &object) -> fm_status {
        if (period_ms > 0x7fffffffu)
            return fail(FM_E_INVALID_ARGUMENT, 0, "period_ms is %u; give 0 for once, or up to 0x7fffffff", period_ms);
        return object.arm(due, period_ms);
    });
}

FM_API fm_status FM_CALL fm_timer_cancel(fm_handle timer) {
    return modify(__func__, timer, FM_KIND_TIMER, FM_ACCESS_MODIFY, [](platform::waitable &object) { return object.disarm(); });
}

} // extern "C"
