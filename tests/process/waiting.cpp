// Events, semaphores and timers that several processes use: who is woken, how many are, and that a waiter which is
// killed takes no wake-up with it.
#include "process/puppet.hpp"
#include "process/waitables.hpp"

#include <random>

namespace fm::test {

namespace {

/// Children that have the object `of` as "a" and a semaphore as "done": each tells by a unit that its wait has ended.
class waiters {
public:
    waiters(const char *opener, const std::string &of, std::size_t count) : opener_(opener), of_(of), children_(count) {
        for (puppet &each : children_) introduce(each);
    }

    void introduce(puppet &one) {
        if (one.ask(opener_, "a", of_, "all") != "FM_OK" || one.ask("open_semaphore", "done", name_, "m") != "FM_OK")
            throw std::runtime_error("a child cannot open the objects");
    }
    bool one_ends_within(int64_t milliseconds) { return fm_wait(done_, milliseconds * millisecond) == FM_OK; }
    /// The unit is added as soon as the wait is over, without a word from here.
    void begin(puppet &one) {
        one.tell("wait", "a");
        one.tell("release", "done");
    }
    void begin_all() {
        for (puppet &each : children_) begin(each);
        settle();
    }
    void expect_ended(unsigned count = 1) {
        for (unsigned i = 0; i < count; ++i) ASSERT_STATUS(FM_OK, wait_for(done_));
    }
    void expect_no_other() {
        settle();
        EXPECT_STATUS(FM_TIMED_OUT, look(done_));
    }
    void expect_answers() {
        for (puppet &each : children_) {
            EXPECT_EQ("FM_OK", each.answer());
            EXPECT_EQ("FM_OK", each.answer());
        }
    }
    std::vector<puppet> &all() { return children_; }

private:
    std::string opener_, of_;
    const std::string name_ = unique_name("-done");
    const handle done_ = new_semaphore(name_, 0, 1000);
    std::vector<puppet> children_;
};

} // namespace

TEST(waiting_processes, e1_an_event_set_here_wakes_there) {
    const std::string name = unique_name();
    const handle event = new_event(name);
    waiters others("open_event", name, 1);
    others.begin_all();
    others.expect_no_other();
    EXPECT_STATUS(FM_OK, fm_event_set(event));
    others.expect_answers();
    EXPECT_STATUS(FM_TIMED_OUT, look(event)); // it was taken there
    EXPECT_EQ("FM_OK", others.all()[0].ask("set", "a"));
    EXPECT_STATUS(FM_OK, look(event)); // and the other way round
}

TEST(waiting_processes, e1_automatic_reset_wakes_exactly_one_of_several) {
    const std::string name = unique_name();
    const handle event = new_event(name);
    waiters others("open_event", name, 3);
    others.begin_all();
    for (int round = 0; round < 3; ++round) {
        ASSERT_STATUS(FM_OK, fm_event_set(event));
        others.expect_ended();
        others.expect_no_other();
        EXPECT_STATUS(FM_TIMED_OUT, look(event));
    }
    others.expect_answers();
}

TEST(waiting_processes, e1_manual_reset_wakes_all) {
    const std::string name = unique_name();
    const handle event = new_event(name, FM_EVENT_MANUAL_RESET);
    waiters others("open_event", name, 3);
    others.begin_all();
    others.expect_no_other();
    ASSERT_STATUS(FM_OK, fm_event_set(event));
    others.expect_ended(3);
    others.expect_answers();
    EXPECT_STATUS(FM_OK, look(event));
    EXPECT_EQ("FM_OK", others.all()[0].ask("reset", "a"));
    EXPECT_STATUS(FM_TIMED_OUT, look(event));
}

TEST(waiting_processes, s3_units_wake_as_many_as_there_are) {
    const std::string name = unique_name();
    const handle semaphore = new_semaphore(name, 0, 10);
    waiters others("open_semaphore", name, 4);
    others.begin_all();
    uint32_t before = 99;
    ASSERT_STATUS(FM_OK, fm_semaphore_release(semaphore, 3, &before));
    EXPECT_EQ(0u, before);
    others.expect_ended(3);
    others.expect_no_other();
    puppet third;
    ASSERT_EQ("FM_OK", third.ask("open_semaphore", "a", name, "m"));
    EXPECT_EQ("FM_E_ACCESS_DENIED", third.ask("wait", "a", 0));
    EXPECT_EQ("FM_OK", third.ask("release", "a", 2)); // two processes gave, one takes
    others.expect_ended();
    others.expect_answers();
    EXPECT_EQ(1u, queried(semaphore).count);
    EXPECT_EQ("FM_E_TOO_MANY", third.ask("release", "a", 10));
}

TEST(waiting_processes, s4_units_of_a_killed_process_are_lost) {
    const std::string name = unique_name();
    const handle semaphore = new_semaphore(name, 2, 2);
    puppet other;
    ASSERT_EQ("FM_OK", other.ask("open_semaphore", "a", name, "all"));
    ASSERT_EQ("FM_OK", other.ask("wait", "a"));
    other.kill();
    EXPECT_EQ("killed", other.wait());
    EXPECT_EQ(1u, queried(semaphore).count);
    EXPECT_STATUS(FM_OK, look(semaphore));
    EXPECT_STATUS(FM_TIMED_OUT, look(semaphore));
}

TEST(waiting_processes, t2_a_timer_set_here_wakes_there) {
    const std::string name = unique_name();
    const handle timer = new_timer(name);
    waiters others("open_timer", name, 2);
    others.begin_all();
    others.expect_no_other();
    ASSERT_STATUS(FM_OK, fm_timer_set(timer, 50 * due_millisecond, 0));
    others.expect_ended();
    others.expect_no_other(); // automatic reset: one due moment lets one through
    ASSERT_STATUS(FM_OK, fm_timer_set(timer, 0, 0));
    others.expect_ended();
    others.expect_answers();
}

TEST(waiting_processes, t4_a_timer_of_a_process_that_has_ended_goes_on) {
    const std::string name = unique_name();
    const handle timer = new_timer(name, FM_TIMER_MANUAL_RESET);
    puppet setter;
    ASSERT_EQ("FM_OK", setter.ask("open_timer", "a", name, "m"));
    ASSERT_EQ("FM_OK", setter.ask("arm", "a", 300 * due_millisecond, 0));
    setter.kill();
    EXPECT_EQ("killed", setter.wait());
    EXPECT_STATUS(FM_OK, wait_for(timer));
    EXPECT_STATUS(FM_OK, look(timer));
}

TEST(waiting_processes, t3_periods_are_shared_out) {
    const std::string name = unique_name();
    const handle timer = new_timer(name);
    waiters others("open_timer", name, 3);
    others.begin_all();
    ASSERT_STATUS(FM_OK, fm_timer_set(timer, 0, 20));
    others.expect_ended(3);
    others.expect_answers();
}

TEST(waiting_processes, w5_all_are_taken_together_or_none) {
    const std::string names[] = {unique_name("-event"), unique_name("-units"), unique_name("-mutex")};
    const handle event = new_event(names[0]), units = new_semaphore(names[1], 0, 5);
    const handle mutex = new_mutex(names[2], FM_MUTEX_OWNED);
    puppet other;
    ASSERT_EQ("FM_OK", other.ask("open_event", "e", names[0], "all"));
    ASSERT_EQ("FM_OK", other.ask("open_semaphore", "s", names[1], "all"));
    ASSERT_EQ("FM_OK", other.ask("open_mutex", "m", names[2], "all"));
    other.tell("wait_all", patience_ms, "e", "s", "m");
    settle();
    ASSERT_STATUS(FM_OK, fm_event_set(event));
    ASSERT_STATUS(FM_OK, fm_semaphore_release(units, 2, nullptr));
    settle();
    EXPECT_STATUS(FM_OK, look(event)); // not taken while the mutex was missing, so it is there for others
    ASSERT_STATUS(FM_OK, fm_mutex_release(mutex));
    settle();
    EXPECT_EQ(2u, queried(units).count);
    ASSERT_STATUS(FM_OK, fm_event_set(event));
    EXPECT_EQ("FM_OK", other.answer());
    EXPECT_EQ(1u, queried(units).count);
    EXPECT_STATUS(FM_TIMED_OUT, look(event));
    EXPECT_STATUS(FM_TIMED_OUT, look(mutex));
    EXPECT_EQ("FM_OK", other.ask("unlock", "m"));
    EXPECT_STATUS(FM_OK, look(mutex));
}

/// Each needs both objects, so none gets through while another has one of them.
TEST(waiting_processes, w5_two_processes_that_want_the_same_two) {
    const std::string one = unique_name("-one"), two = unique_name("-two");
    const handle first = new_mutex(one), second = new_mutex(two);
    std::vector<puppet> children(3);
    for (puppet &each : children) {
        ASSERT_EQ("FM_OK", each.ask("open_mutex", "1", one, "all"));
        ASSERT_EQ("FM_OK", each.ask("open_mutex", "2", two, "all"));
    }
    const int rounds = on_windows() ? 20 : 200;
    for (std::size_t i = 0; i < children.size(); ++i) {
        for (int round = 0; round < rounds; ++round) {
            const bool turned = i % 2 != 0; // the order of the handles must not matter
            children[i].tell("wait_all", patience_ms, turned ? "2" : "1", turned ? "1" : "2");
            children[i].tell("unlock", "1");
            children[i].tell("unlock", "2");
        }
    }
    for (puppet &each : children)
        for (int answers = 3 * rounds; answers-- > 0;) ASSERT_EQ("FM_OK", each.answer());
}

TEST(waiting_processes, w4_any_tells_which) {
    const std::string one = unique_name("-one"), two = unique_name("-two");
    const handle first = new_event(one), second = new_semaphore(two, 0, 5);
    puppet other;
    ASSERT_EQ("FM_OK", other.ask("open_event", "1", one, "s"));
    ASSERT_EQ("FM_OK", other.ask("open_semaphore", "2", two, "s"));
    other.tell("wait_any", patience_ms, "1", "2");
    settle();
    ASSERT_STATUS(FM_OK, fm_semaphore_release(second, 1, nullptr));
    EXPECT_EQ("FM_OK 1", other.answer());
    other.tell("wait_any", patience_ms, "1", "2");
    settle();
    ASSERT_STATUS(FM_OK, fm_event_set(first));
    EXPECT_EQ("FM_OK 0", other.answer());
    EXPECT_EQ("FM_TIMED_OUT", other.ask("wait_any", 1, "1", "2"));
}

TEST(waiting_processes, w11_two_processes_hand_over_to_each_other) {
    const std::string ping = unique_name("-ping"), pong = unique_name("-pong");
    const handle mine = new_event(ping), theirs = new_event(pong);
    puppet other;
    ASSERT_EQ("FM_OK", other.ask("open_event", "ping", ping, "all"));
    ASSERT_EQ("FM_OK", other.ask("open_event", "pong", pong, "all"));
    constexpr int rounds = 50;
    other.tell("wait", "pong");
    for (int round = 1; round < rounds; ++round) other.tell("signal_and_wait", "ping", "pong", patience_ms);
    other.tell("set", "ping");
    for (int round = 0; round < rounds; ++round) ASSERT_STATUS(FM_OK, fm_signal_and_wait(theirs, mine, patience_ns));
    for (int answers = 0; answers <= rounds; ++answers) EXPECT_EQ("FM_OK", other.answer());
}

/// An event is set once, and one of those who wait is killed about then. It may have taken the event first: then the
/// event is not set any more. But while it is set, those who wait must not sleep.
TEST(waiting_processes, a_killed_waiter_swallows_no_event) {
    std::mt19937 random(1);
    const int rounds = on_windows() ? 6 : 60;
    const std::string name = unique_name();
    const handle event = new_event(name);
    waiters others("open_event", name, 3);
    for (int round = 0; round < rounds; ++round) {
        puppet victim;
        others.introduce(victim);
        const bool first = random() % 4 != 0; // the sleepers are a queue, and the first one is given the wake-up
        if (first) victim.tell("wait", "a"), settle(5);
        for (puppet &each : others.all()) others.begin(each);
        if (!first) victim.tell("wait", "a");
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 8000));
        ASSERT_STATUS(FM_OK, fm_event_set(event));
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 3 * (random() % 200)));
        victim.kill();
        ASSERT_EQ("killed", victim.wait());
        ASSERT_TRUE(becomes_ready(event, false)) << "round " << round << ": the event is set, and those who wait sleep";
        for (unsigned through = 0; through < 3;) {
            if (others.one_ends_within(10))
                ++through;
            else
                ASSERT_STATUS(FM_OK, fm_event_set(event));
        }
        others.expect_answers();
        ASSERT_STATUS(FM_OK, fm_event_reset(event));
    }
}

/// Three units for the three who live, or for two of them where the victim took one before it was killed.
TEST(waiting_processes, a_killed_waiter_swallows_no_unit) {
    std::mt19937 random(2);
    const int rounds = on_windows() ? 6 : 60;
    const std::string name = unique_name();
    const handle units = new_semaphore(name, 0, 10);
    waiters others("open_semaphore", name, 3);
    for (int round = 0; round < rounds; ++round) {
        puppet victim;
        others.introduce(victim);
        victim.tell("wait", "a");
        settle(5);
        for (puppet &each : others.all()) others.begin(each);
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 8000));
        for (int unit = 0; unit < 3; ++unit) ASSERT_STATUS(FM_OK, fm_semaphore_release(units, 1, nullptr));
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 3 * (random() % 200)));
        victim.kill();
        ASSERT_EQ("killed", victim.wait());
        others.expect_ended(2);
        bool all = others.one_ends_within(20);
        if (!all) {
            ASSERT_TRUE(becomes_ready(units, false)) << "round " << round << ": there is a unit, and who waits sleeps";
            ASSERT_STATUS(FM_OK, fm_semaphore_release(units, 1, nullptr));
            others.expect_ended(1);
        }
        others.expect_answers();
        while (look(units) == FM_OK) continue;
    }
}

} // namespace fm::test
