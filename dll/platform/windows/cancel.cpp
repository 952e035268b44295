// Setting a cancel source, and joining and leaving it.
//
// An APC reports to a thread by setting `told` in the thread itself, between two of its steps: so `told` needs no lock,
// and remains true if the source is reset at once. Joining looks at the flag and enters the list under the lock that
// set() holds, so every set() is seen by one or the other.

#include "platform/windows/cancel.hpp"

#include "platform/windows/errors.hpp"

namespace fm::windows {

void CALLBACK cancel_flag::tell(ULONG_PTR argument) {
    reinterpret_cast<waiter *>(argument)->told = true;
}

/// It fails where the kernel is short of memory for the moment, or the thread has been terminated.
void cancel_flag::wake(waiter &sleeper) {
    auto argument = reinterpret_cast<ULONG_PTR>(&sleeper);
    while (!sleeper.queued) {
        sleeper.queued = QueueUserAPC(tell, sleeper.thread.get(), argument) != 0;
        if (!sleeper.queued && WaitForSingleObject(sleeper.thread.get(), 1) != WAIT_TIMEOUT) return;
    }
}

void cancel_flag::set() {
    std::lock_guard lock(mutex_);
    set_ = true;
    for (waiter &sleeper : waiters_) wake(sleeper);
}

fm_status cancellable_wait::join() {
    cancel_flag::waiter own;
    HANDLE self = GetCurrentProcess();
    if (!DuplicateHandle(self, GetCurrentThread(), self, own.thread.receive(), 0, FALSE, DUPLICATE_SAME_ACCESS)) {
        int32_t error = last_error();
        return fail(status_of(error), error, "the thread could not be made to listen for the cancel object");
    }
    std::lock_guard lock(source_.mutex_);
    own.told = source_.set_;
    place_ = source_.waiters_.insert(source_.waiters_.end(), std::move(own));
    joined_ = true;
    return FM_OK;
}

cancellable_wait::~cancellable_wait() {
    if (!joined_) return;
    std::list<cancel_flag::waiter> ended;
    {
        std::lock_guard lock(source_.mutex_);
        ended.splice(ended.end(), source_.waiters_, place_);
    }
    while (place_->queued && !place_->told) SleepEx(0, TRUE); // also runs APCs of others, as any alertable wait does
}

} // namespace fm::windows

namespace fm::platform {

result<std::shared_ptr<cancel_source>> create_cancel_source() {
    return std::shared_ptr<cancel_source>(std::make_shared<windows::cancel_flag>());
}

} // namespace fm::platform
