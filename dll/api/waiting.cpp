// The functions that wait, and what ends a wait from elsewhere.

#include "api/guard.hpp"
#include "core/waiting.hpp"

using namespace fm;

namespace {

fm_status wait_for(const char *function, const wait_arguments &asked, uint32_t *out_index) {
    return api::guarded(function, [&](call &scope) { return wait_many(scope, asked, out_index); });
}

[[gnu::noinline]] fm_status wait_in_full(const char *function, fm_handle handle, int64_t timeout_ns) {
    return api::guarded(function, [&](call &scope) { return wait_one(scope, handle, timeout_ns); });
}

template <class Body>
fm_status with_cancel(const char *function, fm_handle cancel, Body body) {
    return api::guarded(function, [&](call &) -> fm_status {
        auto found = find_handle(cancel, FM_KIND_CANCEL);
        if (!found) return found.error();
        body(*(*found)->cancel);
        return FM_OK;
    });
}

} // namespace

extern "C" {

FM_API fm_status FM_CALL fm_wait(fm_handle handle, int64_t timeout_ns) {
    auto take = [](auto words) { return platform::take_at_once(words); };
    if (timeout_ns >= FM_FOREVER && at_once([&] { return find_to_wait(handle); }, take)) return FM_OK;
    return wait_in_full(__func__, handle, timeout_ns);
}

FM_API fm_status FM_CALL fm_wait_any(const fm_handle *handles, uint32_t count, int64_t timeout_ns, uint32_t *out_index) {
    return wait_for(__func__, {handles, count, 0, timeout_ns, nullptr}, out_index);
}

FM_API fm_status FM_CALL fm_wait_all(const fm_handle *handles, uint32_t count, int64_t timeout_ns) {
    return wait_for(__func__, {handles, count, FM_WAIT_ALL, timeout_ns, nullptr}, nullptr);
}

FM_API fm_status FM_CALL fm_wait_many(const fm_handle *handles, uint32_t count, uint32_t flags, int64_t timeout_ns,
                                      fm_handle cancel, uint32_t *out_index) {
    return wait_for(__func__, {handles, count, flags, timeout_ns, cancel}, out_index);
}

FM_API fm_status FM_CALL fm_signal_and_wait(fm_handle to_signal, fm_handle to_wait, int64_t timeout_ns) {
    return api::guarded(__func__, [&](call &scope) { return signal_and_wait(scope, to_signal, to_wait, timeout_ns); });
}

FM_API fm_status FM_CALL fm_cancel_create(fm_handle *out_cancel) {
    return api::guarded(__func__, [&](call &scope) -> fm_status {
        scope.leave();
        if (out_cancel == nullptr) return fail(FM_E_INVALID_ARGUMENT, 0, "out_cancel is NULL");
        auto source = platform::create_cancel_source();
        if (!source) return source.error();
        counted<open_handle> handle(new open_handle);
        handle->kind = FM_KIND_CANCEL;
        handle->cancel = std::move(*source);
        return publish(std::move(handle), out_cancel);
    });
}

FM_API fm_status FM_CALL fm_cancel_set(fm_handle cancel) {
    return with_cancel(__func__, cancel, [](platform::cancel_source &source) { source.set(); });
}

FM_API fm_status FM_CALL fm_cancel_reset(fm_handle cancel) {
    return with_cancel(__func__, cancel, [](platform::cancel_source &source) { source.reset(); });
}

} // extern "C"
