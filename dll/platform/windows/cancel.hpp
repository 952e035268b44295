// A flag of this process that ends waits. Knows threads, and nothing of what they wait for.
#pragma once

#include "platform/platform.hpp"
#include "platform/windows/win32.hpp"

#include <atomic>
#include <list>
#include <mutex>

namespace fm::windows {

/// Tells each waiting thread by a user APC, which ends an alertable wait of any number of objects: an event of our own
/// beside the caller's would be the 65th, and would count in a wait for all.
class cancel_flag final : public platform::cancel_source {
public:
    void set() override;
    void reset() override { set_ = false; }
    bool is_set() const override { return set_; }

private:
    friend class cancellable_wait;

    /// Belongs to the list, not to the waiting thread's stack: that thread may be terminated.
    struct waiter {
        unique_handle thread;
        bool queued = false; ///< an APC is under way or has run; under mutex_
        bool told = false;   ///< the thread's own: the APC has run
    };
    static void CALLBACK tell(ULONG_PTR argument);
    static void wake(waiter &sleeper);

    std::mutex mutex_;
    std::list<waiter> waiters_;
    std::atomic<bool> set_{false};
};

/// The calling thread's place in a cancel source during a wait. When it ends, no APC of ours is left in the thread.
class cancellable_wait {
public:
    explicit cancellable_wait(platform::cancel_source &source) : source_(static_cast<cancel_flag &>(source)) {}
    ~cancellable_wait();
    cancellable_wait(const cancellable_wait &) = delete;
    cancellable_wait &operator=(const cancellable_wait &) = delete;

    /// From here on nothing is missed: the source was set before, or will interrupt alertable waits of this thread.
    fm_status join();
    bool is_cancelled() const { return place_->told; }

private:
    cancel_flag &source_;
    std::list<cancel_flag::waiter>::iterator place_;
    bool joined_ = false;
};

} // namespace fm::windows
