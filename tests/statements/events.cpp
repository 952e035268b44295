// Statements E: events.
#include "statements/waitables.hpp"

namespace fm::test {

namespace {

/// Threads that wait for an event, and how many of them it has let through.
class crowd {
public:
    crowd(fm_handle event, unsigned count) {
        for (unsigned i = 0; i < count; ++i)
            waiting_.push_back(std::make_unique<background>([event] { return fm_wait(event, patience_ns); }));
    }
    void settle() {
        for (const auto &one : waiting_) one->settle();
    }
    unsigned let_through() const {
        unsigned count = 0;
        for (const auto &one : waiting_) count += one->done();
        return count;
    }
    /// False where fewer came through in the given time.
    bool comes_to(unsigned count, int64_t within_ns = patience_ns) const {
        const stopwatch watch;
        while (let_through() < count && watch.elapsed_ns() < within_ns) pause_ms(1);
        return let_through() >= count;
    }
    /// Waits for all of them; each has to have been let through.
    void join() {
        for (const auto &one : waiting_) EXPECT_STATUS(FM_OK, one->status());
    }

private:
    std::vector<std::unique_ptr<background>> waiting_;
};

/// True where one pulse let all of a crowd through. The crowd is given longer each time: who is not waiting yet misses
/// a pulse by right.
bool one_pulse_frees_all(fm_handle event) {
    for (int attempt = 1; attempt <= 6; ++attempt) {
        crowd waiting(event, 3);
        waiting.settle();
        pause_ms(50 * attempt);
        EXPECT_STATUS(FM_OK, fm_event_pulse(event));
        const bool all = waiting.comes_to(3, 2000 * millisecond);
        EXPECT_STATUS(FM_OK, fm_event_set(event)); // lets the rest go
        waiting.join();
        EXPECT_STATUS(FM_OK, fm_event_reset(event));
        if (all) return true;
    }
    return false;
}

} // namespace

TEST(events, begin_as_the_flags_say) {
    EXPECT_STATUS(FM_TIMED_OUT, look(new_event()));
    EXPECT_STATUS(FM_TIMED_OUT, look(new_event(FM_EVENT_MANUAL_RESET)));
    const handle once = new_event(FM_EVENT_SIGNALED), always = new_event(FM_EVENT_SIGNALED | FM_EVENT_MANUAL_RESET);
    EXPECT_EQ(1u, taken_until_empty(once));
    for (int i = 0; i < 3; ++i) EXPECT_STATUS(FM_OK, look(always));
}

TEST(events, n3_flags_are_ignored_for_an_existing_event) {
    const std::string name = unique_name();
    const handle made = new_event(0, name);
    handle again;
    ASSERT_STATUS(FM_EXISTED,
                  fm_event_create(name.c_str(), FM_EVENT_SIGNALED | FM_EVENT_MANUAL_RESET, nullptr, again.out()));
    EXPECT_STATUS(FM_TIMED_OUT, look(again));
    EXPECT_EQ(0u, queried(again).manual);
    EXPECT_STATUS(FM_OK, fm_event_set(again));
    EXPECT_EQ(1u, taken_until_empty(again)); // still auto-reset
}

TEST(events, e1_manual_reset_stays_set_until_it_is_reset) {
    const handle event = new_event(FM_EVENT_MANUAL_RESET);
    EXPECT_STATUS(FM_OK, fm_event_set(event));
    for (int i = 0; i < 5; ++i) EXPECT_STATUS(FM_OK, look(event));
    EXPECT_STATUS(FM_OK, fm_event_reset(event));
    EXPECT_STATUS(FM_TIMED_OUT, look(event));
    EXPECT_STATUS(FM_OK, fm_event_reset(event)); // no error
    EXPECT_STATUS(FM_TIMED_OUT, look(event));
}

TEST(events, e1_manual_reset_lets_all_waiters_through) {
    const handle event = new_event(FM_EVENT_MANUAL_RESET);
    crowd waiting(event, 4);
    waiting.settle();
    EXPECT_EQ(0u, waiting.let_through());
    EXPECT_STATUS(FM_OK, fm_event_set(event));
    waiting.join();
    EXPECT_STATUS(FM_OK, look(event));
}

TEST(events, e1_auto_reset_lets_exactly_one_through_and_resets) {
    const handle event = new_event();
    crowd waiting(event, 4);
    waiting.settle();
    for (unsigned through = 1; through <= 4; ++through) {
        EXPECT_STATUS(FM_OK, fm_event_set(event));
        ASSERT_TRUE(waiting.comes_to(through));
        pause_ms(30);
        EXPECT_EQ(through, waiting.let_through());
        EXPECT_EQ(0u, queried(event).ready);
    }
    waiting.join();
    EXPECT_STATUS(FM_TIMED_OUT, look(event));
}

TEST(events, e1_auto_reset_stays_set_while_nobody_waits) {
    const handle event = new_event();
    EXPECT_STATUS(FM_OK, fm_event_set(event));
    pause_ms(20);
    EXPECT_STATUS(FM_OK, look(event));
    EXPECT_STATUS(FM_TIMED_OUT, look(event));
}

TEST(events, e1_setting_twice_is_one_signal) {
    const handle event = new_event();
    EXPECT_STATUS(FM_OK, fm_event_set(event));
    EXPECT_STATUS(FM_OK, fm_event_set(event));
    EXPECT_EQ(1u, taken_until_empty(event));
}

TEST(events, e1_reset_takes_an_unused_signal_back) {
    const handle event = new_event(FM_EVENT_SIGNALED);
    EXPECT_STATUS(FM_OK, fm_event_reset(event));
    EXPECT_STATUS(FM_TIMED_OUT, look(event));
}

TEST(events, e2_set_reset_and_pulse_need_modify) {
    const std::string name = unique_name();
    const handle event = new_event(FM_EVENT_MANUAL_RESET, name);
    handle waiter;
    ASSERT_STATUS(FM_OK, fm_event_open(name.c_str(), FM_ACCESS_WAIT, waiter.out()));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_event_set(waiter));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_event_pulse(waiter));
    EXPECT_STATUS(FM_TIMED_OUT, look(waiter));
    EXPECT_STATUS(FM_OK, fm_event_set(event));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_event_reset(waiter));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_event_pulse(waiter));
    EXPECT_STATUS(FM_OK, look(waiter));
}

TEST(events, e3_pulse_without_a_waiter_just_resets) {
    for (const uint32_t manual : {0u, FM_EVENT_MANUAL_RESET}) {
        const handle unset = new_event(manual), set = new_event(manual | FM_EVENT_SIGNALED);
        EXPECT_STATUS(FM_OK, fm_event_pulse(unset));
        EXPECT_STATUS(FM_OK, fm_event_pulse(set));
        EXPECT_EQ(0u, queried(unset).ready);
        EXPECT_EQ(0u, queried(set).ready);
        EXPECT_STATUS(FM_TIMED_OUT, look(unset));
        EXPECT_STATUS(FM_TIMED_OUT, look(set));
        EXPECT_STATUS(FM_TIMED_OUT, fm_wait(set, 20 * millisecond)); // nor does it reach who comes later
        EXPECT_STATUS(FM_OK, fm_event_set(set));                     // and it works as before
        EXPECT_STATUS(FM_OK, look(set));
    }
}

TEST(events, e3_pulse_of_a_manual_event_lets_all_current_waiters_through) {
    EXPECT_TRUE(one_pulse_frees_all(new_event(FM_EVENT_MANUAL_RESET)));
}

TEST(events, e3_pulse_of_an_auto_event_lets_one_through) {
    const handle event = new_event();
    for (unsigned crowd_size : {1u, 3u}) {
        crowd waiting(event, crowd_size);
        waiting.settle();
        unsigned pulses = 0;
        for (unsigned through = 0; through < crowd_size && pulses < 1000;) {
            EXPECT_STATUS(FM_OK, fm_event_pulse(event));
            ++pulses;
            pause_ms(30);
            ASSERT_LE(waiting.let_through(), pulses); // never two by one pulse
            through = waiting.let_through();
        }
        EXPECT_EQ(crowd_size, waiting.let_through());
        EXPECT_STATUS(FM_TIMED_OUT, look(event));
        for (unsigned i = waiting.let_through(); i < crowd_size; ++i) EXPECT_STATUS(FM_OK, fm_event_set(event));
        waiting.join();
    }
}

TEST(events, e3_pulse_does_not_satisfy_a_part_of_a_wait_all) {
    for (const uint32_t manual : {0u, FM_EVENT_MANUAL_RESET}) {
        const handle pulsed = new_event(manual), other = new_event(FM_EVENT_MANUAL_RESET);
        background both([&] { return wait_all({pulsed, other}, patience_ns); });
        both.settle();
        EXPECT_STATUS(FM_OK, fm_event_pulse(pulsed));
        EXPECT_STATUS(FM_OK, fm_event_set(other));
        EXPECT_TRUE(both.still_waiting()); // the pulse came before the other was set, and is gone
        EXPECT_STATUS(FM_OK, fm_event_set(pulsed));
        EXPECT_STATUS(FM_OK, both.status());
    }
}

TEST(events, e3_pulse_completes_a_wait_all_whose_rest_is_ready) {
    for (const uint32_t manual : {0u, FM_EVENT_MANUAL_RESET}) {
        const handle pulsed = new_event(manual), other = new_event(FM_EVENT_SIGNALED);
        background both([&] { return wait_all({pulsed, other}, patience_ns); });
        both.settle();
        for (int i = 0; i < 1000 && !both.done(); ++i) { // it may be missed
            EXPECT_STATUS(FM_OK, fm_event_pulse(pulsed));
            pause_ms(20);
        }
        EXPECT_TRUE(both.done());
        EXPECT_STATUS(FM_OK, fm_event_set(pulsed));
        EXPECT_STATUS(FM_OK, both.status());
        EXPECT_STATUS(FM_TIMED_OUT, look(other)); // taken together
    }
}

TEST(events, e3_pulse_reaches_a_wait_any_with_its_index) {
    for (const uint32_t manual : {0u, FM_EVENT_MANUAL_RESET}) {
        const handle first = new_event(), pulsed = new_event(manual), third = new_event();
        uint32_t index = poison<uint32_t>();
        background any([&] { return wait_any({first, pulsed, third}, patience_ns, &index); });
        any.settle();
        for (int i = 0; i < 1000 && !any.done(); ++i) {
            EXPECT_STATUS(FM_OK, fm_event_pulse(pulsed));
            pause_ms(20);
        }
        EXPECT_TRUE(any.done());
        EXPECT_STATUS(FM_OK, fm_event_set(first)); // ends it where no pulse did
        EXPECT_STATUS(FM_OK, any.status());
        EXPECT_EQ(1u, index);
    }
}

TEST(events, what_was_written_before_setting_is_seen_by_whom_it_lets_through) {
    const handle full = new_event(), empty = new_event(FM_EVENT_SIGNALED);
    constexpr unsigned rounds = 2000;
    unsigned item = 0, wrong = 0; // guarded by the events alone
    background producer([&] {
        for (unsigned i = 1; i <= rounds; ++i) {
            if (fm_status status = fm_wait(empty, patience_ns); status != FM_OK) return status;
            item = i;
            if (fm_status status = fm_event_set(full); status != FM_OK) return status;
        }
        return fm_status{FM_OK};
    });
    for (unsigned i = 1; i <= rounds; ++i) {
        ASSERT_STATUS(FM_OK, fm_wait(full, patience_ns));
        wrong += item != i;
        ASSERT_STATUS(FM_OK, fm_event_set(empty));
    }
    EXPECT_STATUS(FM_OK, producer.status());
    EXPECT_EQ(0u, wrong);
}

} // namespace fm::test
