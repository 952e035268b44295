// The rules of waiting that hold on every system.

#include "core/waiting.hpp"

namespace fm {

namespace {

/// The objects of one wait, found inside the call, and kept by references once it is left.
class wait_set {
public:
    fm_status find(const fm_handle *handles, uint32_t count) {
        for (; count_ < count; ++count_) {
            open_handle *found = find_to_wait(handles[count_]);
            if (found == nullptr) return refusal(handles[count_], FM_KIND_UNKNOWN, FM_ACCESS_WAIT);
            handles_[count_] = found;
            objects_[count_] = &waitable_of(*found);
        }
        return FM_OK;
    }

    void hold() {
        for (; held_ < count_; ++held_) counted<open_handle>(handles_[held_]).release();
    }

    ~wait_set() {
        for (uint32_t i = 0; i < held_; ++i) counted<open_handle>::adopt(handles_[i]);
    }
    wait_set() = default;
    wait_set(const wait_set &) = delete;
    wait_set &operator=(const wait_set &) = delete;

    platform::waitable *const *objects() const { return objects_; }

private:
    open_handle *handles_[FM_MAX_WAIT]; // filled as far as count_ says: a wait for two should not pay for 64
    platform::waitable *objects_[FM_MAX_WAIT];
    uint32_t count_ = 0, held_ = 0;
};

fm_status check_arguments(const wait_arguments &asked) {
    if (asked.timeout_ns < FM_FOREVER) return detail::bad_timeout(asked.timeout_ns);
    if (asked.flags & ~FM_WAIT_ALL) return fail(FM_E_INVALID_ARGUMENT, 0, "flags has unknown bits: 0x%x", asked.flags & ~FM_WAIT_ALL);
    if (asked.handles == nullptr) return fail(FM_E_INVALID_ARGUMENT, 0, "handles is NULL");
    if (asked.count == 0 || asked.count > FM_MAX_WAIT)
        return fail(FM_E_INVALID_ARGUMENT, 0, "count is %u; 1 to %u objects can be waited for", asked.count, FM_MAX_WAIT);
    return FM_OK;
}

failure cancelled() {
    return fail(FM_E_CANCELLED, 0, "the wait was cancelled before it began");
}

fm_status tell(fm_status status, uint32_t index, uint32_t *out_index) {
    if ((status == FM_OK || status == FM_ABANDONED) && out_index != nullptr) *out_index = index;
    return status;
}

} // namespace

failure detail::bad_timeout(int64_t timeout_ns) {
    return fail(FM_E_INVALID_ARGUMENT, 0, "timeout_ns is %lld; give 0 or more, or FM_FOREVER", static_cast<long long>(timeout_ns));
}

fm_status detail::block_on_one(call scope, open_handle &found, int64_t timeout_ns) {
    counted<open_handle> held(&found);
    scope.leave();
    platform::waitable *object = &waitable_of(*held);
    uint32_t index = 0;
    return platform::wait({&object, 1, false, nullptr}, timeout_ns, index);
}

fm_status wait_many(call &scope, const wait_arguments &asked, uint32_t *out_index) {
    if (fm_status status = check_arguments(asked); status < 0) return status;
    std::shared_ptr<platform::cancel_source> cancel;
    if (asked.cancel != nullptr) {
        auto found = find_handle(asked.cancel, FM_KIND_CANCEL);
        if (!found) return found.error();
        cancel = (*found)->cancel;
    }
    wait_set set;
    if (fm_status status = set.find(asked.handles, asked.count); status < 0) return status;
    if (cancel && cancel->is_set()) return cancelled();
    platform::wait_request request{set.objects(), asked.count, (asked.flags & FM_WAIT_ALL) != 0, cancel.get()};
    uint32_t index = 0;
    fm_status status = platform::try_wait(request, index);
    if (status != FM_TIMED_OUT || asked.timeout_ns == 0) return tell(status, index, out_index);
    set.hold();
    scope.leave();
    status = platform::wait(request, asked.timeout_ns, index);
    return tell(status, index, out_index);
}

fm_status signal_and_wait(call &scope, fm_handle to_signal, fm_handle to_wait, int64_t timeout_ns) {
    if (timeout_ns < FM_FOREVER) return detail::bad_timeout(timeout_ns);
    auto signalled = find_handle(to_signal);
    if (!signalled) return signalled.error();
    uint32_t kind = (*signalled)->kind;
    if (kind != FM_KIND_EVENT && kind != FM_KIND_MUTEX && kind != FM_KIND_SEMAPHORE)
        return fail(FM_E_WRONG_KIND, 0, "the first handle is no event, mutex or semaphore, so it cannot be signalled");
    if (kind != FM_KIND_MUTEX && !((*signalled)->rights & FM_ACCESS_MODIFY)) return refusal(to_signal, kind, FM_ACCESS_MODIFY);
    open_handle *waited = find_to_wait(to_wait);
    if (waited == nullptr) return refusal(to_wait, FM_KIND_UNKNOWN, FM_ACCESS_WAIT);
    counted<open_handle> held_signalled(*signalled), held_waited(waited);
    scope.leave();
    return platform::signal_and_wait(waitable_of(*held_signalled), waitable_of(*held_waited), timeout_ns);
}

} // namespace fm
