// Ending waits from elsewhere: cancel objects and std::stop_token.
#include "support.hpp"

#include <stop_token>
#include <thread>

using namespace std::chrono_literals;

TEST(cancel, ends_waits_before_and_during) {
    const auto event = fm::event::create_unnamed();
    const auto cancel = fm::cancel::create();
    EXPECT_TRUE(event.wait(cancel, 1ms).timed_out());
    std::thread canceller([&] { cancel.set(); });
    EXPECT_TRUE(event.wait(cancel, fm::test::patience).cancelled());
    canceller.join();
    EXPECT_TRUE(fm::wait_any({event}, cancel).cancelled());
    EXPECT_TRUE(fm::wait_all({event}, cancel).cancelled());
    EXPECT_EQ(cancel.query().kind, fm::kind::cancel);
}

TEST(cancel, takes_nothing_and_can_be_used_again) {
    const auto event = fm::event::create_unnamed({.signaled = true});
    const auto cancel = fm::cancel::create();
    cancel.set();
    EXPECT_FALSE(event.wait(cancel));
    EXPECT_TRUE(event.query().ready);
    cancel.reset();
    EXPECT_EQ(event.wait(cancel).outcome, fm::outcome::taken);
    EXPECT_TRUE(event.wait(cancel, 1ms).timed_out());
}

TEST(cancel, ends_the_waits_of_each_kind) {
    const auto cancel = fm::cancel::create();
    cancel.set();
    EXPECT_TRUE(fm::mutex::create_unnamed().acquire(cancel).cancelled());
    EXPECT_TRUE(fm::semaphore::create_unnamed().acquire(cancel).cancelled());
    EXPECT_TRUE(fm::timer::create_unnamed().wait(cancel).cancelled());
    EXPECT_EQ(error_of([&] { (void)fm::event::create_unnamed().wait(fm::cancel(), 0s); }).code(),
              fm::errc::invalid_handle)
        << "an empty one is no permission to wait for ever";
}

TEST(stop_token, ends_waits_before_and_during) {
    const auto event = fm::event::create_unnamed();
    std::stop_source stop;
    EXPECT_TRUE(event.wait(stop.get_token(), 1ms).timed_out());
    std::thread stopper([&] { stop.request_stop(); });
    EXPECT_TRUE(event.wait(stop.get_token(), fm::test::patience).cancelled());
    stopper.join();
    event.set();
    EXPECT_TRUE(fm::wait_any({event}, stop.get_token()).cancelled()) << "requested before";
    EXPECT_TRUE(fm::wait_all({event}, stop.get_token(), 1s).cancelled());
    EXPECT_TRUE(event.try_wait());
}

TEST(stop_token, without_a_source_does_nothing) {
    const auto event = fm::event::create_unnamed({.signaled = true});
    EXPECT_EQ(event.wait(std::stop_token()).outcome, fm::outcome::taken);
    EXPECT_TRUE(event.wait(std::stop_token(), 1ms).timed_out());
}

TEST(stop_token, ends_the_waits_of_a_jthread) {
    const auto units = fm::semaphore::create_unnamed({.initial = 2});
    auto mutex = fm::mutex::create_unnamed();
    fm::outcome last = fm::outcome::taken;
    {
        const std::jthread worker([&](const std::stop_token &stop) {
            const fm::cancel_on_stop by(stop);
            while (last == fm::outcome::taken) last = fm::wait_all({units, mutex}, by).outcome;
            mutex.unlock();
            mutex.unlock();
        });
        const auto limit = std::chrono::steady_clock::now() + fm::test::patience;
        while (units.query().count > 0 && std::chrono::steady_clock::now() < limit) std::this_thread::sleep_for(1ms);
    }
    EXPECT_EQ(last, fm::outcome::cancelled);
    EXPECT_EQ(units.query().count, 0u);
    EXPECT_TRUE(mutex.query().ready);
}
