// fm::timer: due after a duration and at a time, once and again, and times that are far away or past.
#include "support.hpp"

#include <chrono>

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using std::chrono::system_clock;

TEST(timer, is_not_set_at_first) {
    const auto timer = fm::timer::create_unnamed();
    EXPECT_FALSE(timer.try_wait());
    const fm::info info = timer.query();
    EXPECT_EQ(info.kind, fm::kind::timer);
    EXPECT_FALSE(info.ready);
    EXPECT_FALSE(info.manual_reset);
    EXPECT_FALSE(info.due.has_value());
}

TEST(timer, is_due_after_a_duration_and_not_before) {
    const auto timer = fm::timer::create_unnamed();
    const auto started = steady_clock::now();
    timer.set(30ms);
    EXPECT_FALSE(timer.try_wait());
    EXPECT_TRUE(timer.wait_for(fm::test::patience));
    EXPECT_GE(steady_clock::now() - started, 29ms);
    EXPECT_FALSE(timer.try_wait()) << "once, and automatic reset";
}

TEST(timer, is_due_at_a_time_of_the_systems_clock) {
    const auto timer = fm::timer::create_unnamed();
    const auto at = system_clock::now() + 30ms;
    timer.set(at);
    timer.wait();
    EXPECT_GE(system_clock::now(), at - 1ms);
}

TEST(timer, what_is_past_is_due_at_once) {
    const auto timer = fm::timer::create_unnamed({.manual_reset = true});
    const auto due_at_once = [&](auto when) {
        timer.set(1h);
        EXPECT_FALSE(timer.try_wait());
        timer.set(when);
        EXPECT_TRUE(timer.wait_for(fm::test::patience));
    };
    due_at_once(0s);
    due_at_once(-5min);
    due_at_once(std::chrono::hours::min());
    due_at_once(system_clock::now() - 1h);
    due_at_once(std::chrono::sys_days(std::chrono::year(1500) / 1 / 1));
    due_at_once(std::chrono::sys_time<std::chrono::hours>::min());
}

TEST(timer, what_is_far_away_does_not_come_early) {
    const auto timer = fm::timer::create_unnamed();
    const auto stays_set = [&](auto when) {
        timer.set(when);
        EXPECT_FALSE(timer.wait_for(5ms));
        EXPECT_GT(timer.query().due.value_or(std::chrono::nanoseconds::max()), 24h * 365 * 50);
    };
    stays_set(24h * 365 * 100);
    stays_set(std::chrono::hours::max());
    stays_set(std::chrono::duration<double>(1e300));
    stays_set(std::chrono::sys_days(std::chrono::year(2200) / 1 / 1));
    stays_set(std::chrono::sys_time<std::chrono::hours>::max());
}

TEST(timer, comes_again_after_each_period) {
    const auto timer = fm::timer::create_unnamed();
    const auto started = steady_clock::now();
    timer.set(10ms, 20ms);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(timer.wait_for(fm::test::patience));
    EXPECT_GE(steady_clock::now() - started, 49ms);
    EXPECT_EQ(timer.query().period, 20ms);
    timer.cancel();
}

TEST(timer, a_period_is_rounded_up_and_checked) {
    const auto timer = fm::timer::create_unnamed();
    EXPECT_NO_THROW(timer.set(1h, 1us));
    EXPECT_EQ(timer.query().period, 1ms);
    EXPECT_EQ(error_of([&] { timer.set(1ms, -1s); }).code(), fm::errc::invalid_argument);
    EXPECT_EQ(error_of([&] { timer.set(1ms, std::chrono::milliseconds(0x80000000)); }).code(),
              fm::errc::invalid_argument);
    EXPECT_EQ(error_of([&] { timer.set(1ms, std::chrono::hours::max()); }).code(), fm::errc::invalid_argument);
    EXPECT_FALSE(timer.wait_for(5ms)) << "what was refused has set nothing";
}

TEST(timer, with_manual_reset_stays_ready_until_it_is_set_again) {
    const auto timer = fm::timer::create_unnamed({.manual_reset = true});
    EXPECT_TRUE(timer.query().manual_reset);
    timer.set(1ms);
    timer.wait();
    EXPECT_TRUE(timer.try_wait());
    EXPECT_TRUE(timer.query().ready);
    timer.set(1h);
    EXPECT_FALSE(timer.try_wait());
}

TEST(timer, cancel_stops_it_and_leaves_it_as_it_is) {
    const auto timer = fm::timer::create_unnamed({.manual_reset = true});
    timer.set(20ms);
    timer.cancel();
    EXPECT_FALSE(timer.wait_for(40ms));
    timer.set(0ms);
    timer.wait();
    timer.cancel();
    EXPECT_TRUE(timer.try_wait());
}

TEST(timer, a_name_is_one_object) {
    const std::string name = unique_name();
    const auto timer = fm::timer::create(name);
    fm::timer::open(name, fm::access::modify).set(0s);
    const auto waiter = fm::timer::open(name, fm::access::wait);
    EXPECT_EQ(error_of([&] { waiter.set(1s); }).code(), fm::errc::access_denied);
    EXPECT_EQ(error_of([&] { waiter.cancel(); }).code(), fm::errc::access_denied);
    EXPECT_TRUE(waiter.wait_for(fm::test::patience));
}
