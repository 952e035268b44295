// Statement W11: signal one object and wait for another.
#include "statements/waitables.hpp"

namespace fm::test {

namespace {

/// The call has to fail, and neither of the objects may change: `waited` is ready with one unit to take.
void expect_nothing_done(fm_status expected, fm_handle to_signal) {
    const handle waited = new_semaphore(1, 1);
    for (const int64_t timeout : {INT64_C(0), int64_t{FM_FOREVER}}) {
        EXPECT_STATUS(expected, fm_signal_and_wait(to_signal, waited, timeout));
    }
    EXPECT_EQ(1u, taken_until_empty(waited));
}

} // namespace

TEST(signal_and_wait, w11_sets_an_event) {
    for (const uint32_t manual : {0u, FM_EVENT_MANUAL_RESET}) {
        const handle event = new_event(manual), waited = new_event(FM_EVENT_SIGNALED);
        EXPECT_STATUS(FM_OK, fm_signal_and_wait(event, waited, 0));
        EXPECT_STATUS(FM_TIMED_OUT, look(waited));
        EXPECT_STATUS(FM_OK, look(event));
    }
}

TEST(signal_and_wait, w11_releases_a_mutex_once) {
    const handle mutex = new_mutex(FM_MUTEX_OWNED), waited = new_event(FM_EVENT_SIGNALED);
    ASSERT_STATUS(FM_OK, look(mutex));
    EXPECT_STATUS(FM_OK, fm_signal_and_wait(mutex, waited, 0));
    EXPECT_EQ(1u, queried(mutex).count);
    EXPECT_STATUS(FM_TIMED_OUT, fm_signal_and_wait(mutex, waited, 0));
    EXPECT_STATUS(FM_E_NOT_OWNER, fm_mutex_release(mutex));
}

TEST(signal_and_wait, w11_releases_one_unit_of_a_semaphore) {
    const handle semaphore = new_semaphore(0, 3), waited = new_event(FM_EVENT_SIGNALED);
    EXPECT_STATUS(FM_OK, fm_signal_and_wait(semaphore, waited, FM_FOREVER));
    EXPECT_EQ(1u, taken_until_empty(semaphore));
}

TEST(signal_and_wait, w11_waits_for_each_kind) {
    for (const object_kind &kind : waitable_kinds()) {
        SCOPED_TRACE(kind);
        const handle event = new_event();
        unready_object waited(kind);
        background call([&] { return fm_signal_and_wait(event, waited, patience_ns); });
        EXPECT_STATUS(FM_OK, fm_wait(event, patience_ns)); // the signal is there before the wait ends
        EXPECT_TRUE(call.still_waiting());
        waited.make_ready_for_another();
        EXPECT_STATUS(FM_OK, call.status());
    }
}

TEST(signal_and_wait, the_signal_stays_although_the_wait_times_out) {
    const handle event = new_event(), never = new_event();
    const stopwatch watch;
    EXPECT_STATUS(FM_TIMED_OUT, fm_signal_and_wait(event, never, 30 * millisecond));
    EXPECT_GE(watch.elapsed_ns(), 30 * millisecond);
    EXPECT_STATUS(FM_OK, look(event));
}

TEST(signal_and_wait, one_object_for_both) {
    const handle event = new_event(), semaphore = new_semaphore(0, 1), mutex = new_mutex(FM_MUTEX_OWNED);
    EXPECT_STATUS(FM_OK, fm_signal_and_wait(event, event, 0));
    EXPECT_STATUS(FM_TIMED_OUT, look(event));
    EXPECT_STATUS(FM_OK, fm_signal_and_wait(semaphore, semaphore, 0));
    EXPECT_EQ(0u, queried(semaphore).count);
    EXPECT_STATUS(FM_OK, fm_signal_and_wait(mutex, mutex, 0));
    EXPECT_EQ(1u, queried(mutex).count);
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
}

TEST(signal_and_wait, w6_the_awaited_mutex_was_abandoned) {
    const handle event = new_event(), mutex = abandoned_mutex();
    EXPECT_STATUS(FM_ABANDONED, fm_signal_and_wait(event, mutex, 0));
    EXPECT_STATUS(FM_OK, look(event));
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
}

TEST(signal_and_wait, w11_a_mutex_that_the_caller_does_not_own) {
    const handle mutex = new_mutex(), gone = abandoned_mutex();
    expect_nothing_done(FM_E_NOT_OWNER, mutex);
    expect_nothing_done(FM_E_NOT_OWNER, gone);
    const mutex_owner owner(mutex);
    expect_nothing_done(FM_E_NOT_OWNER, mutex);
}

TEST(signal_and_wait, w11_a_semaphore_at_its_maximum) {
    const handle semaphore = new_semaphore(3, 3), largest = new_semaphore(largest_count, largest_count);
    expect_nothing_done(FM_E_TOO_MANY, semaphore);
    expect_nothing_done(FM_E_TOO_MANY, largest);
    EXPECT_EQ(3u, queried(semaphore).count);
    EXPECT_EQ(largest_count, queried(largest).count);
}

TEST(signal_and_wait, w11_what_cannot_be_signalled) {
    const handle timer = new_timer(), mapping = unnamed(), cancel = new_cancel();
    handle list;
    ASSERT_STATUS(FM_OK, fm_list_open(0, list.out()));
    for (const fm_handle wrong : {fm_handle(timer), fm_handle(mapping), fm_handle(cancel), fm_handle(list)}) {
        expect_nothing_done(FM_E_WRONG_KIND, wrong);
    }
    EXPECT_EQ(0u, queried(timer).ready);
    EXPECT_EQ(0u, queried(cancel).ready);
}

TEST(signal_and_wait, what_cannot_be_waited_for_is_no_reason_to_signal) {
    const handle event = new_event(), mapping = unnamed(), cancel = new_cancel();
    const std::string name = unique_name();
    const handle named = new_event(FM_EVENT_SIGNALED, name), modifier = duplicated(named, FM_ACCESS_MODIFY);
    EXPECT_STATUS(FM_E_WRONG_KIND, fm_signal_and_wait(event, mapping, 0));
    EXPECT_STATUS(FM_E_WRONG_KIND, fm_signal_and_wait(event, cancel, 0));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_signal_and_wait(event, nullptr, 0));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_signal_and_wait(event, modifier, FM_FOREVER));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_signal_and_wait(event, named, -2));
    EXPECT_STATUS(FM_TIMED_OUT, look(event));
    EXPECT_STATUS(FM_OK, look(named));
}

TEST(signal_and_wait, closed_handles) {
    const handle event = new_event();
    const fm_handle gone = new_event().release();
    ASSERT_STATUS(FM_OK, fm_close(gone));
    expect_nothing_done(FM_E_INVALID_HANDLE, gone);
    expect_nothing_done(FM_E_INVALID_HANDLE, nullptr);
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_signal_and_wait(event, gone, FM_FOREVER));
    EXPECT_STATUS(FM_TIMED_OUT, look(event));
}

TEST(signal_and_wait, signalling_needs_modify_but_for_a_mutex) {
    const handle event = new_event(), semaphore = new_semaphore(0, 1), mutex = new_mutex(FM_MUTEX_OWNED);
    expect_nothing_done(FM_E_ACCESS_DENIED, duplicated(event, FM_ACCESS_WAIT));
    expect_nothing_done(FM_E_ACCESS_DENIED, duplicated(semaphore, FM_ACCESS_WAIT));
    EXPECT_STATUS(FM_TIMED_OUT, look(event));
    EXPECT_STATUS(FM_TIMED_OUT, look(semaphore));
    EXPECT_STATUS(FM_OK, fm_signal_and_wait(duplicated(mutex, FM_ACCESS_WAIT), new_event(FM_EVENT_SIGNALED), 0)); // M8
    EXPECT_STATUS(FM_E_NOT_OWNER, fm_mutex_release(mutex));
}

TEST(signal_and_wait, a_pulse_sent_in_answer_is_not_lost) {
    for (const uint32_t manual : {0u, FM_EVENT_MANUAL_RESET}) {
        const handle request = new_event(), answer = new_event(manual);
        constexpr unsigned rounds = 500;
        background answering([&] {
            for (unsigned i = 0; i < rounds; ++i) {
                if (fm_status status = fm_wait(request, patience_ns); status != FM_OK) return status;
                if (fm_status status = fm_event_pulse(answer); status != FM_OK) return status;
            }
            return fm_status{FM_OK};
        });
        unsigned answered = 0;
        while (answered < rounds && fm_signal_and_wait(request, answer, 5000 * millisecond) == FM_OK) ++answered;
        EXPECT_EQ(rounds, answered);
        for (unsigned i = answered; i < rounds && !answering.done(); ++i) { // lets the other end
            EXPECT_STATUS(FM_OK, fm_event_set(request));
            pause_ms(1);
        }
        EXPECT_STATUS(FM_OK, answering.status());
    }
}

TEST(signal_and_wait, two_threads_in_turn) {
    const handle ping = new_event(), pong = new_event();
    constexpr int rounds = 2000;
    int turns = 0; // guarded by the events alone
    background other([&] {
        if (fm_status status = fm_wait(ping, patience_ns); status != FM_OK) return status;
        for (int i = 1; i < rounds; ++i) {
            ++turns;
            if (fm_status status = fm_signal_and_wait(pong, ping, patience_ns); status != FM_OK) return status;
        }
        return fm_event_set(pong);
    });
    for (int i = 0; i < rounds; ++i) {
        ASSERT_STATUS(FM_OK, fm_signal_and_wait(ping, pong, patience_ns));
        ++turns;
    }
    EXPECT_STATUS(FM_OK, other.status());
    EXPECT_EQ(2 * rounds - 1, turns);
}

} // namespace fm::test
