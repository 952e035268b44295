// An event, mutex, semaphore or timer as Windows has it. Knows its operations and how to look at one; waits.cpp knows
// how to wait for it, create_waitable.cpp and tokens.cpp where one comes from.
#pragma once

#include "platform/windows/kernel_object.hpp"

#include <atomic>

namespace fm::windows {

class waitable_object final : public kernel_object<waitable_object, platform::waitable> {
public:
    using kernel_object::kernel_object;
    waitable_object(unique_handle handle, const waitable_object &like)
        : kernel_object(std::move(handle), like), manual_timer_(like.manual_timer_),
          period_ms_(like.period_ms_.load()), stopped_(like.stopped_.load()) {}

    /// A timer's own state does not tell it: only whoever made it knows.
    void is_manual_timer() { manual_timer_ = true; }

    platform::waitable_state state() override;
    fm_status set() override;
    fm_status reset() override;
    fm_status pulse() override;
    fm_status release(uint32_t count, uint32_t *previous) override;
    fm_status arm(int64_t due, uint32_t period_ms) override;
    fm_status disarm() override;
    fm_status try_take() override;

private:
    platform::waitable_state event_state() const;
    platform::waitable_state mutex_state() const;
    platform::waitable_state semaphore_state() const;
    platform::waitable_state timer_state() const;
    fm_status release_units(uint32_t count, uint32_t *previous);
    fm_status done(BOOL succeeded, const char *what) const;

    bool manual_timer_ = false;
    std::atomic<uint32_t> period_ms_{0}; ///< of the timer, as this object was last told to set it
    std::atomic<bool> stopped_{false};   ///< it was last told to stop it: the kernel goes on telling the old due time
};

inline waitable_object &behind(platform::waitable &object) {
    return static_cast<waitable_object &>(object); // this layer makes no others
}

} // namespace fm::windows
