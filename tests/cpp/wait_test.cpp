// Waiting for several objects, signalling while waiting, and the conversion of the standard's times.
#include "support.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <list>
#include <ranges>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using std::chrono::system_clock;

namespace {

constexpr std::int64_t forever = FM_FOREVER;
using thirds = std::chrono::duration<std::int64_t, std::ratio<1, 3>>;

static_assert(fm::detail::nanoseconds_of(2s) == 2'000'000'000);
static_assert(fm::detail::nanoseconds_of(std::chrono::duration<int, std::pico>(1)) == 1, "rounded up");
static_assert(fm::detail::nanoseconds_of(std::chrono::duration<double>(0.25)) == 250'000'000);
static_assert(fm::detail::nanoseconds_of(thirds(1)) == 333'333'334);
static_assert(fm::detail::nanoseconds_of(thirds(24'000'000'000)) == 8'000'000'000'000'000'000);
static_assert(fm::detail::nanoseconds_of(-1500us) == -1'500'000);
static_assert(fm::detail::nanoseconds_of(std::chrono::hours::max()) == std::numeric_limits<std::int64_t>::max());
static_assert(fm::detail::nanoseconds_of(std::chrono::hours::min()) == std::numeric_limits<std::int64_t>::min());
static_assert(fm::detail::nanoseconds_of(std::chrono::nanoseconds::max()) == std::numeric_limits<std::int64_t>::max());

/// A clock that tells what the test gave it, one reading after the other, and the last one from then on.
struct told_clock {
    using duration = std::chrono::milliseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<told_clock>;
    static constexpr bool is_steady = false;
    static inline std::vector<duration> readings; // the next one last
    static inline int read = 0;

    static time_point now() {
        ++read;
        const duration reading = readings.back();
        if (readings.size() > 1) readings.pop_back();
        return time_point(reading);
    }
};

/// Leaves the mutex to a thread that ends without releasing it.
void abandon(const fm::mutex &mutex) {
    std::thread([&] { EXPECT_STATUS(FM_OK, fm_wait(mutex.native_handle(), 0)); }).join();
}

} // namespace

TEST(deadline, durations_become_nanoseconds) {
    EXPECT_EQ(fm::deadline().left(), forever);
    EXPECT_EQ(fm::deadline(3us).left(), 3000);
    EXPECT_EQ(fm::deadline(0s).left(), 0);
    EXPECT_EQ(fm::deadline(-1h).left(), 0);
    EXPECT_EQ(fm::deadline(std::chrono::hours::max()).left(), forever);
    EXPECT_EQ(fm::deadline(std::chrono::hours::min()).left(), 0);
    EXPECT_EQ(fm::deadline(std::chrono::duration<double>(1e300)).left(), forever);
    EXPECT_EQ(fm::deadline(std::chrono::duration<double>(std::numeric_limits<double>::quiet_NaN())).left(), 0);
}

TEST(deadline, time_points_are_what_is_left_until_then) {
    EXPECT_EQ(fm::deadline(steady_clock::now() - 1s).left(), 0);
    EXPECT_EQ(fm::deadline(steady_clock::time_point::max()).left(), forever);
    EXPECT_EQ(fm::deadline(steady_clock::time_point::min()).left(), 0);
    EXPECT_EQ(fm::deadline(std::chrono::sys_time<std::chrono::hours>::max()).left(), forever);
    EXPECT_EQ(fm::deadline(std::chrono::sys_time<std::chrono::hours>::min()).left(), 0);
    const std::int64_t left = fm::deadline(system_clock::now() + 1h).left();
    EXPECT_GT(left, std::chrono::nanoseconds(59min).count());
    EXPECT_LE(left, std::chrono::nanoseconds(1h).count());
    told_clock::readings = {-10ms};
    EXPECT_EQ(fm::deadline(told_clock::time_point(5ms)).left(), 15'000'000);
    EXPECT_EQ(fm::deadline(told_clock::time_point(-11ms)).left(), 0);
    const std::chrono::time_point<told_clock, std::chrono::hours> far(std::chrono::hours(24 * 365 * 291));
    told_clock::readings = {-24h * 365 * 290};
    EXPECT_EQ(fm::deadline(far).left(), forever) << "581 years are more than 64 bits hold";
}

TEST(deadline, a_clock_that_is_set_back_prolongs_the_wait) {
    const auto event = fm::event::create_unnamed();
    const told_clock::time_point at(1000ms);
    told_clock::readings = {1000ms, 995ms, 990ms}; // 10 ms left; set back, 5 ms left; reached
    told_clock::read = 0;
    const auto started = steady_clock::now();
    EXPECT_FALSE(event.wait_until(at));
    EXPECT_EQ(told_clock::read, 3);
    EXPECT_GE(steady_clock::now() - started, 14ms);
}

TEST(wait_any, takes_the_first_that_is_ready_and_that_one_alone) {
    const auto never = fm::event::create_unnamed();
    const auto semaphore = fm::semaphore::create_unnamed({.initial = 1});
    const auto event = fm::event::create_unnamed({.signaled = true});
    EXPECT_EQ(fm::wait_any({never, semaphore, event}), (fm::wait_result{fm::outcome::taken, 1}));
    EXPECT_EQ(semaphore.query().count, 0u);
    EXPECT_TRUE(event.query().ready);
    EXPECT_EQ(fm::wait_any({never, semaphore, event}, 1s).index, 2u);
    EXPECT_TRUE(fm::wait_any({never, semaphore, event}, 1ms).timed_out());
    EXPECT_TRUE(fm::wait_any({never, event}, steady_clock::now() + 1ms).timed_out());
    EXPECT_TRUE(fm::wait_any({never, event}, system_clock::now() + 1ms).timed_out());
}

TEST(wait_any, is_woken_by_any) {
    const auto first = fm::event::create_unnamed();
    const auto timer = fm::timer::create_unnamed();
    std::thread setter([&] { timer.set(5ms); });
    EXPECT_EQ(fm::wait_any({first, timer}, fm::test::patience).index, 1u);
    setter.join();
}

TEST(wait_any, tells_which_mutex_was_abandoned) {
    const auto event = fm::event::create_unnamed();
    auto mutex = fm::mutex::create_unnamed();
    abandon(mutex);
    const fm::wait_result result = fm::wait_any({event, mutex}, fm::test::patience);
    EXPECT_TRUE(result);
    EXPECT_TRUE(result.abandoned());
    EXPECT_EQ(result.index, 1u);
    EXPECT_NO_THROW(mutex.unlock());
}

TEST(wait_any, takes_ranges_of_handles) {
    std::vector<fm::event> events;
    for (int i = 0; i < 64; ++i) events.push_back(fm::event::create_unnamed());
    events[63].set();
    EXPECT_EQ(fm::wait_any(events, 1s).index, 63u);

    std::list<std::reference_wrapper<const fm::event>> some{events[2], events[5]};
    events[5].set();
    EXPECT_EQ(fm::wait_any(some, 1s).index, 1u);

    const auto natives = events | std::views::transform([](const fm::event &event) { return event.native_handle(); });
    events[7].set();
    EXPECT_EQ(fm::wait_any(natives, 1s).index, 7u);
    events.push_back(fm::event::create_unnamed());
    EXPECT_EQ(error_of([&] { (void)fm::wait_any(events); }).code(), fm::errc::invalid_argument);
}

TEST(wait_any, refuses_what_cannot_be_waited_for) {
    const auto event = fm::event::create_unnamed({.signaled = true});
    const auto mapping = fm::mapping::create_unnamed(4096);
    EXPECT_EQ(error_of([&] { (void)fm::wait_any({event, mapping}); }).code(), fm::errc::wrong_kind);
    const fm::event empty;
    EXPECT_EQ(error_of([&] { (void)fm::wait_any({empty, event}, 0s); }).code(), fm::errc::invalid_handle);
    EXPECT_EQ(error_of([] { (void)fm::wait_any(std::vector<fm::event>()); }).code(), fm::errc::invalid_argument);
    const auto setter = event.duplicate({.access = fm::access::modify});
    EXPECT_EQ(error_of([&] { (void)fm::wait_any({event, setter}); }).code(), fm::errc::access_denied);
    EXPECT_TRUE(event.try_wait()) << "nothing was taken";
}

TEST(wait_all, takes_all_together_or_nothing) {
    const auto event = fm::event::create_unnamed({.signaled = true});
    const auto semaphore = fm::semaphore::create_unnamed();
    EXPECT_TRUE(fm::wait_all({event, semaphore}, 5ms).timed_out());
    EXPECT_TRUE(event.query().ready);
    std::thread giver([&] { semaphore.release(); });
    EXPECT_EQ(fm::wait_all({event, semaphore}, fm::test::patience).outcome, fm::outcome::taken);
    giver.join();
    EXPECT_FALSE(event.query().ready);
    EXPECT_EQ(semaphore.query().count, 0u);
}

TEST(wait_all, tells_that_a_mutex_was_abandoned) {
    const auto event = fm::event::create_unnamed({.signaled = true});
    auto mutex = fm::mutex::create_unnamed();
    abandon(mutex);
    EXPECT_TRUE(fm::wait_all({event, mutex}, fm::test::patience).abandoned());
    EXPECT_FALSE(event.query().ready);
    EXPECT_NO_THROW(mutex.unlock());
}

TEST(wait_all, refuses_an_object_twice) {
    const auto event = fm::event::create_unnamed({.manual_reset = true, .signaled = true});
    EXPECT_EQ(error_of([&] { (void)fm::wait_all({event, event}); }).code(), fm::errc::invalid_argument);
    EXPECT_EQ(fm::wait_any({event, event}).index, 0u);
}

TEST(signal_and_wait, signals_then_waits) {
    const auto mine = fm::event::create_unnamed();
    const auto theirs = fm::event::create_unnamed();
    std::thread other([&] {
        theirs.wait();
        mine.set();
    });
    EXPECT_EQ(fm::signal_and_wait(theirs, mine, fm::test::patience).outcome, fm::outcome::taken);
    other.join();
}

TEST(signal_and_wait, signals_once_however_long_it_waits) {
    const auto units = fm::semaphore::create_unnamed();
    const auto never = fm::event::create_unnamed();
    told_clock::readings = {1000ms, 998ms, 996ms}; // waits twice
    EXPECT_TRUE(fm::signal_and_wait(units, never, told_clock::time_point(1000ms)).timed_out());
    EXPECT_EQ(units.query().count, 1u);
}

TEST(signal_and_wait, waits_for_nothing_where_it_cannot_signal) {
    auto mutex = fm::mutex::create_unnamed();
    const auto full = fm::semaphore::create_unnamed({.initial = 1, .maximum = 1});
    const auto timer = fm::timer::create_unnamed();
    const auto ready = fm::event::create_unnamed({.signaled = true});
    EXPECT_EQ(error_of([&] { (void)fm::signal_and_wait(mutex, ready); }).code(), fm::errc::not_owner);
    EXPECT_EQ(error_of([&] { (void)fm::signal_and_wait(full, ready); }).code(), fm::errc::too_many);
    EXPECT_EQ(error_of([&] { (void)fm::signal_and_wait(timer, ready); }).code(), fm::errc::wrong_kind);
    EXPECT_TRUE(ready.query().ready);
    mutex.lock();
    EXPECT_TRUE(fm::signal_and_wait(mutex, ready, 1s));
    EXPECT_EQ(error_of([&] { mutex.unlock(); }).code(), fm::errc::not_owner) << "it was released";
}
