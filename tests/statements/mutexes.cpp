// Statements M: mutexes. M10, the kill of a process, is in tests/process and tests/kill.
#include "statements/waitables.hpp"

namespace fm::test {

namespace {

/// Whether another thread than this one could have the mutex now.
bool free_for_others(fm_handle mutex) {
    fm_status status = FM_OK;
    in_another_thread([&] {
        status = look(mutex);
        if (status != FM_TIMED_OUT) {
            EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
        }
    });
    return status != FM_TIMED_OUT;
}

} // namespace

TEST(mutexes, m1_begins_free_unless_owned_is_asked_for) {
    const handle free = new_mutex(), owned = new_mutex(FM_MUTEX_OWNED);
    EXPECT_TRUE(free_for_others(free));
    EXPECT_FALSE(free_for_others(owned));
    EXPECT_STATUS(FM_OK, fm_mutex_release(owned));
    EXPECT_TRUE(free_for_others(owned));
    EXPECT_STATUS(FM_E_NOT_OWNER, fm_mutex_release(owned)); // owned once, not twice
}

TEST(mutexes, m1_belongs_to_a_thread) {
    const handle mutex = new_mutex();
    ASSERT_STATUS(FM_OK, fm_wait(mutex, FM_FOREVER));
    in_another_thread([&] {
        EXPECT_STATUS(FM_TIMED_OUT, look(mutex));
        EXPECT_STATUS(FM_TIMED_OUT, fm_wait(mutex, 10 * millisecond));
        EXPECT_STATUS(FM_E_NOT_OWNER, fm_mutex_release(mutex));
    });
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
    EXPECT_TRUE(free_for_others(mutex));
}

TEST(mutexes, m1_one_release_for_each_acquisition) {
    const handle mutex = new_mutex(FM_MUTEX_OWNED);
    for (int i = 0; i < 9; ++i) EXPECT_STATUS(FM_OK, fm_wait(mutex, i % 2 ? FM_FOREVER : 0));
    for (int i = 0; i < 9; ++i) {
        EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
        EXPECT_FALSE(free_for_others(mutex)) << i;
    }
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
    EXPECT_TRUE(free_for_others(mutex));
    EXPECT_STATUS(FM_E_NOT_OWNER, fm_mutex_release(mutex));
}

TEST(mutexes, m1_recursion_goes_deep) {
    const handle mutex = new_mutex();
    constexpr unsigned depth = 100000;
    unsigned acquired = 0, released = 0;
    for (unsigned i = 0; i < depth; ++i) acquired += look(mutex) == FM_OK;
    EXPECT_EQ(depth, acquired);
    EXPECT_EQ(depth, queried(mutex).count);
    while (fm_mutex_release(mutex) == FM_OK) ++released;
    EXPECT_EQ(depth, released);
}

TEST(mutexes, m1_recursion_counts_over_all_handles_and_kinds_of_wait) {
    const std::string name = unique_name();
    const handle mutex = new_mutex(0, name), other = duplicated(mutex, 0, FM_DUPLICATE_SAME_ACCESS),
                 event = new_event(FM_EVENT_SIGNALED);
    handle third;
    ASSERT_STATUS(FM_OK, fm_mutex_open(name.c_str(), FM_ACCESS_ALL, third.out()));
    EXPECT_STATUS(FM_OK, look(mutex));
    EXPECT_STATUS(FM_OK, wait_any({other}, 0));
    EXPECT_STATUS(FM_OK, wait_all({third, event}, 0));
    EXPECT_STATUS(FM_OK, fm_mutex_release(third));
    EXPECT_STATUS(FM_OK, fm_mutex_release(third));
    EXPECT_FALSE(free_for_others(other));
    EXPECT_STATUS(FM_OK, fm_mutex_release(other));
    EXPECT_TRUE(free_for_others(mutex));
}

TEST(mutexes, m2_owned_counts_only_for_the_creator) {
    const std::string name = unique_name();
    const handle mutex = new_mutex(0, name);
    handle again;
    ASSERT_STATUS(FM_EXISTED, fm_mutex_create(name.c_str(), FM_MUTEX_OWNED, nullptr, again.out()));
    EXPECT_STATUS(FM_E_NOT_OWNER, fm_mutex_release(again));
    EXPECT_TRUE(free_for_others(again));
}

TEST(mutexes, m2_an_owned_mutex_is_not_given_to_who_creates_it_again) {
    const std::string name = unique_name();
    const handle mutex = new_mutex(FM_MUTEX_OWNED, name);
    in_another_thread([&] {
        handle again;
        ASSERT_STATUS(FM_EXISTED, fm_mutex_create(name.c_str(), FM_MUTEX_OWNED, nullptr, again.out()));
        EXPECT_STATUS(FM_TIMED_OUT, look(again));
        EXPECT_STATUS(FM_E_NOT_OWNER, fm_mutex_release(again));
    });
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
}

TEST(mutexes, m3_release_by_a_stranger) {
    const handle mutex = new_mutex();
    EXPECT_STATUS(FM_E_NOT_OWNER, fm_mutex_release(mutex)); // free
    const mutex_owner owner(mutex);
    EXPECT_STATUS(FM_E_NOT_OWNER, fm_mutex_release(mutex)); // another's
    EXPECT_STATUS(FM_TIMED_OUT, look(mutex));               // and still
}

TEST(mutexes, m4_an_owner_that_ended_leaves_it_abandoned) {
    const handle mutex = new_mutex();
    abandon(mutex);
    EXPECT_STATUS(FM_ABANDONED, look(mutex));
    EXPECT_FALSE(free_for_others(mutex)); // it is owned
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
    EXPECT_STATUS(FM_OK, look(mutex)); // normal again
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
    EXPECT_STATUS(FM_E_NOT_OWNER, fm_mutex_release(mutex));
}

TEST(mutexes, m4_abandonment_is_told_once) {
    const handle mutex = abandoned_mutex();
    EXPECT_STATUS(FM_ABANDONED, look(mutex));
    EXPECT_STATUS(FM_OK, look(mutex)); // again, by its owner
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
    in_another_thread([&] {
        EXPECT_STATUS(FM_OK, look(mutex));
        EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
    });
}

TEST(mutexes, m4_however_often_it_was_acquired) {
    const handle mutex = new_mutex();
    mutex_owner(mutex, 5).abandon();
    EXPECT_STATUS(FM_ABANDONED, look(mutex));
    EXPECT_EQ(1u, queried(mutex).count);
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
    EXPECT_TRUE(free_for_others(mutex));
}

TEST(mutexes, m4_abandoned_by_who_created_it_owned) {
    handle mutex;
    in_another_thread([&] { ASSERT_STATUS(FM_OK, fm_mutex_create(nullptr, FM_MUTEX_OWNED, nullptr, mutex.out())); });
    EXPECT_STATUS(FM_ABANDONED, look(mutex));
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
}

TEST(mutexes, m4_abandoned_again_and_again) {
    const handle mutex = new_mutex();
    for (int round = 0; round < 20; ++round) {
        in_another_thread([&] { EXPECT_STATUS(round == 0 ? FM_OK : FM_ABANDONED, look(mutex)); });
    }
    EXPECT_STATUS(FM_ABANDONED, look(mutex));
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
}

TEST(mutexes, m4_who_waits_learns_of_the_owners_end) {
    const handle mutex = new_mutex(), never = new_event(), ready = new_event(FM_EVENT_SIGNALED | FM_EVENT_MANUAL_RESET);
    const std::vector<std::pair<const char *, std::function<fm_status()>>> ways = {
        {"one", [&] { return fm_wait(mutex, patience_ns); }},
        {"any",
         [&] {
             uint32_t index = poison<uint32_t>();
             const fm_status status = wait_any({never, mutex}, patience_ns, &index);
             EXPECT_EQ(1u, index);
             return status;
         }},
        {"all",
         [&] {
             return wait_all({ready, mutex}, patience_ns);
         }},
        {"signal and wait", [&] { return fm_signal_and_wait(ready, mutex, patience_ns); }}};
    for (const auto &[name, wait] : ways) {
        SCOPED_TRACE(name);
        mutex_owner owner(mutex);
        background waiting([&mutex, &call = wait] {
            const fm_status status = call();
            EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
            return status;
        });
        waiting.settle();
        EXPECT_FALSE(waiting.done());
        owner.abandon();
        EXPECT_STATUS(FM_ABANDONED, waiting.status());
        EXPECT_TRUE(free_for_others(mutex));
    }
}

TEST(mutexes, m4_all_mutexes_of_a_thread_are_abandoned) {
    std::vector<handle> mutexes;
    for (int i = 0; i < 100; ++i) mutexes.push_back(new_mutex());
    in_another_thread([&] {
        for (const handle &mutex : mutexes) EXPECT_STATUS(FM_OK, look(mutex));
        EXPECT_STATUS(FM_OK, fm_mutex_release(mutexes[42]));
    });
    for (std::size_t i = 0; i < mutexes.size(); ++i) {
        EXPECT_STATUS(i == 42 ? FM_OK : FM_ABANDONED, look(mutexes[i])) << i;
        EXPECT_STATUS(FM_OK, fm_mutex_release(mutexes[i]));
    }
}

TEST(mutexes, m4_a_thread_that_released_all_leaves_nothing_abandoned) {
    const handle mutex = new_mutex();
    in_another_thread([&] {
        for (int i = 0; i < 100; ++i) {
            EXPECT_STATUS(FM_OK, look(mutex));
            EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
        }
    });
    EXPECT_STATUS(FM_OK, look(mutex));
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
}

TEST(mutexes, m5_closing_a_handle_neither_releases_nor_abandons) {
    const std::string name = unique_name();
    const handle mutex = new_mutex(0, name);
    gate acquired, may_end;
    std::thread owner([&] {
        handle own;
        EXPECT_STATUS(FM_OK, fm_mutex_open(name.c_str(), FM_ACCESS_ALL, own.out()));
        EXPECT_STATUS(FM_OK, look(own));
        own.close();
        acquired.open();
        may_end.pass();
    });
    acquired.pass();
    EXPECT_STATUS(FM_TIMED_OUT, look(mutex));
    background waiting([&] { return fm_wait(mutex, patience_ns); });
    EXPECT_TRUE(waiting.still_waiting());
    may_end.open();
    owner.join();
    EXPECT_STATUS(FM_ABANDONED, waiting.status());            // only the thread's end did that
    EXPECT_STATUS(FM_ABANDONED, fm_wait(mutex, patience_ns)); // and `waiting` has ended as well
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
}

TEST(mutexes, m5_an_owner_that_closed_its_handle_releases_through_another) {
    const std::string name = unique_name();
    const handle mutex = new_mutex(0, name);
    handle first = duplicated(mutex, 0, FM_DUPLICATE_SAME_ACCESS);
    EXPECT_STATUS(FM_OK, look(first));
    first.close();
    EXPECT_FALSE(free_for_others(mutex));
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
    EXPECT_TRUE(free_for_others(mutex));
}

TEST(mutexes, m5_a_mutex_may_end_while_it_is_owned) {
    const std::string name = unique_name();
    for (int round = 0; round < 200; ++round) {
        handle mutex;
        ASSERT_STATUS(FM_OK, fm_mutex_create(name.c_str(), FM_MUTEX_OWNED, nullptr, mutex.out()));
        ASSERT_STATUS(FM_OK, look(mutex));
    }
    const handle renewed = new_mutex(0, name);
    EXPECT_TRUE(free_for_others(renewed));
    EXPECT_STATUS(FM_E_NOT_OWNER, fm_mutex_release(renewed)); // ownership went with the object
}

TEST(mutexes, m6_m7_waiting_needs_the_right_to_wait) {
    const std::string name = unique_name();
    const handle mutex = new_mutex(0, name);
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_mutex_open(name.c_str(), 0, &none));
    EXPECT_EQ(poison<fm_handle>(), none);
    handle modifier;
    ASSERT_STATUS(FM_OK, fm_mutex_open(name.c_str(), FM_ACCESS_MODIFY, modifier.out()));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, look(modifier));
    EXPECT_STATUS(FM_E_NOT_OWNER, fm_mutex_release(mutex)); // nothing was acquired
}

TEST(mutexes, m8_release_works_through_a_handle_with_any_rights) {
    const std::string name = unique_name();
    const handle mutex = new_mutex(0, name), nothing = duplicated(mutex, 0);
    handle waiter, modifier;
    ASSERT_STATUS(FM_OK, fm_mutex_open(name.c_str(), FM_ACCESS_WAIT, waiter.out()));
    ASSERT_STATUS(FM_OK, fm_mutex_open(name.c_str(), FM_ACCESS_MODIFY, modifier.out()));
    for (const fm_handle any : {fm_handle(waiter), fm_handle(modifier), fm_handle(nothing)}) {
        EXPECT_STATUS(FM_OK, look(mutex));
        EXPECT_STATUS(FM_OK, fm_mutex_release(any));
        EXPECT_TRUE(free_for_others(mutex));
    }
    EXPECT_STATUS(FM_E_NOT_OWNER, fm_mutex_release(nothing));
}

TEST(mutexes, m9_every_waiter_gets_it_in_some_order) {
    const handle mutex = new_mutex(FM_MUTEX_OWNED);
    std::vector<std::unique_ptr<background>> waiting;
    for (int i = 0; i < 6; ++i) {
        waiting.push_back(std::make_unique<background>([&] {
            const fm_status status = fm_wait(mutex, patience_ns);
            return status == FM_OK ? fm_mutex_release(mutex) : status;
        }));
    }
    for (const auto &one : waiting) one->settle();
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
    for (const auto &one : waiting) EXPECT_STATUS(FM_OK, one->status());
    EXPECT_TRUE(free_for_others(mutex));
}

} // namespace fm::test
