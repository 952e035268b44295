// Waiting, in the calling thread itself: a mutex belongs to the thread that waited for it.

#include "platform/windows/waits.hpp"

#include "platform/windows/cancel.hpp"
#include "platform/windows/clock.hpp"
#include "platform/windows/errors.hpp"
#include "platform/windows/kinds.hpp"
#include "platform/windows/waitable.hpp"

#include <optional>

namespace fm::windows {

fm_status outcome_of(DWORD answer, uint32_t count, uint32_t &index) {
    if (answer < WAIT_OBJECT_0 + count) {
        index = answer - WAIT_OBJECT_0;
        return FM_OK;
    }
    if (answer >= WAIT_ABANDONED_0 && answer < WAIT_ABANDONED_0 + count) {
        index = answer - WAIT_ABANDONED_0;
        return FM_ABANDONED;
    }
    if (answer == WAIT_TIMEOUT) return FM_TIMED_OUT;
    int32_t error = last_error();
    return fail(status_of(error), error, "the system refused to wait");
}

} // namespace fm::windows

namespace fm::platform {

using namespace windows;

namespace {

static_assert(FM_MAX_WAIT == MAXIMUM_WAIT_OBJECTS);

using compare_function = BOOL WINAPI(HANDLE first, HANDLE second);

/// Windows refuses to wait for all of several objects if two are the same one; Wine 8 would wait.
bool kernel_refuses_duplicates() {
    unique_handle event(CreateEventW(nullptr, TRUE, TRUE, nullptr));
    HANDLE twice[] = {event.get(), event.get()};
    return WaitForMultipleObjects(2, twice, TRUE, 0) == WAIT_FAILED && GetLastError() == ERROR_INVALID_PARAMETER;
}

/// Two objects of this layer may hold two HANDLEs to one object of the kernel.
bool are_same(waitable &first, waitable &second) {
    static const auto compare = find_in_kernelbase<compare_function>("CompareObjectHandles");
    if (&first == &second) return true;
    if (compare == nullptr || first.facts().kind != second.facts().kind) return false;
    return compare(behind(first).handle(), behind(second).handle());
}

failure named_twice(int32_t error) {
    return fail(FM_E_INVALID_ARGUMENT, error,
                "two of the handles lead to the same object; to wait for all, give each object once");
}

fm_status check_different(const wait_request &request) {
    static const bool kernel_does = kernel_refuses_duplicates();
    if (!request.all || kernel_does) return FM_OK;
    for (uint32_t second = 1; second < request.count; ++second)
        for (uint32_t first = 0; first < second; ++first)
            if (are_same(*request.objects[first], *request.objects[second])) return named_twice(0);
    return FM_OK;
}

/// The objects of a wait as the kernel wants them.
class handle_list {
public:
    explicit handle_list(const wait_request &request) : request_(request) {
        for (uint32_t i = 0; i < request.count; ++i) handles_[i] = behind(*request.objects[i]).handle();
    }

    DWORD wait(DWORD milliseconds, bool alertable) const {
        return WaitForMultipleObjectsEx(request_.count, handles_, request_.all, milliseconds, alertable);
    }
    /// Right after wait().
    fm_status outcome(DWORD answer, uint32_t &index) const {
        if (answer == WAIT_FAILED && request_.all && GetLastError() == ERROR_INVALID_PARAMETER)
            return named_twice(ERROR_INVALID_PARAMETER);
        return outcome_of(answer, request_.count, index);
    }

private:
    const wait_request &request_;
    HANDLE handles_[FM_MAX_WAIT]; // filled as far as there are objects
};

/// Waits again after what ended a wait early: an APC of somebody else, or the kernel's coarse ticks.
fm_status wait_until(const deadline &until, const wait_request &request, uint32_t &index) {
    handle_list handles(request);
    std::optional<cancellable_wait> cancel;
    if (request.cancel != nullptr) {
        cancel.emplace(*request.cancel);
        if (fm_status status = cancel->join(); status < 0) return status;
    }
    for (;;) {
        if (cancel && cancel->is_cancelled())
            return fail(FM_E_CANCELLED, 0, "the wait was cancelled by its cancel object");
        DWORD answer = handles.wait(until.slice(), cancel.has_value());
        if (answer == WAIT_IO_COMPLETION) continue;
        if (answer != WAIT_TIMEOUT || until.has_passed()) return handles.outcome(answer, index);
    }
}

failure cannot_signal(uint32_t kind, int32_t error) {
    if (error == ERROR_NOT_OWNER)
        return fail(FM_E_NOT_OWNER, error, "the calling thread does not own the mutex, so it cannot signal it");
    if (error == ERROR_TOO_MANY_POSTS)
        return fail(FM_E_TOO_MANY, error, "the semaphore to signal is at its maximum; nothing was waited for");
    return fail(status_of(error), error, "the %s could not be signalled, or the system refused to wait",
                find_type(kind)->word);
}

} // namespace

fm_status try_wait(const wait_request &request, uint32_t &index) {
    if (fm_status status = check_different(request); status < 0) return status;
    handle_list handles(request);
    return handles.outcome(handles.wait(0, false), index);
}

fm_status wait(const wait_request &request, int64_t timeout_ns, uint32_t &index) {
    deadline until(timeout_ns);
    if (fm_status status = check_different(request); status < 0) return status;
    return wait_until(until, request, index);
}

fm_status signal_and_wait(waitable &to_signal, waitable &to_wait, int64_t timeout_ns) {
    deadline until(timeout_ns);
    DWORD answer = SignalObjectAndWait(behind(to_signal).handle(), behind(to_wait).handle(), until.slice(), FALSE);
    if (answer == WAIT_FAILED) return cannot_signal(to_signal.facts().kind, last_error());
    waitable *object = &to_wait;
    uint32_t index = 0;
    if (answer == WAIT_TIMEOUT && !until.has_passed()) return wait_until(until, {&object, 1, false, nullptr}, index);
    return outcome_of(answer, 1, index);
}

} // namespace fm::platform
