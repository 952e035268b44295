// Processes with and without futex_waitv that wait for the same objects: both are woken.
#include "process/puppet.hpp"
#include "process/waitables.hpp"

namespace fm::test {

namespace {

/// Each test with a child that does without, beside one that does not or beside another such one.
class fallback : public testing::TestWithParam<bool> {
protected:
    static child_options without() {
        child_options options;
        options.environment = {{"FILEMAP_NO_FUTEX_WAITV", "1"}};
        return options;
    }
    void both_open(const char *opener, const char *slot, const std::string &name) {
        for (puppet *each : {&old_, &other_}) ASSERT_EQ("FM_OK", each->ask(opener, slot, name, "all"));
    }

    puppet old_{without()};
    puppet other_{GetParam() ? without() : child_options()};
    const std::string name_ = unique_name(), second_ = unique_name("-2");
};

} // namespace

TEST_P(fallback, an_event_for_each) {
    const handle event = new_event(name_);
    both_open("open_event", "a", name_);
    for (int round = 0; round < 5; ++round) {
        old_.tell("wait", "a");
        other_.tell("wait", "a");
        settle();
        ASSERT_STATUS(FM_OK, fm_event_set(event));
        ASSERT_TRUE(becomes_ready(event, false));
        ASSERT_STATUS(FM_OK, fm_event_set(event));
        EXPECT_EQ("FM_OK", old_.answer());
        EXPECT_EQ("FM_OK", other_.answer());
    }
}

TEST_P(fallback, any_and_all_of_the_same) {
    const handle event = new_event(name_, FM_EVENT_MANUAL_RESET), units = new_semaphore(second_, 0, 10);
    both_open("open_event", "e", name_);
    both_open("open_semaphore", "s", second_);
    for (int round = 0; round < 3; ++round) {
        old_.tell("wait_any", patience_ms, "e", "s");
        other_.tell("wait_all", patience_ms, "s", "e");
        settle();
        ASSERT_STATUS(FM_OK, fm_event_set(event));
        EXPECT_EQ("FM_OK 0", old_.answer());
        ASSERT_STATUS(FM_OK, fm_semaphore_release(units, 1, nullptr));
        EXPECT_EQ("FM_OK", other_.answer());
        ASSERT_STATUS(FM_OK, fm_event_reset(event));
        old_.tell("wait_all", patience_ms, "e", "s");
        other_.tell("wait_any", patience_ms, "s", "e");
        settle();
        ASSERT_STATUS(FM_OK, fm_semaphore_release(units, 1, nullptr));
        EXPECT_EQ("FM_OK 0", other_.answer());
        ASSERT_STATUS(FM_OK, fm_semaphore_release(units, 1, nullptr));
        ASSERT_STATUS(FM_OK, fm_event_set(event));
        EXPECT_EQ("FM_OK", old_.answer());
        ASSERT_STATUS(FM_OK, fm_event_reset(event));
    }
}

TEST_P(fallback, a_mutex_whose_owner_is_killed) {
    const handle mutex = new_mutex(name_), never = new_event(second_);
    both_open("open_mutex", "a", name_);
    both_open("open_event", "never", second_);
    for (const bool several : {false, true}) {
        puppet owner;
        ASSERT_EQ("FM_OK", owner.ask("open_mutex", "a", name_, "all"));
        ASSERT_EQ("FM_OK", owner.ask("wait", "a"));
        for (puppet *each : {&old_, &other_}) {
            if (several)
                each->tell("wait_any", patience_ms, "never", "a");
            else
                each->tell("wait", "a");
            each->tell("unlock", "a");
        }
        settle();
        owner.kill();
        EXPECT_EQ("killed", owner.wait());
        unsigned abandoned = 0;
        for (puppet *each : {&old_, &other_}) {
            const reply answer = each->answer();
            abandoned += answer == "FM_ABANDONED" || answer == "FM_ABANDONED 1";
            EXPECT_EQ("FM_OK", each->answer()) << answer;
        }
        EXPECT_EQ(1u, abandoned);
    }
}

TEST_P(fallback, a_timer_in_both_clocks) {
    const handle timer = new_timer(name_, FM_TIMER_MANUAL_RESET), never = new_event(second_);
    both_open("open_timer", "a", name_);
    both_open("open_event", "never", second_);
    old_.tell("wait", "a");
    other_.tell("wait_any", patience_ms, "a", "never");
    settle();
    ASSERT_STATUS(FM_OK, fm_timer_set(timer, 100 * due_millisecond, 0));
    EXPECT_EQ("FM_OK", old_.answer());
    EXPECT_EQ("FM_OK 0", other_.answer());
    const int64_t now_1601 = 116444736000000000 + std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::system_clock::now().time_since_epoch()).count() / 100;
    ASSERT_STATUS(FM_OK, fm_timer_set(timer, now_1601 + 3000000, 0)); // 300 ms, in UTC
    old_.tell("wait_any", patience_ms, "never", "a");
    other_.tell("wait", "a");
    EXPECT_EQ("FM_OK 1", old_.answer());
    EXPECT_EQ("FM_OK", other_.answer());
}

TEST_P(fallback, a_killed_waiter_swallows_nothing) {
    const handle event = new_event(name_), done = new_semaphore(second_, 0, 10);
    both_open("open_event", "a", name_);
    both_open("open_semaphore", "done", second_);
    for (int round = 0; round < 10; ++round) {
        puppet victim(round % 2 == 0 ? without() : child_options());
        ASSERT_EQ("FM_OK", victim.ask("open_event", "a", name_, "s"));
        victim.tell("wait", "a");
        settle(5);
        for (puppet *each : {&old_, &other_}) {
            each->tell("wait", "a");
            each->tell("release", "done");
        }
        settle(10);
        ASSERT_STATUS(FM_OK, fm_event_set(event));
        victim.kill();
        ASSERT_EQ("killed", victim.wait());
        ASSERT_TRUE(becomes_ready(event, false)) << "round " << round << ": the event is set, and those who wait sleep";
        for (unsigned through = 0; through < 2;) {
            if (fm_wait(done, 10 * millisecond) == FM_OK)
                ++through;
            else
                ASSERT_STATUS(FM_OK, fm_event_set(event));
        }
        for (puppet *each : {&old_, &other_})
            for (int answers = 0; answers < 2; ++answers) EXPECT_EQ("FM_OK", each->answer());
        ASSERT_STATUS(FM_OK, fm_event_reset(event));
    }
}

INSTANTIATE_TEST_SUITE_P(beside, fallback, testing::Bool(),
                         [](const auto &beside) { return beside.param ? "another_without" : "one_that_has_it"; });

} // namespace fm::test
