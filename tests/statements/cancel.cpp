// Cancel objects: they end waits of this process. They have no counterpart among Win32's statements.
#include "statements/waitables.hpp"

namespace fm::test {

namespace {

fm_status wait_many(const std::vector<fm_handle> &objects, uint32_t flags, int64_t timeout_ns, fm_handle cancel,
                    uint32_t *out_index = nullptr) {
    return fm_wait_many(objects.data(), static_cast<uint32_t>(objects.size()), flags, timeout_ns, cancel, out_index);
}

const std::initializer_list<uint32_t> any_and_all = {0u, FM_WAIT_ALL};

} // namespace

TEST(cancel, an_unset_one_changes_nothing) {
    const handle cancel = new_cancel(), event = new_event(), ready = new_event(FM_EVENT_SIGNALED);
    uint32_t index = poison<uint32_t>();
    for (const uint32_t flags : any_and_all) {
        EXPECT_STATUS(FM_TIMED_OUT, wait_many({event}, flags, 0, cancel));
        const stopwatch watch;
        EXPECT_STATUS(FM_TIMED_OUT, wait_many({event}, flags, 20 * millisecond, cancel));
        EXPECT_GE(watch.elapsed_ns(), 20 * millisecond);
    }
    EXPECT_STATUS(FM_OK, wait_many({event, ready}, 0, FM_FOREVER, cancel, &index));
    EXPECT_EQ(1u, index);
    const handle gone = abandoned_mutex();
    EXPECT_STATUS(FM_ABANDONED, wait_many({event, gone}, 0, 0, cancel, &index));
    EXPECT_EQ(1u, index);
    EXPECT_STATUS(FM_OK, fm_mutex_release(gone));
}

TEST(cancel, set_before_the_wait) {
    const handle cancel = new_cancel(), event = new_event(FM_EVENT_SIGNALED), semaphore = new_semaphore(1, 1),
                 gone = abandoned_mutex();
    ASSERT_STATUS(FM_OK, fm_cancel_set(cancel));
    uint32_t index = poison<uint32_t>();
    for (const uint32_t flags : any_and_all) {
        for (const int64_t timeout : {INT64_C(0), millisecond, int64_t{FM_FOREVER}}) {
            EXPECT_STATUS(FM_E_CANCELLED, wait_many({event, semaphore, gone}, flags, timeout, cancel, &index));
            EXPECT_STATUS(FM_E_CANCELLED, wait_many({new_event()}, flags, timeout, cancel, &index));
        }
    }
    EXPECT_EQ(poison<uint32_t>(), index);
    EXPECT_EQ(1u, taken_until_empty(event)); // nothing was taken
    EXPECT_EQ(1u, taken_until_empty(semaphore));
    EXPECT_STATUS(FM_ABANDONED, look(gone));
    EXPECT_STATUS(FM_OK, fm_mutex_release(gone));
}

TEST(cancel, set_while_another_thread_waits) {
    for (const object_kind &kind : waitable_kinds()) {
        for (const uint32_t flags : any_and_all) {
            SCOPED_TRACE(kind);
            const handle cancel = new_cancel();
            unready_object object(kind);
            background waiting([&] { return wait_many({object}, flags, FM_FOREVER, cancel); });
            EXPECT_TRUE(waiting.still_waiting());
            EXPECT_STATUS(FM_OK, fm_cancel_set(cancel));
            EXPECT_STATUS(FM_E_CANCELLED, waiting.status());
            object.make_ready();
            EXPECT_STATUS(FM_OK, look(object));
        }
    }
}

TEST(cancel, a_wait_for_64_objects) {
    for (const uint32_t flags : any_and_all) {
        const handle cancel = new_cancel();
        std::vector<std::unique_ptr<unready_object>> all;
        std::vector<fm_handle> objects;
        for (std::size_t i = 0; i < FM_MAX_WAIT; ++i) {
            all.push_back(std::make_unique<unready_object>(waitable_kinds()[i % 4]));
            objects.push_back(*all.back());
        }
        background waiting([&] { return wait_many(objects, flags, patience_ns, cancel); });
        EXPECT_TRUE(waiting.still_waiting());
        EXPECT_STATUS(FM_OK, fm_cancel_set(cancel));
        EXPECT_STATUS(FM_E_CANCELLED, waiting.status());
        uint32_t index = poison<uint32_t>();
        EXPECT_STATUS(FM_OK, fm_cancel_reset(cancel));
        background again([&] { return wait_many(objects, 0, patience_ns, cancel, &index); });
        again.settle();
        all[63]->make_ready_for_another();
        EXPECT_STATUS(FM_OK, again.status());
        EXPECT_EQ(63u, index);
    }
}

TEST(cancel, a_wait_for_all_takes_nothing) {
    const handle cancel = new_cancel(), ready = new_event(FM_EVENT_SIGNALED), missing = new_event();
    background waiting([&] { return wait_many({ready, missing}, FM_WAIT_ALL, patience_ns, cancel); });
    waiting.settle();
    EXPECT_STATUS(FM_OK, fm_cancel_set(cancel));
    EXPECT_STATUS(FM_E_CANCELLED, waiting.status());
    EXPECT_STATUS(FM_OK, look(ready));
    EXPECT_STATUS(FM_OK, fm_event_set(missing));
    EXPECT_STATUS(FM_OK, look(missing));
}

TEST(cancel, stays_set_until_it_is_reset) {
    const handle cancel = new_cancel(), event = new_event(FM_EVENT_SIGNALED);
    EXPECT_STATUS(FM_OK, fm_cancel_set(cancel));
    EXPECT_STATUS(FM_OK, fm_cancel_set(cancel));
    for (int i = 0; i < 3; ++i) EXPECT_STATUS(FM_E_CANCELLED, wait_many({event}, 0, FM_FOREVER, cancel));
    EXPECT_STATUS(FM_OK, fm_cancel_reset(cancel));
    EXPECT_STATUS(FM_OK, fm_cancel_reset(cancel));
    EXPECT_STATUS(FM_OK, wait_many({event}, 0, FM_FOREVER, cancel));
    EXPECT_STATUS(FM_TIMED_OUT, wait_many({event}, 0, millisecond, cancel));
}

TEST(cancel, one_ends_many_waits) {
    const handle cancel = new_cancel(), other_cancel = new_cancel(), event = new_event();
    std::vector<std::unique_ptr<background>> waiting;
    for (int i = 0; i < 8; ++i) {
        const fm_handle given = i < 6 ? cancel : other_cancel;
        waiting.push_back(
            std::make_unique<background>([&event, given] { return wait_many({event}, 0, patience_ns, given); }));
    }
    for (const auto &one : waiting) one->settle();
    EXPECT_STATUS(FM_OK, fm_cancel_set(cancel));
    for (int i = 0; i < 6; ++i) EXPECT_STATUS(FM_E_CANCELLED, waiting[i]->status());
    EXPECT_TRUE(waiting[6]->still_waiting());
    EXPECT_TRUE(waiting[7]->still_waiting());
    EXPECT_STATUS(FM_OK, fm_event_set(event)); // the waits that ended have taken no signal with them
    EXPECT_STATUS(FM_OK, fm_cancel_set(other_cancel));
    unsigned through = 0, cancelled = 0;
    for (int i = 6; i < 8; ++i) {
        const fm_status status = waiting[i]->status();
        through += status == FM_OK;
        cancelled += status == FM_E_CANCELLED;
    }
    EXPECT_EQ(2u, through + cancelled);
    EXPECT_EQ(1u, through + taken_until_empty(event)); // the one signal is taken or there
}

TEST(cancel, a_cancelled_waiter_passes_no_signal_by) {
    const handle event = new_event();
    for (int round = 0; round < 200; ++round) {
        const handle cancel = new_cancel();
        background cancelled([&] { return wait_many({event}, 0, patience_ns, cancel); });
        background patient([&] { return fm_wait(event, patience_ns); });
        if (round % 4 == 0) pause_ms(2);
        background setting([&] { return fm_event_set(event); });
        EXPECT_STATUS(FM_OK, fm_cancel_set(cancel));
        EXPECT_STATUS(FM_OK, setting.status());
        const fm_status status = cancelled.status();
        if (status == FM_OK) { // it took the signal: the other still needs one
            EXPECT_STATUS(FM_OK, fm_event_set(event));
        } else {
            EXPECT_STATUS(FM_E_CANCELLED, status);
        }
        ASSERT_STATUS(FM_OK, patient.status());
        ASSERT_STATUS(FM_TIMED_OUT, look(event));
    }
}

TEST(cancel, set_and_reset_at_once_ends_a_wait_or_not_but_harms_none) {
    const handle cancel = new_cancel(), event = new_event();
    for (int round = 0; round < 50; ++round) {
        background waiting([&] { return wait_many({event}, 0, patience_ns, cancel); });
        if (round % 2) waiting.settle();
        EXPECT_STATUS(FM_OK, fm_cancel_set(cancel));
        EXPECT_STATUS(FM_OK, fm_cancel_reset(cancel));
        EXPECT_STATUS(FM_OK, fm_event_set(event));
        const fm_status status = waiting.status();
        EXPECT_TRUE(status == FM_OK || status == FM_E_CANCELLED) << describe(status);
        EXPECT_EQ(status == FM_OK ? 0u : 1u, taken_until_empty(event));
    }
}

TEST(cancel, closing_it_while_a_wait_uses_it) {
    const handle event = new_event();
    fm_handle cancel = new_cancel().release();
    background waiting([&] { return wait_many({event}, 0, patience_ns, cancel); });
    waiting.settle();
    EXPECT_STATUS(FM_OK, fm_close(cancel));
    EXPECT_TRUE(waiting.still_waiting());
    EXPECT_STATUS(FM_OK, fm_event_set(event));
    EXPECT_STATUS(FM_OK, waiting.status());
}

TEST(cancel, handles_that_are_none) {
    const handle event = new_event(FM_EVENT_SIGNALED), mapping = unnamed(), timer = new_timer();
    handle list;
    ASSERT_STATUS(FM_OK, fm_list_open(0, list.out()));
    const fm_handle gone = new_cancel().release();
    ASSERT_STATUS(FM_OK, fm_close(gone));
    for (const uint32_t flags : any_and_all) {
        EXPECT_STATUS(FM_E_INVALID_HANDLE, wait_many({event}, flags, 0, gone));
        EXPECT_STATUS(FM_E_INVALID_HANDLE, wait_many({event}, flags, FM_FOREVER, poison<fm_handle>()));
        for (const fm_handle wrong : {fm_handle(event), fm_handle(mapping), fm_handle(timer), fm_handle(list)}) {
            EXPECT_STATUS(FM_E_WRONG_KIND, wait_many({event}, flags, FM_FOREVER, wrong));
        }
    }
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_cancel_set(gone));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_cancel_reset(gone));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_cancel_set(nullptr));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_cancel_reset(nullptr));
    for (const fm_handle wrong : {fm_handle(event), fm_handle(mapping), fm_handle(timer), fm_handle(list)}) {
        EXPECT_STATUS(FM_E_WRONG_KIND, fm_cancel_set(wrong));
        EXPECT_STATUS(FM_E_WRONG_KIND, fm_cancel_reset(wrong));
    }
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_cancel_create(nullptr));
    EXPECT_EQ(1u, taken_until_empty(event));
}

TEST(cancel, what_is_wrong_with_the_wait_is_told_first) {
    const handle cancel = new_cancel(), mapping = unnamed();
    ASSERT_STATUS(FM_OK, fm_cancel_set(cancel));
    uint32_t index = poison<uint32_t>();
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_wait_many(nullptr, 1, 0, 0, cancel, &index));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, wait_many({}, 0, 0, cancel, &index));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, wait_many({mapping}, 2, 0, cancel, &index));
    EXPECT_STATUS(FM_E_WRONG_KIND, wait_many({mapping}, 0, 0, cancel, &index));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, wait_many({nullptr}, 0, 0, cancel, &index));
    EXPECT_EQ(poison<uint32_t>(), index);
}

TEST(cancel, is_this_processs_own) {
    const handle cancel = new_cancel();
    fm_handle none = poison<fm_handle>();
    fm_token token = poison<fm_token>();
    const fm_token untouched = token;
    EXPECT_STATUS(FM_E_WRONG_KIND, fm_duplicate(cancel, 0, FM_DUPLICATE_SAME_ACCESS, &none));
    EXPECT_STATUS(FM_E_WRONG_KIND, fm_duplicate(cancel, 0, 0, &none));
    EXPECT_STATUS(FM_E_WRONG_KIND, fm_export_token(cancel, 0, &token));
    EXPECT_EQ(poison<fm_handle>(), none);
    EXPECT_EQ(0, std::memcmp(&untouched, &token, sizeof token));
    EXPECT_STATUS(FM_E_WRONG_KIND, look(cancel));
    EXPECT_EQ("", name_of(cancel));
}

TEST(cancel, query) {
    const handle cancel = new_cancel();
    EXPECT_EQ(FM_KIND_CANCEL, queried(cancel).kind);
    EXPECT_EQ(0u, queried(cancel).ready);
    EXPECT_STATUS(FM_OK, fm_cancel_set(cancel));
    EXPECT_EQ(1u, queried(cancel).ready);
    EXPECT_STATUS(FM_OK, fm_cancel_reset(cancel));
    EXPECT_EQ(0u, queried(cancel).ready);
}

TEST(cancel, many_of_them) {
    const uint64_t before = open_handle_count();
    {
        std::vector<handle> all;
        for (int i = 0; i < 500; ++i) all.push_back(new_cancel());
        EXPECT_STATUS(FM_OK, fm_cancel_set(all[250]));
        for (int i = 0; i < 500; ++i) EXPECT_EQ(i == 250, queried(all[i]).ready == 1);
    }
    EXPECT_EQ(before, open_handle_count());
}

} // namespace fm::test
