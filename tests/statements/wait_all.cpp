// Statements W for waiting for all of several objects: W3, W5, W6, W7, W10.
#include "statements/waitables.hpp"

namespace fm::test {

namespace {

const std::initializer_list<std::size_t> set_sizes = {1, 2, 3, 63, FM_MAX_WAIT};

/// fm_wait_many() for all, with its index.
fm_status wait_all_with_index(const std::vector<fm_handle> &objects, int64_t timeout_ns, uint32_t *out_index) {
    return fm_wait_many(objects.data(), static_cast<uint32_t>(objects.size()), FM_WAIT_ALL, timeout_ns, nullptr,
                        out_index);
}

} // namespace

TEST(wait_all, w3_one_to_64_objects) {
    for (const std::size_t count : set_sizes) {
        const std::vector<handle> events = new_events(count);
        const auto objects = values_of(events);
        for (std::size_t i = 0; i < count; ++i) {
            EXPECT_STATUS(FM_TIMED_OUT, wait_all(objects, i % 8 ? 0 : millisecond));
            EXPECT_STATUS(FM_OK, fm_event_set(events[i]));
        }
        EXPECT_STATUS(FM_OK, wait_all(objects, 0));
        for (const handle &event : events) EXPECT_STATUS(FM_TIMED_OUT, look(event));
    }
}

TEST(wait_all, w3_no_objects_or_too_many) {
    const std::vector<handle> events = new_events(FM_MAX_WAIT + 1, FM_EVENT_SIGNALED);
    const auto objects = values_of(events);
    for (const uint32_t count : {0u, FM_MAX_WAIT + 1, 0x80000000u, 0xffffffffu}) {
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_wait_all(objects.data(), count, 0)) << count;
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_wait_all(objects.data(), count, FM_FOREVER)) << count;
    }
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_wait_all(nullptr, 1, 0));
    for (const handle &event : events) EXPECT_EQ(1u, taken_until_empty(event));
}

TEST(wait_all, flags_of_wait_many) {
    const handle one = new_event(FM_EVENT_SIGNALED), other = new_event();
    const fm_handle objects[] = {one, other};
    uint32_t index = poison<uint32_t>();
    for (const uint32_t flags : {2u, 3u, 0x80000000u, 0xffffffffu}) {
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_wait_many(objects, 2, flags, 0, nullptr, &index)) << flags;
    }
    EXPECT_STATUS(FM_TIMED_OUT, fm_wait_many(objects, 2, FM_WAIT_ALL, 0, nullptr, &index));
    EXPECT_EQ(poison<uint32_t>(), index);
    EXPECT_STATUS(FM_OK, fm_wait_many(objects, 2, 0, 0, nullptr, &index));
    EXPECT_EQ(0u, index);
}

TEST(wait_all, w5_nothing_is_taken_until_all_are_ready) {
    const handle event = new_event(FM_EVENT_SIGNALED), semaphore = new_semaphore(2, 2), mutex = new_mutex(),
                 missing = new_event();
    const std::vector<fm_handle> objects = {event, semaphore, mutex, missing};
    EXPECT_STATUS(FM_TIMED_OUT, wait_all(objects, 0));
    EXPECT_STATUS(FM_TIMED_OUT, wait_all(objects, 20 * millisecond));
    EXPECT_EQ(1u, queried(event).ready);
    EXPECT_EQ(2u, queried(semaphore).count);
    EXPECT_STATUS(FM_E_NOT_OWNER, fm_mutex_release(mutex));
    EXPECT_STATUS(FM_OK, fm_event_set(missing));
    EXPECT_STATUS(FM_OK, wait_all(objects, 0));
    EXPECT_EQ(0u, queried(event).ready);
    EXPECT_EQ(1u, queried(semaphore).count);
    EXPECT_STATUS(FM_TIMED_OUT, look(missing));
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
}

TEST(wait_all, w5_others_may_take_any_of_them_meanwhile) {
    const handle first = new_event(FM_EVENT_SIGNALED), second = new_event(), mutex = new_mutex();
    background waiting([&] { return wait_all({first, second, mutex}, patience_ns); });
    waiting.settle();
    EXPECT_STATUS(FM_OK, look(first));
    EXPECT_STATUS(FM_OK, look(mutex));
    EXPECT_STATUS(FM_OK, fm_event_set(second));
    EXPECT_TRUE(waiting.still_waiting()); // the first is gone
    EXPECT_STATUS(FM_OK, look(second));
    EXPECT_STATUS(FM_OK, fm_event_set(first));
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
    EXPECT_TRUE(waiting.still_waiting()); // now the second is
    EXPECT_STATUS(FM_OK, fm_event_set(second));
    EXPECT_STATUS(FM_OK, waiting.status());
    EXPECT_STATUS(FM_TIMED_OUT, look(first));
    EXPECT_STATUS(FM_TIMED_OUT, look(second));
    EXPECT_STATUS(FM_ABANDONED, look(mutex)); // `waiting` had it and ended
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
}

TEST(wait_all, w5_readied_in_any_order) {
    for (const bool backwards : {false, true}) {
        const std::vector<handle> events = new_events(5);
        const auto objects = values_of(events);
        background waiting([&] { return wait_all(objects, FM_FOREVER); });
        waiting.settle();
        for (int i = 0; i < 5; ++i) {
            EXPECT_FALSE(waiting.done());
            EXPECT_STATUS(FM_OK, fm_event_set(events[backwards ? 4 - i : i]));
            pause_ms(10);
        }
        EXPECT_STATUS(FM_OK, waiting.status());
        for (const handle &event : events) EXPECT_STATUS(FM_TIMED_OUT, look(event));
    }
}

TEST(wait_all, w5_manual_events_stay_set) {
    const handle manual = new_event(FM_EVENT_MANUAL_RESET | FM_EVENT_SIGNALED), once = new_event(FM_EVENT_SIGNALED);
    EXPECT_STATUS(FM_OK, wait_all({manual, once}, 0));
    EXPECT_STATUS(FM_OK, look(manual));
    EXPECT_STATUS(FM_TIMED_OUT, wait_all({manual, once}, 0));
}

TEST(wait_all, w10_kinds_may_be_mixed) {
    for (const object_kind &last : waitable_kinds()) {
        SCOPED_TRACE(last);
        std::vector<std::unique_ptr<unready_object>> all;
        std::vector<fm_handle> objects;
        for (const object_kind &each : waitable_kinds()) {
            all.push_back(std::make_unique<unready_object>(each));
            objects.push_back(*all.back());
        }
        background waiting([&] { return wait_all(objects, patience_ns); });
        waiting.settle();
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (waitable_kinds()[i].kind != last.kind) all[i]->make_ready();
        }
        EXPECT_TRUE(waiting.still_waiting());
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (waitable_kinds()[i].kind == last.kind) all[i]->make_ready_for_another();
        }
        EXPECT_STATUS(FM_OK, waiting.status());
        for (std::size_t i = 0; i < all.size(); ++i) {
            const bool mutex = waitable_kinds()[i].kind == FM_KIND_MUTEX; // its new owner has ended
            EXPECT_STATUS(mutex ? FM_ABANDONED : FM_TIMED_OUT, look(objects[i]));
        }
    }
}

TEST(wait_all, w3_64_objects_of_all_kinds) {
    std::vector<std::unique_ptr<unready_object>> all;
    std::vector<fm_handle> objects;
    for (std::size_t i = 0; i < FM_MAX_WAIT; ++i) {
        all.push_back(std::make_unique<unready_object>(waitable_kinds()[i % 4]));
        objects.push_back(*all.back());
    }
    background waiting([&] { return wait_all(objects, patience_ns); });
    waiting.settle();
    for (std::size_t i = 0; i < FM_MAX_WAIT; ++i) {
        EXPECT_FALSE(waiting.done());
        all[i * 37 % FM_MAX_WAIT]->make_ready_for_another(); // each once, in no order
    }
    EXPECT_STATUS(FM_OK, waiting.status());
    for (std::size_t i = 0; i < FM_MAX_WAIT; ++i)
        EXPECT_STATUS(i % 4 == 1 ? FM_ABANDONED : FM_TIMED_OUT, look(objects[i])) << i;
}

TEST(wait_all, w6_an_abandoned_mutex_is_told_and_all_are_acquired) {
    const handle event = new_event(FM_EVENT_SIGNALED), mutex = new_mutex(), gone = abandoned_mutex(),
                 other = abandoned_mutex();
    EXPECT_STATUS(FM_ABANDONED, wait_all({event, mutex, gone, other}, 0));
    EXPECT_STATUS(FM_TIMED_OUT, look(event));
    for (const fm_handle owned : {fm_handle(mutex), fm_handle(gone), fm_handle(other)}) {
        in_another_thread([&] { EXPECT_STATUS(FM_TIMED_OUT, look(owned)); });
        EXPECT_STATUS(FM_OK, fm_mutex_release(owned));
        EXPECT_STATUS(FM_OK, look(owned)); // abandonment was told
        EXPECT_STATUS(FM_OK, fm_mutex_release(owned));
    }
}

TEST(wait_all, w6_the_index_of_the_first_abandoned_mutex_where_the_system_tells) {
    const handle event = new_event(FM_EVENT_SIGNALED), gone = abandoned_mutex(), other = abandoned_mutex();
    uint32_t index = poison<uint32_t>();
    EXPECT_STATUS(FM_ABANDONED, wait_all_with_index({event, gone, other}, 0, &index));
    EXPECT_TRUE(index == 1 || (on_windows() && index < 3)) << index;
    EXPECT_STATUS(FM_OK, fm_mutex_release(gone));
    EXPECT_STATUS(FM_OK, fm_mutex_release(other));
}

TEST(wait_all, w6_an_abandoned_mutex_is_not_taken_while_others_are_missing) {
    const handle event = new_event(), gone = abandoned_mutex();
    EXPECT_STATUS(FM_TIMED_OUT, wait_all({event, gone}, 0));
    EXPECT_STATUS(FM_TIMED_OUT, wait_all({gone, event}, 10 * millisecond));
    EXPECT_STATUS(FM_E_NOT_OWNER, fm_mutex_release(gone));
    EXPECT_STATUS(FM_ABANDONED, look(gone)); // nor has it been told
    EXPECT_STATUS(FM_OK, fm_mutex_release(gone));
}

TEST(wait_all, w6_a_mutex_that_is_abandoned_meanwhile) {
    const handle event = new_event(), mutex = new_mutex();
    mutex_owner owner(mutex);
    background waiting([&] { return wait_all({mutex, event}, patience_ns); });
    waiting.settle();
    owner.abandon();
    EXPECT_TRUE(waiting.still_waiting());
    EXPECT_STATUS(FM_OK, fm_event_set(event));
    EXPECT_STATUS(FM_ABANDONED, waiting.status());
    EXPECT_STATUS(FM_ABANDONED, look(mutex));
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
}

TEST(wait_all, a_mutex_that_the_caller_owns_is_ready) {
    const handle mutex = new_mutex(FM_MUTEX_OWNED), event = new_event();
    EXPECT_STATUS(FM_TIMED_OUT, wait_all({mutex, event}, 0));
    EXPECT_EQ(1u, queried(mutex).count);
    EXPECT_STATUS(FM_OK, fm_event_set(event));
    EXPECT_STATUS(FM_OK, wait_all({mutex, event}, FM_FOREVER));
    EXPECT_EQ(2u, queried(mutex).count);
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
    EXPECT_STATUS(FM_E_NOT_OWNER, fm_mutex_release(mutex));
}

TEST(wait_all, w7_an_object_twice_is_refused) {
    const std::string name = unique_name();
    const handle event = new_event(FM_EVENT_SIGNALED | FM_EVENT_MANUAL_RESET), semaphore = new_semaphore(5, 5, name),
                 copy = duplicated(semaphore, 0, FM_DUPLICATE_SAME_ACCESS),
                 weaker = duplicated(semaphore, FM_ACCESS_WAIT),
                 inheritable = duplicated(semaphore, FM_ACCESS_WAIT, FM_DUPLICATE_INHERITABLE);
    handle opened_again, imported;
    ASSERT_STATUS(FM_OK, fm_semaphore_open(name.c_str(), FM_ACCESS_WAIT, opened_again.out()));
    fm_token token;
    ASSERT_STATUS(FM_OK, fm_export_token(semaphore, 0, &token));
    ASSERT_STATUS(FM_OK, fm_import_token(&token, 0, imported.out()));
    for (const fm_handle same : {fm_handle(semaphore), fm_handle(copy), fm_handle(weaker), fm_handle(inheritable),
                                 fm_handle(opened_again), fm_handle(imported)}) {
        for (const int64_t timeout : {INT64_C(0), millisecond, int64_t{FM_FOREVER}}) {
            EXPECT_STATUS(FM_E_INVALID_ARGUMENT, wait_all({semaphore, same}, timeout));
            EXPECT_STATUS(FM_E_INVALID_ARGUMENT, wait_all({same, event, semaphore}, timeout));
        }
    }
    EXPECT_EQ(5u, queried(semaphore).count);
    const std::vector<handle> events = new_events(FM_MAX_WAIT, FM_EVENT_SIGNALED);
    auto objects = values_of(events);
    objects[63] = objects[5];
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, wait_all(objects, 0));
    EXPECT_EQ(1u, queried(events[5]).ready);
}

TEST(wait_all, w7_an_unready_object_twice_is_refused_as_well) {
    const handle event = new_event();
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, wait_all({event, event}, 0));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, wait_all({event, new_event(), event}, FM_FOREVER));
}

TEST(wait_all, objects_that_are_open_to_other_users) {
    fm_object_options open_to_all = object_options();
    open_to_all.permissions = 0666;
    handle open, also_open;
    ASSERT_STATUS(FM_OK,
                  fm_event_create(("Global\\" + unique_name()).c_str(), FM_EVENT_SIGNALED, &open_to_all, open.out()));
    ASSERT_STATUS(FM_OK,
                  fm_semaphore_create(("Global\\" + unique_name()).c_str(), 1, 2, &open_to_all, also_open.out()));
    const handle own = new_event(FM_EVENT_SIGNALED | FM_EVENT_MANUAL_RESET);
    const fm_status mixed = on_windows() ? FM_OK : FM_E_NOT_SUPPORTED; // two registries cannot change in one step
    EXPECT_STATUS(mixed, wait_all({open, own}, 0));
    EXPECT_STATUS(mixed == FM_OK ? FM_TIMED_OUT : mixed, wait_all({own, open}, millisecond));
    EXPECT_EQ(mixed == FM_OK ? 0u : 1u, queried(open).ready);
    EXPECT_STATUS(FM_OK, fm_event_set(open));
    EXPECT_STATUS(FM_OK, wait_any({open, own}, 0)); // of any kind of neighbour
    EXPECT_STATUS(FM_OK, fm_event_set(open));
    EXPECT_STATUS(FM_OK, wait_all({open, also_open}, 0)); // among themselves
    EXPECT_STATUS(FM_TIMED_OUT, wait_all({open, also_open}, millisecond));
}

TEST(wait_all, w9_bad_handles_among_good_ones) {
    const std::vector<handle> events = new_events(FM_MAX_WAIT, FM_EVENT_SIGNALED);
    const handle mapping = unnamed();
    const fm_handle gone = new_event().release();
    ASSERT_STATUS(FM_OK, fm_close(gone));
    for (const std::size_t place : {0u, 1u, 30u, 63u}) {
        auto objects = values_of(events);
        objects[place] = gone;
        EXPECT_STATUS(FM_E_INVALID_HANDLE, wait_all(objects, 0));
        objects[place] = mapping;
        EXPECT_STATUS(FM_E_WRONG_KIND, wait_all(objects, FM_FOREVER));
    }
    EXPECT_STATUS(FM_OK, wait_all(values_of(events), 0)); // nothing was taken
}

TEST(wait_all, w2_a_timeout_is_never_early) {
    for (const std::size_t count : set_sizes) {
        const std::vector<handle> events = new_events(count);
        for (std::size_t i = 1; i < count; ++i) EXPECT_STATUS(FM_OK, fm_event_set(events[i]));
        const stopwatch watch;
        EXPECT_STATUS(FM_TIMED_OUT, wait_all(values_of(events), 40 * millisecond));
        EXPECT_GE(watch.elapsed_ns(), 40 * millisecond);
        for (std::size_t i = 1; i < count; ++i) EXPECT_EQ(1u, queried(events[i]).ready);
    }
}

TEST(wait_all, several_waiters_with_overlapping_sets) {
    const std::vector<handle> forks = new_events(4, FM_EVENT_SIGNALED);
    constexpr unsigned rounds = 300;
    std::atomic<unsigned> failures{0};
    in_threads(4,
               [&](unsigned seat) { // each needs its fork and its neighbour's, named in an order that invites deadlock
                   const std::vector<fm_handle> mine = {forks[seat], forks[(seat + 1) % 4]};
                   for (unsigned round = 0; round < rounds; ++round) {
                       failures += wait_all(mine, patience_ns) != FM_OK;
                       failures += fm_event_set(mine[0]) != FM_OK;
                       failures += fm_event_set(mine[1]) != FM_OK;
                   }
               });
    EXPECT_EQ(0u, failures);
    for (const handle &fork : forks) EXPECT_EQ(1u, taken_until_empty(fork));
}

} // namespace fm::test
