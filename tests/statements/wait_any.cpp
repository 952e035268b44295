// Statements W for waiting for any of several objects: W3, W4, W6, W7, W10.
#include "statements/waitables.hpp"

namespace fm::test {

namespace {

/// A wait-any of these objects has to take the one of this index.
void expect_index(uint32_t expected, const std::vector<fm_handle> &objects, int64_t timeout_ns = 0,
                  fm_status news = FM_OK) {
    uint32_t index = poison<uint32_t>();
    EXPECT_STATUS(news, wait_any(objects, timeout_ns, &index));
    EXPECT_EQ(expected, index);
}

void expect_timeout(const std::vector<fm_handle> &objects, int64_t timeout_ns = 0) {
    uint32_t index = poison<uint32_t>();
    EXPECT_STATUS(FM_TIMED_OUT, wait_any(objects, timeout_ns, &index));
    EXPECT_EQ(poison<uint32_t>(), index);
}

const std::initializer_list<std::size_t> set_sizes = {1, 2, 3, 63, FM_MAX_WAIT};

} // namespace

TEST(wait_any, w3_one_to_64_objects) {
    for (const std::size_t count : set_sizes) {
        const std::vector<handle> events = new_events(count);
        const auto objects = values_of(events);
        expect_timeout(objects);
        expect_timeout(objects, 5 * millisecond);
        for (const std::size_t place : {std::size_t{0}, count / 2, count - 1}) {
            EXPECT_STATUS(FM_OK, fm_event_set(events[place]));
            expect_index(static_cast<uint32_t>(place), objects);
            expect_timeout(objects);
        }
    }
}

TEST(wait_any, w3_no_objects_or_too_many) {
    const std::vector<handle> events = new_events(FM_MAX_WAIT + 1, FM_EVENT_SIGNALED);
    const auto objects = values_of(events);
    uint32_t index = poison<uint32_t>();
    for (const uint32_t count : {0u, FM_MAX_WAIT + 1, 0x80000000u, 0xffffffffu}) {
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_wait_any(objects.data(), count, 0, &index)) << count;
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_wait_any(objects.data(), count, FM_FOREVER, &index)) << count;
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_wait_many(objects.data(), count, 0, 0, nullptr, &index)) << count;
    }
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_wait_any(nullptr, 1, 0, &index));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_wait_any(nullptr, 0, 0, &index));
    EXPECT_EQ(poison<uint32_t>(), index);
    for (const handle &event : events) EXPECT_EQ(1u, taken_until_empty(event));
}

TEST(wait_any, w4_takes_the_lowest_ready_one_and_that_alone) {
    const std::vector<handle> events = new_events(5);
    const auto objects = values_of(events);
    for (const int place : {4, 1, 3}) EXPECT_STATUS(FM_OK, fm_event_set(events[place]));
    expect_index(1, objects);
    EXPECT_EQ(0u, queried(events[1]).ready);
    EXPECT_EQ(1u, queried(events[3]).ready);
    EXPECT_EQ(1u, queried(events[4]).ready);
    expect_index(3, objects, FM_FOREVER);
    expect_index(4, objects, millisecond);
    expect_timeout(objects);
}

TEST(wait_any, w4_a_manual_event_stays_first) {
    const handle manual = new_event(FM_EVENT_MANUAL_RESET | FM_EVENT_SIGNALED), once = new_event(FM_EVENT_SIGNALED);
    for (int i = 0; i < 3; ++i) expect_index(0, {manual, once});
    expect_index(0, {once, manual});
    expect_index(1, {once, manual});
}

TEST(wait_any, w4_the_others_are_untouched_when_it_blocks) {
    const handle event = new_event(), semaphore = new_semaphore(0, 9), mutex = new_mutex();
    mutex_owner owner(mutex);
    uint32_t index = poison<uint32_t>();
    background waiting([&] { return wait_any({event, semaphore, mutex}, patience_ns, &index); });
    waiting.settle();
    EXPECT_STATUS(FM_OK, fm_semaphore_release(semaphore, 3, nullptr));
    EXPECT_STATUS(FM_OK, waiting.status());
    EXPECT_EQ(1u, index);
    EXPECT_EQ(2u, taken_until_empty(semaphore));
    EXPECT_STATUS(FM_TIMED_OUT, look(event));
    owner.release();
    EXPECT_STATUS(FM_OK, look(mutex)); // the wait has left nothing on it
}

TEST(wait_any, w10_kinds_may_be_mixed) {
    for (const object_kind &kind : waitable_kinds()) {
        SCOPED_TRACE(kind);
        std::vector<std::unique_ptr<unready_object>> all;
        std::vector<fm_handle> objects;
        uint32_t place = 0;
        for (const object_kind &each : waitable_kinds()) {
            all.push_back(std::make_unique<unready_object>(each));
            objects.push_back(*all.back());
            if (each.kind == kind.kind) place = static_cast<uint32_t>(all.size() - 1);
        }
        expect_timeout(objects, millisecond);
        uint32_t index = poison<uint32_t>();
        background waiting([&] { return wait_any(objects, patience_ns, &index); });
        waiting.settle();
        all[place]->make_ready_for_another();
        EXPECT_STATUS(FM_OK, waiting.status());
        EXPECT_EQ(place, index);
    }
}

TEST(wait_any, w3_64_objects_of_all_kinds_block_and_wake) {
    for (const std::size_t place : {0u, 31u, 62u, 63u}) {
        std::vector<std::unique_ptr<unready_object>> all;
        std::vector<fm_handle> objects;
        for (std::size_t i = 0; i < FM_MAX_WAIT; ++i) {
            all.push_back(std::make_unique<unready_object>(waitable_kinds()[i % 4]));
            objects.push_back(*all.back());
        }
        uint32_t index = poison<uint32_t>();
        background waiting([&] { return wait_any(objects, FM_FOREVER, &index); });
        waiting.settle();
        EXPECT_FALSE(waiting.done());
        all[place]->make_ready_for_another();
        EXPECT_STATUS(FM_OK, waiting.status());
        EXPECT_EQ(place, index);
    }
}

TEST(wait_any, w3_64_mutexes_of_owners_that_end) {
    std::vector<handle> mutexes;
    for (std::size_t i = 0; i < FM_MAX_WAIT; ++i) mutexes.push_back(new_mutex());
    const auto objects = values_of(mutexes);
    gate owned, may_end;
    std::thread owner([&] { // of them all
        for (const handle &mutex : mutexes) EXPECT_STATUS(FM_OK, look(mutex));
        owned.open();
        may_end.pass();
        for (const handle &mutex : mutexes) {
            if (fm_handle(mutex) == objects.back()) break; // that one it leaves abandoned
            EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
        }
    });
    owned.pass();
    expect_timeout(objects, 5 * millisecond);
    EXPECT_FALSE(queried(mutexes.back()).ready);
    may_end.open();
    owner.join();
    for (uint32_t i = 0; i + 1 < FM_MAX_WAIT; ++i) expect_index(0, {objects[i], objects.back()});
    in_another_thread([&] { // to whom none of them belongs
        expect_index(FM_MAX_WAIT - 1, objects, patience_ns, FM_ABANDONED);
        EXPECT_STATUS(FM_OK, fm_mutex_release(mutexes.back()));
    });
    for (uint32_t i = 0; i + 1 < FM_MAX_WAIT; ++i) EXPECT_STATUS(FM_OK, fm_mutex_release(mutexes[i]));
}

TEST(wait_any, w6_an_abandoned_mutex_with_its_index) {
    const handle event = new_event(), mutex = abandoned_mutex(), other = abandoned_mutex();
    expect_index(1, {event, mutex, other}, 0, FM_ABANDONED);
    expect_index(1, {event, mutex, other}); // owned now
    expect_index(0, {other, event}, FM_FOREVER, FM_ABANDONED);
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
    EXPECT_STATUS(FM_OK, fm_mutex_release(other));
}

TEST(wait_any, w6_an_abandoned_mutex_after_a_ready_object_is_left_alone) {
    const handle event = new_event(FM_EVENT_SIGNALED), mutex = abandoned_mutex();
    expect_index(0, {event, mutex});
    EXPECT_STATUS(FM_E_NOT_OWNER, fm_mutex_release(mutex));
    EXPECT_STATUS(FM_ABANDONED, look(mutex));
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
}

TEST(wait_any, w6_without_asking_for_the_index) {
    const handle mutex = abandoned_mutex();
    EXPECT_STATUS(FM_ABANDONED, wait_any({mutex}, 0));
    EXPECT_STATUS(FM_OK, wait_any({mutex}, 0));
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
}

TEST(wait_any, w7_the_same_object_twice_is_allowed) {
    const handle event = new_event(), copy = duplicated(event, 0, FM_DUPLICATE_SAME_ACCESS), other = new_event();
    expect_timeout({event, event});
    expect_timeout({event, copy, other, event}, millisecond);
    EXPECT_STATUS(FM_OK, fm_event_set(event));
    expect_index(1, {other, copy, event, event});
    expect_timeout({event, copy});
    const std::vector<fm_handle> many(FM_MAX_WAIT, event);
    uint32_t index = poison<uint32_t>();
    background waiting([&] { return wait_any(many, patience_ns, &index); });
    waiting.settle();
    EXPECT_STATUS(FM_OK, fm_event_set(event));
    EXPECT_STATUS(FM_OK, waiting.status());
    EXPECT_LT(index, FM_MAX_WAIT);
    EXPECT_STATUS(FM_TIMED_OUT, look(event)); // taken once
}

TEST(wait_any, w9_bad_handles_among_good_ones) {
    const handle event = new_event(FM_EVENT_SIGNALED), mapping = unnamed();
    const fm_handle gone = new_event().release();
    ASSERT_STATUS(FM_OK, fm_close(gone));
    for (const std::size_t place : {0u, 1u, 30u, 63u}) {
        std::vector<fm_handle> objects(FM_MAX_WAIT, event);
        objects[place] = gone;
        EXPECT_STATUS(FM_E_INVALID_HANDLE, wait_any(objects, 0));
        objects[place] = nullptr;
        EXPECT_STATUS(FM_E_INVALID_HANDLE, wait_any(objects, FM_FOREVER));
        objects[place] = mapping;
        EXPECT_STATUS(FM_E_WRONG_KIND, wait_any(objects, 0));
    }
    EXPECT_EQ(1u, taken_until_empty(event));
}

TEST(wait_any, w2_a_timeout_is_never_early) {
    for (const std::size_t count : set_sizes) {
        const std::vector<handle> events = new_events(count);
        const stopwatch watch;
        expect_timeout(values_of(events), 40 * millisecond);
        EXPECT_GE(watch.elapsed_ns(), 40 * millisecond);
    }
}

TEST(wait_any, each_signal_is_taken_by_one_waiter) {
    const std::vector<handle> events = new_events(8);
    const auto objects = values_of(events);
    std::vector<std::unique_ptr<background>> waiting;
    std::vector<uint32_t> taken(8, poison<uint32_t>());
    for (std::size_t i = 0; i < 8; ++i)
        waiting.push_back(std::make_unique<background>([&, i] { return wait_any(objects, patience_ns, &taken[i]); }));
    for (const auto &one : waiting) one->settle();
    for (const handle &event : events) EXPECT_STATUS(FM_OK, fm_event_set(event));
    for (const auto &one : waiting) EXPECT_STATUS(FM_OK, one->status());
    std::sort(taken.begin(), taken.end());
    EXPECT_EQ((std::vector<uint32_t>{0, 1, 2, 3, 4, 5, 6, 7}), taken);
    expect_timeout(objects);
}

TEST(wait_any, a_hundred_thousand_waits_leave_nothing_behind) {
    const handle event = new_event(), semaphore = new_semaphore(0, 1);
    unsigned wrong = 0;
    for (int i = 0; i < 100000; ++i) wrong += wait_any({event, semaphore}, 0) != FM_TIMED_OUT;
    EXPECT_EQ(0u, wrong);
    const uint64_t before = open_handle_count();
    for (int i = 0; i < 200; ++i) expect_timeout({event, semaphore}, 1);
    EXPECT_EQ(before, open_handle_count());
    EXPECT_STATUS(FM_OK, fm_event_set(event));
    expect_index(0, {event, semaphore});
}

} // namespace fm::test
