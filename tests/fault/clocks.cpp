// Timers whose clock is changed, with the answers of clock_gettime() shifted on their way back. The kernel itself keeps
// its own clocks, so what sleeps here has a limit, which makes it look again and again.

#include "filemap.h"
#include "platform/linux/sys.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <sys/syscall.h>
#include <thread>

namespace fm::fault {

namespace {

#if defined(__i386__)
constexpr uint32_t call_clock = 403; // clock_gettime64
#else
constexpr uint32_t call_clock = SYS_clock_gettime;
#endif

constexpr int64_t minute = 60, hour = 3600; ///< seconds, as the shifts are
constexpr int64_t to_units = 10'000'000;    ///< of 100 ns, as fm_timer_set() takes them
constexpr int64_t units_to_1970 = 116444736000000000;
constexpr int64_t patience = 30'000'000'000;

std::atomic<int64_t> shift_of_utc{0}, shift_of_monotonic{0};

intptr_t shifting_gate(const sys::request &call) {
    intptr_t answer = sys::enter_kernel(call);
    if (call.number != call_clock) return answer;
    auto *moment = reinterpret_cast<int64_t *>(call.arguments[1]); // seconds first
    moment[0] += call.arguments[0] == sys::clock_realtime ? shift_of_utc.load() : shift_of_monotonic.load();
    return answer;
}

class clocks : public testing::Test {
protected:
    void SetUp() override {
        shift_of_utc = shift_of_monotonic = 0;
        begun_ = units_to_1970 + sys::now(sys::clock_realtime) / 100;
        sys::set_gate(shifting_gate);
    }
    void TearDown() override {
        if (timer_ != nullptr) {
            EXPECT_EQ(FM_OK, fm_close(timer_));
        }
        sys::set_gate(nullptr);
    }
    /// Due so many seconds after the test began, in UTC.
    void set_absolute(uint32_t flags, int64_t seconds, uint32_t period_ms = 0) {
        ASSERT_EQ(FM_OK, fm_timer_create(nullptr, flags, nullptr, &timer_));
        ASSERT_EQ(FM_OK, fm_timer_set(timer_, begun_ + seconds * to_units, period_ms));
    }
    void set_relative(uint32_t flags, int64_t seconds, uint32_t period_ms = 0) {
        ASSERT_EQ(FM_OK, fm_timer_create(nullptr, flags, nullptr, &timer_));
        ASSERT_EQ(FM_OK, fm_timer_set(timer_, -seconds * to_units, period_ms));
    }
    fm_status look() { return fm_wait(timer_, 0); }
    fm_info query() {
        fm_info info{};
        info.struct_size = sizeof info;
        EXPECT_EQ(FM_OK, fm_query(timer_, &info));
        return info;
    }

    fm_handle timer_ = nullptr;
    int64_t begun_ = 0;
};

} // namespace

TEST_F(clocks, t2_set_forward_past_the_due_moment) {
    set_absolute(0, hour);
    EXPECT_EQ(FM_TIMED_OUT, look());
    EXPECT_EQ(0u, query().ready);
    EXPECT_NEAR(double(hour), double(query().due) / 1e9, 60);
    shift_of_utc = hour - minute;
    EXPECT_EQ(FM_TIMED_OUT, look());
    EXPECT_NEAR(double(minute), double(query().due) / 1e9, 30);
    shift_of_utc = hour + minute;
    EXPECT_EQ(1u, query().ready);
    EXPECT_EQ(FM_OK, look());
    EXPECT_EQ(FM_TIMED_OUT, look()); // automatic reset
}

TEST_F(clocks, t2_set_back_before_it_was_due) {
    set_absolute(FM_TIMER_MANUAL_RESET, hour);
    shift_of_utc = -hour;
    EXPECT_EQ(FM_TIMED_OUT, look());
    EXPECT_NEAR(double(2 * hour), double(query().due) / 1e9, 60);
    shift_of_utc = hour - minute;
    EXPECT_EQ(FM_TIMED_OUT, look());
    shift_of_utc = hour + minute;
    EXPECT_EQ(FM_OK, look());
}

TEST_F(clocks, t4_manual_reset_stays_ready_once_it_was_seen) {
    set_absolute(FM_TIMER_MANUAL_RESET, hour);
    shift_of_utc = hour + minute;
    EXPECT_EQ(FM_OK, look());
    shift_of_utc = -hour;
    EXPECT_EQ(1u, query().ready);
    EXPECT_EQ(FM_OK, look());
    EXPECT_EQ(FM_OK, fm_timer_cancel(timer_)); // T5: changes nothing of that
    EXPECT_EQ(FM_OK, look());
    ASSERT_EQ(FM_OK, fm_timer_set(timer_, begun_ + hour * to_units, 0));
    EXPECT_EQ(FM_TIMED_OUT, look());
}

TEST_F(clocks, t5_stopping_one_that_is_due_keeps_it_ready_when_the_clock_is_set_back) {
    for (uint32_t flags : {0u, FM_TIMER_MANUAL_RESET}) {
        shift_of_utc = 0;
        set_absolute(flags, hour);
        shift_of_utc = hour + minute;
        EXPECT_EQ(FM_OK, fm_timer_cancel(timer_)); // nobody else has looked
        shift_of_utc = -hour;
        EXPECT_EQ(FM_OK, look());
        EXPECT_EQ(flags != 0 ? FM_OK : FM_TIMED_OUT, look());
        EXPECT_EQ(FM_OK, fm_close(timer_));
        timer_ = nullptr;
    }
}

TEST_F(clocks, t2_a_moment_taken_is_not_due_again) {
    set_absolute(0, hour);
    shift_of_utc = hour + minute;
    EXPECT_EQ(FM_OK, look());
    shift_of_utc = 0;
    EXPECT_EQ(FM_TIMED_OUT, look());
    shift_of_utc = hour + minute;
    EXPECT_EQ(FM_TIMED_OUT, look());
    EXPECT_EQ(FM_OK, fm_timer_cancel(timer_));
    EXPECT_EQ(FM_TIMED_OUT, look());
}

/// All periods that have passed together let one waiter through, as on Windows; those of a clock that goes over the same
/// hours again do not count twice.
TEST_F(clocks, t3_periods_of_a_clock_that_jumps) {
    set_absolute(0, hour, 60000);
    shift_of_utc = 3 * hour + minute / 2;
    EXPECT_EQ(FM_OK, look());
    EXPECT_EQ(FM_TIMED_OUT, look());
    EXPECT_EQ(60000u, query().period_ms);
    shift_of_utc = 2 * hour;
    EXPECT_EQ(FM_TIMED_OUT, look());
    shift_of_utc = 3 * hour - minute;
    EXPECT_EQ(FM_TIMED_OUT, look());
    shift_of_utc = 3 * hour + 2 * minute;
    EXPECT_EQ(FM_OK, look());
    EXPECT_EQ(FM_TIMED_OUT, look());
}

TEST_F(clocks, t2_relative_ones_do_not_follow) {
    set_relative(0, hour);
    shift_of_utc = 10 * hour;
    EXPECT_EQ(FM_TIMED_OUT, look());
    shift_of_utc = -10 * hour;
    EXPECT_EQ(FM_TIMED_OUT, look());
    shift_of_monotonic = hour - minute;
    EXPECT_EQ(FM_TIMED_OUT, look());
    shift_of_monotonic = hour + minute;
    EXPECT_EQ(FM_OK, look());
    EXPECT_EQ(FM_TIMED_OUT, look());
}

/// More periods than a state can count, 2^29: it is due all the same.
TEST_F(clocks, t3_more_periods_than_are_counted) {
    set_relative(0, 1, 1);
    shift_of_monotonic = 2;
    EXPECT_EQ(FM_OK, look());
    for (int64_t days : {2, 6, 11, 30}) { // without a look between; 2^28 ms are 3.1 days, 2^29 are 6.2
        shift_of_monotonic = days * 24 * hour;
        EXPECT_EQ(1u, query().ready) << days;
        EXPECT_EQ(FM_OK, look()) << days;
    }
}

TEST_F(clocks, w12_waits_that_sleep_follow_too) {
    set_absolute(0, hour);
    for (bool several : {false, true}) {
        fm_handle never = nullptr;
        ASSERT_EQ(FM_OK, fm_event_create(nullptr, 0, nullptr, &never));
        shift_of_utc = 0;
        ASSERT_EQ(FM_OK, fm_timer_set(timer_, begun_ + hour * to_units, 0));
        fm_status status = FM_E_SYSTEM;
        uint32_t index = 9;
        std::thread waiter([&] {
            fm_handle both[] = {never, timer_};
            status = several ? fm_wait_any(both, 2, patience, &index) : fm_wait(timer_, patience);
        });
        std::this_thread::sleep_for(std::chrono::milliseconds(60));
        shift_of_utc = hour + minute;
        waiter.join();
        EXPECT_EQ(FM_OK, status);
        EXPECT_EQ(several ? 1u : 9u, index);
        EXPECT_EQ(FM_OK, fm_close(never));
    }
}

TEST_F(clocks, t2_due_moments_at_the_ends_of_time) {
    ASSERT_EQ(FM_OK, fm_timer_create(nullptr, 0, nullptr, &timer_));
    for (int64_t due : {INT64_MAX, INT64_MIN, INT64_MIN + 1, INT64_MAX - 1}) {
        for (uint32_t period : {0u, 1u, 0x7fffffffu}) {
            ASSERT_EQ(FM_OK, fm_timer_set(timer_, due, period)) << due;
            for (int64_t shift : {int64_t(0), hour, -hour, 200 * 365 * 24 * hour}) {
                shift_of_utc = shift;
                shift_of_monotonic = shift > 0 ? shift : 0;
                EXPECT_EQ(FM_TIMED_OUT, look()) << due << " " << shift;
                EXPECT_LE(0, query().due);
                if (shift > 0) continue; // the kernel would sleep by a clock that is behind ours
                EXPECT_EQ(FM_TIMED_OUT, fm_wait(timer_, 1'000'000)) << due << " " << shift;
            }
            shift_of_utc = shift_of_monotonic = 0;
        }
    }
}

} // namespace fm::fault
