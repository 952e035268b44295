// Calls that wake and sleep, failing while others wait: what is signalled arrives all the same, nothing is taken twice,
// and no thread turns in a circle as fast as it can.

#include "filemap.h"
#include "injection.hpp"
#include "platform/linux/sync/sleeping.hpp"
#include "platform/linux/sys.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <functional>
#include <sys/syscall.h>
#include <thread>

namespace fm::fault {

namespace {

constexpr int64_t millisecond = 1'000'000, patience = 30'000 * millisecond;
constexpr intptr_t operation_mask = 127, wake_op = 5;

std::atomic<uint32_t> failing_call{0};
std::atomic<int> failing_with{0};
std::atomic<bool> of_wake_op{false};
std::atomic<unsigned> failures_left{0}, failures{0};

/// Fails the next so many calls of one kind.
intptr_t chosen_gate(const sys::request &call) {
    bool chosen = call.number == failing_call && (!of_wake_op || (call.arguments[1] & operation_mask) == wake_op);
    if (!chosen) return sys::enter_kernel(call);
    for (unsigned left = failures_left; left != 0;)
        if (failures_left.compare_exchange_weak(left, left - 1)) return ++failures, -failing_with;
    return sys::enter_kernel(call);
}

constexpr unsigned always = 0xffffffff;

class failing {
public:
    failing(uint32_t call, int error, unsigned times = always, bool wake_operations = false) {
        failing_call = call;
        failing_with = error;
        of_wake_op = wake_operations;
        failures = 0;
        failures_left = times;
        sys::set_gate(chosen_gate);
    }
    ~failing() { sys::set_gate(nullptr); }
    failing(const failing &) = delete;
    failing &operator=(const failing &) = delete;
    static unsigned count() { return failures; }
};

class waiting : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_EQ(FM_OK, fm_event_create(nullptr, 0, nullptr, &event_));
        ASSERT_EQ(FM_OK, fm_semaphore_create(nullptr, 0, 100, nullptr, &units_));
        ASSERT_EQ(FM_OK, fm_mutex_create(nullptr, FM_MUTEX_OWNED, nullptr, &mutex_));
    }
    void TearDown() override {
        fm_mutex_release(mutex_);
        for (fm_handle each : {event_, units_, mutex_}) EXPECT_EQ(FM_OK, fm_close(each));
        sync::ask_again_for_wait_on_any();
    }
    /// A thread that makes the call, and time for it to fall asleep.
    std::thread sleeper(std::function<fm_status()> call, fm_status &status) {
        std::thread thread([call = std::move(call), &status] { status = call(); });
        std::this_thread::sleep_for(std::chrono::milliseconds(40));
        return thread;
    }

    fm_handle event_ = nullptr, units_ = nullptr, mutex_ = nullptr;
};

} // namespace

/// FUTEX_WAKE_OP is what a sandbox may not know; then the change and the wake-up are two steps, and both are done.
TEST_F(waiting, a_signal_without_the_wake_operation) {
    for (int error : {ENOSYS, EPERM, EFAULT, EINVAL}) {
        failing refused(SYS_futex, error, always, true);
        fm_status status[4] = {-99, -99, -99, -99};
        fm_handle any[] = {units_, event_}, all[] = {event_, units_};
        std::thread one = sleeper([&] { return fm_wait(event_, patience); }, status[0]);
        EXPECT_EQ(FM_OK, fm_event_set(event_));
        one.join();
        std::thread unit = sleeper([&] { return fm_wait(units_, patience); }, status[1]);
        EXPECT_EQ(FM_OK, fm_semaphore_release(units_, 1, nullptr));
        unit.join();
        std::thread several = sleeper([&] { return fm_wait_any(any, 2, patience, nullptr); }, status[2]);
        EXPECT_EQ(FM_OK, fm_event_set(event_));
        several.join();
        std::thread together = sleeper([&] { return fm_wait_all(all, 2, patience); }, status[3]);
        EXPECT_EQ(FM_OK, fm_semaphore_release(units_, 1, nullptr));
        EXPECT_EQ(FM_OK, fm_event_set(event_));
        together.join();
        for (fm_status each : status) EXPECT_EQ(FM_OK, each) << error;
        EXPECT_LE(4u, failing::count()) << "the operation was not even tried";
    }
    EXPECT_EQ(FM_TIMED_OUT, fm_wait(event_, 0));
    EXPECT_EQ(FM_TIMED_OUT, fm_wait(units_, 0));
}

TEST_F(waiting, a_mutex_released_without_the_wake_operation) {
    failing refused(SYS_futex, ENOSYS, always, true);
    fm_status status = -99, release = -99;
    std::thread next = sleeper([&] {
        fm_status got = fm_wait(mutex_, patience);
        release = fm_mutex_release(mutex_);
        return got;
    }, status);
    EXPECT_EQ(FM_OK, fm_mutex_release(mutex_));
    next.join();
    EXPECT_EQ(FM_OK, status);
    EXPECT_EQ(FM_OK, release);
    EXPECT_LE(1u, failing::count());
}

/// Where the kernel refuses futex_waitv when it is asked for the first time, waits do without.
TEST_F(waiting, the_probe_is_refused) {
    for (int error : {ENOSYS, EPERM, ENOMEM, EINTR}) {
        sync::ask_again_for_wait_on_any();
        failing refused(SYS_futex_waitv, error);
        fm_status status[3] = {-99, -99, -99};
        EXPECT_EQ(FM_TIMED_OUT, fm_wait(event_, 30 * millisecond));
        std::thread one = sleeper([&] { return fm_wait(event_, patience); }, status[0]);
        EXPECT_EQ(FM_OK, fm_event_set(event_));
        one.join();
        fm_handle any[] = {units_, event_};
        std::thread several = sleeper([&] { return fm_wait_any(any, 2, patience, nullptr); }, status[1]);
        EXPECT_EQ(FM_OK, fm_semaphore_release(units_, 1, nullptr));
        several.join();
        std::thread together = sleeper([&] { return fm_wait_all(any, 2, patience); }, status[2]);
        EXPECT_EQ(FM_OK, fm_event_set(event_));
        EXPECT_EQ(FM_OK, fm_semaphore_release(units_, 1, nullptr));
        together.join();
        for (fm_status each : status) EXPECT_EQ(FM_OK, each) << error;
        EXPECT_GE(2u, failing::count()) << "it was asked for again and again";
    }
}

/// A failure that comes once, or a few times, is survived by looking again.
TEST_F(waiting, a_sleep_fails_now_and_then) {
    EXPECT_EQ(FM_TIMED_OUT, fm_wait(event_, millisecond)); // the probe is over
    for (int error : {EINTR, ENOMEM, EAGAIN, EPERM, ENOSYS}) {
        for (unsigned times : {1u, 5u}) {
            failing now_and_then(SYS_futex_waitv, error, times);
            fm_status status = -99;
            EXPECT_EQ(FM_TIMED_OUT, fm_wait(event_, 20 * millisecond)) << error;
            std::thread one = sleeper([&] { return fm_wait(event_, FM_FOREVER); }, status);
            EXPECT_EQ(FM_OK, fm_event_set(event_));
            one.join();
            EXPECT_EQ(FM_OK, status) << error;
            EXPECT_EQ(FM_TIMED_OUT, fm_wait(event_, 0));
        }
        sync::ask_again_for_wait_on_any();
    }
}

/// One that stays, after the probe: the wait goes on, by its limit and by what it waits for, and does not turn in a
/// circle as fast as it can.
TEST_F(waiting, sleeping_fails_for_good) {
    for (int error : {ENOMEM, ENOSYS, EPERM}) {
        sync::ask_again_for_wait_on_any();
        EXPECT_EQ(FM_TIMED_OUT, fm_wait(event_, millisecond));
        failing refused(SYS_futex_waitv, error);
        constexpr int64_t limit = 300; // milliseconds
        EXPECT_EQ(FM_TIMED_OUT, fm_wait(event_, limit * millisecond)) << error;
        EXPECT_GE(2u * limit, failing::count()) << "errno " << error << ": it is asked again without a pause";
        unsigned before = failing::count();
        fm_handle any[] = {units_, event_, mutex_};
        EXPECT_EQ(FM_TIMED_OUT, fm_wait_any(any, 2, limit * millisecond, nullptr)) << error;
        EXPECT_GE(2u * limit, failing::count() - before) << "errno " << error << ": it is asked again without a pause";
        fm_status status = -99;
        std::thread one = sleeper([&] { return fm_wait(event_, patience); }, status);
        EXPECT_EQ(FM_OK, fm_event_set(event_));
        one.join();
        EXPECT_EQ(FM_OK, status) << error;
    }
}

/// The same without futex_waitv, on the plain futex.
TEST_F(waiting, the_fallbacks_sleep_fails) {
    constexpr uint32_t plain = sizeof(void *) == 8 ? SYS_futex : 422; // futex_time64
    sync::ask_again_for_wait_on_any();
    {
        failing probe(SYS_futex_waitv, ENOSYS);
        EXPECT_EQ(FM_TIMED_OUT, fm_wait(event_, millisecond));
    }
    for (int error : {EINTR, EAGAIN}) {
        failing now_and_then(plain, error, 5);
        EXPECT_EQ(FM_TIMED_OUT, fm_wait(event_, 60 * millisecond)) << error;
    }
    failing refused(plain, ENOSYS);
    constexpr int64_t limit = 300;
    EXPECT_EQ(FM_TIMED_OUT, fm_wait(event_, limit * millisecond));
    EXPECT_GE(2u * limit, failing::count()) << "it is asked again without a pause";
}

TEST_F(waiting, no_robust_list) {
    failing refused(SYS_get_robust_list, ENOSYS);
    fm_status waited = FM_OK, looked = FM_OK, created = FM_OK;
    char text[512] = "";
    fm_handle made = nullptr;
    std::thread([&] {
        waited = fm_wait(event_, millisecond);
        fm_last_error_message(text, sizeof text);
        looked = fm_wait(event_, 0); // needs none
        created = fm_mutex_create(nullptr, FM_MUTEX_OWNED, nullptr, &made);
    }).join();
    EXPECT_EQ(FM_E_NOT_SUPPORTED, waited);
    EXPECT_NE(nullptr, std::strstr(text, "robust list")) << text;
    EXPECT_EQ(FM_TIMED_OUT, looked);
    EXPECT_EQ(FM_E_NOT_SUPPORTED, created);
    EXPECT_EQ(nullptr, made);
}

/// Waking somebody needs a slot, too: where there is none that is said, and nothing is half done.
TEST_F(waiting, a_signal_by_a_thread_that_cannot_be_registered) {
    fm_status status = -99, set = FM_OK;
    std::thread one = sleeper([&] { return fm_wait(event_, patience); }, status);
    {
        failing refused(SYS_get_robust_list, ENOSYS);
        std::thread([&] { set = fm_event_set(event_); }).join();
        EXPECT_EQ(FM_E_NOT_SUPPORTED, set); // said, not swallowed
        EXPECT_EQ(FM_TIMED_OUT, fm_wait(event_, 0));
    }
    EXPECT_EQ(FM_OK, fm_event_set(event_));
    one.join();
    EXPECT_EQ(FM_OK, status);
}

} // namespace fm::fault
