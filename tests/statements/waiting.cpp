// Statements W for one object: what a wait takes, timeouts, and what cannot be waited for. Each test of the suite
// wait_one runs for each kind.
#include "statements/waitables.hpp"

namespace fm::test {

namespace {

class wait_one : public testing::TestWithParam<object_kind> {
protected:
    const object_kind &kind = GetParam();
};

/// All ways to wait for it have to fail alike, whatever the timeout, and to leave the other object alone.
void expect_no_wait(fm_status expected, fm_handle bad) {
    const handle good = new_event(FM_EVENT_SIGNALED);
    uint32_t index = poison<uint32_t>();
    for (const int64_t timeout : {INT64_C(0), millisecond, int64_t{FM_FOREVER}}) {
        EXPECT_STATUS(expected, fm_wait(bad, timeout));
        EXPECT_STATUS(expected, wait_any({bad}, timeout, &index));
        EXPECT_STATUS(expected, wait_any({good, bad}, timeout, &index)); // although the first is ready
        EXPECT_STATUS(expected, wait_any({bad, good}, timeout, &index));
        EXPECT_STATUS(expected, wait_all({bad}, timeout));
        EXPECT_STATUS(expected, wait_all({good, bad}, timeout));
        EXPECT_STATUS(expected, wait_all({bad, good}, timeout));
        EXPECT_STATUS(expected, fm_wait_many(&bad, 1, 0, timeout, nullptr, &index));
        EXPECT_STATUS(expected, fm_wait_many(&bad, 1, FM_WAIT_ALL, timeout, nullptr, &index));
    }
    EXPECT_EQ(poison<uint32_t>(), index);
    EXPECT_EQ(1u, taken_until_empty(good));
}

} // namespace

TEST_P(wait_one, w2_timeout_0_looks_and_returns) {
    unready_object object(kind);
    EXPECT_STATUS(FM_TIMED_OUT, look(object));
    object.make_ready();
    EXPECT_STATUS(FM_OK, look(object));
}

TEST_P(wait_one, w2_a_timeout_is_never_early) {
    const unready_object object(kind);
    for (const int64_t timeout : {INT64_C(1), INT64_C(999), 700 * millisecond / 1000, millisecond, 16 * millisecond,
                                  33 * millisecond + 1, 100 * millisecond}) {
        const stopwatch watch;
        EXPECT_STATUS(FM_TIMED_OUT, fm_wait(object, timeout));
        EXPECT_GE(watch.elapsed_ns(), timeout);
    }
}

TEST_P(wait_one, w2_a_timeout_is_no_failure_and_takes_nothing) {
    unready_object object(kind);
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_close(nullptr));
    const std::string before = last_error();
    EXPECT_STATUS(FM_TIMED_OUT, look(object));
    EXPECT_STATUS(FM_TIMED_OUT, fm_wait(object, millisecond));
    EXPECT_EQ(before, last_error());
    object.make_ready();
    EXPECT_STATUS(FM_OK, fm_wait(object, FM_FOREVER));
}

TEST_P(wait_one, w2_timeouts_that_are_none) {
    unready_object object(kind);
    object.make_ready();
    for (const int64_t timeout : {INT64_C(-2), INT64_C(-1000000), INT64_MIN, INT64_MIN + 1}) {
        const fm_handle one = object;
        uint32_t index = poison<uint32_t>();
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_wait(object, timeout));
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_wait_any(&one, 1, timeout, &index));
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_wait_all(&one, 1, timeout));
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_wait_many(&one, 1, 0, timeout, nullptr, &index));
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_signal_and_wait(new_event(), object, timeout));
        EXPECT_EQ(poison<uint32_t>(), index);
    }
    EXPECT_STATUS(FM_OK, look(object)); // nothing was taken
}

TEST_P(wait_one, w2_a_ready_object_is_taken_whatever_the_timeout) {
    for (const int64_t timeout : {INT64_C(0), INT64_C(1), patience_ns, INT64_MAX, int64_t{FM_FOREVER}}) {
        unready_object object(kind);
        object.make_ready();
        EXPECT_STATUS(FM_OK, fm_wait(object, timeout)) << timeout;
    }
}

TEST_P(wait_one, w2_the_longest_timeouts_wait) {
    for (const int64_t timeout : {INT64_MAX, INT64_MAX - 1, int64_t{FM_FOREVER}}) {
        unready_object object(kind);
        background waiting([&object, timeout] { return fm_wait(object, timeout); });
        waiting.settle();
        EXPECT_TRUE(waiting.still_waiting()) << timeout;
        object.make_ready_for_another();
        EXPECT_STATUS(FM_OK, waiting.status());
    }
}

TEST_P(wait_one, who_waits_is_woken) {
    unready_object object(kind);
    background waiting([&] { return fm_wait(object, FM_FOREVER); });
    EXPECT_TRUE(waiting.still_waiting());
    object.make_ready_for_another();
    EXPECT_STATUS(FM_OK, waiting.status());
}

TEST_P(wait_one, w8_closing_the_handle_of_a_wait_is_safe) {
    const std::string name = unique_name();
    unready_object object(kind, name);
    fm_handle used = opened_as(kind, name).release();
    background waiting([&] { return fm_wait(used, patience_ns); });
    waiting.settle();
    EXPECT_STATUS(FM_OK, fm_close(used));
    EXPECT_TRUE(waiting.still_waiting()); // with the object it found
    object.make_ready_for_another();
    EXPECT_STATUS(FM_OK, waiting.status());
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_wait(used, 0));
}

TEST_P(wait_one, m7_waiting_needs_the_right_to_wait) {
    const std::string name = unique_name();
    unready_object object(kind, name);
    object.make_ready();
    expect_no_wait(FM_E_ACCESS_DENIED, opened_as(kind, name, FM_ACCESS_MODIFY));
    expect_no_wait(FM_E_ACCESS_DENIED, duplicated(object, 0));
    EXPECT_STATUS(FM_OK, look(opened_as(kind, name, FM_ACCESS_WAIT))); // and nothing was taken
}

TEST_P(wait_one, w9_a_closed_handle) {
    const fm_handle gone = new_object(kind).release();
    ASSERT_STATUS(FM_OK, fm_close(gone));
    expect_no_wait(FM_E_INVALID_HANDLE, gone);
}

INSTANTIATE_TEST_SUITE_P(kinds, wait_one, testing::ValuesIn(waitable_kinds()), kind_name);

TEST(waiting, w8_closing_the_last_handle_during_a_wait_is_safe) {
    for (const object_kind &kind : modified_kinds()) {
        const fm_handle used = new_object(kind).release();
        background waiting([&] { return fm_wait(used, 150 * millisecond); });
        waiting.settle();
        EXPECT_STATUS(FM_OK, fm_close(used));
        EXPECT_STATUS(FM_TIMED_OUT, waiting.status()) << kind;
    }
}

TEST(waiting, w9_null_and_made_up_handles) {
    expect_no_wait(FM_E_INVALID_HANDLE, nullptr);
    expect_no_wait(FM_E_INVALID_HANDLE, poison<fm_handle>());
}

TEST(waiting, o4_objects_that_cannot_be_waited_for) {
    handle list;
    ASSERT_STATUS(FM_OK, fm_list_open(0, list.out()));
    expect_no_wait(FM_E_WRONG_KIND, unnamed());
    expect_no_wait(FM_E_WRONG_KIND, list);
    const handle cancel = new_cancel();
    ASSERT_STATUS(FM_OK, fm_cancel_set(cancel));
    expect_no_wait(FM_E_WRONG_KIND, cancel);
}

TEST(waiting, what_is_said_of_a_failure_names_the_function) {
    const std::vector<std::pair<std::string, std::function<fm_status()>>> failing = {
        {"fm_event_create", [] { return fm_event_create("\\", 0, nullptr, nullptr); }},
        {"fm_event_open", [] { return fm_event_open(nullptr, FM_ACCESS_ALL, nullptr); }},
        {"fm_event_set", [] { return fm_event_set(nullptr); }},
        {"fm_event_reset", [] { return fm_event_reset(nullptr); }},
        {"fm_event_pulse", [] { return fm_event_pulse(nullptr); }},
        {"fm_mutex_create", [] { return fm_mutex_create("\\", 0, nullptr, nullptr); }},
        {"fm_mutex_open", [] { return fm_mutex_open(nullptr, FM_ACCESS_ALL, nullptr); }},
        {"fm_mutex_release", [] { return fm_mutex_release(nullptr); }},
        {"fm_semaphore_create", [] { return fm_semaphore_create(nullptr, 0, 0, nullptr, nullptr); }},
        {"fm_semaphore_open", [] { return fm_semaphore_open(nullptr, FM_ACCESS_ALL, nullptr); }},
        {"fm_semaphore_release", [] { return fm_semaphore_release(nullptr, 1, nullptr); }},
        {"fm_timer_create", [] { return fm_timer_create("\\", 0, nullptr, nullptr); }},
        {"fm_timer_open", [] { return fm_timer_open(nullptr, FM_ACCESS_ALL, nullptr); }},
        {"fm_timer_set", [] { return fm_timer_set(nullptr, 0, 0); }},
        {"fm_timer_cancel", [] { return fm_timer_cancel(nullptr); }},
        {"fm_wait", [] { return fm_wait(nullptr, 0); }},
        {"fm_wait_any", [] { return fm_wait_any(nullptr, 1, 0, nullptr); }},
        {"fm_wait_all", [] { return fm_wait_all(nullptr, 1, 0); }},
        {"fm_wait_many", [] { return fm_wait_many(nullptr, 1, 0, 0, nullptr, nullptr); }},
        {"fm_signal_and_wait", [] { return fm_signal_and_wait(nullptr, nullptr, 0); }},
        {"fm_cancel_create", [] { return fm_cancel_create(nullptr); }},
        {"fm_cancel_set", [] { return fm_cancel_set(nullptr); }},
        {"fm_cancel_reset", [] { return fm_cancel_reset(nullptr); }}};
    for (const auto &[function, call] : failing) {
        EXPECT_LT(call(), 0) << function;
        EXPECT_EQ(0u, last_error().rfind(function + ":", 0)) << last_error();
    }
}

TEST(waiting, w1_statuses_have_the_numbers_of_win32) {
    EXPECT_EQ(0, fm_status_win32(FM_OK));
    EXPECT_EQ(0x80, fm_status_win32(FM_ABANDONED));
    EXPECT_EQ(0x102, fm_status_win32(FM_TIMED_OUT));
    EXPECT_EQ(6, fm_status_win32(FM_E_INVALID_HANDLE));
    EXPECT_EQ(288, fm_status_win32(FM_E_NOT_OWNER));
    EXPECT_EQ(298, fm_status_win32(FM_E_TOO_MANY));
    EXPECT_EQ(64u, FM_MAX_WAIT);
}

} // namespace fm::test
