// What events, mutexes and semaphores promise to several threads at once: nobody is let in twice, nothing is lost. Data
// that an object guards is plain, so that TSan sees what the object fails to order. Waiting: waiting_threads.cpp.
#include "statements/waitables.hpp"

namespace fm::test {

namespace {

constexpr unsigned thread_count = 4;

} // namespace

TEST(waitable_threads, m1_a_mutex_keeps_others_out) {
    const handle mutex = new_mutex();
    guarded_count count;
    std::atomic<unsigned> failures{0};
    constexpr unsigned rounds = 3000;
    in_threads(thread_count, [&](unsigned) {
        for (unsigned i = 0; i < rounds; ++i) {
            failures += fm_wait(mutex, patience_ns) != FM_OK;
            count.add();
            failures += fm_mutex_release(mutex) != FM_OK;
        }
    });
    EXPECT_EQ(0u, failures);
    EXPECT_EQ(0u, count.collisions());
    EXPECT_EQ(thread_count * rounds, count.value());
}

TEST(waitable_threads, m1_a_mutex_keeps_others_out_however_it_is_acquired) {
    const handle mutex = new_mutex(), never = new_event(), ready = new_event(FM_EVENT_MANUAL_RESET | FM_EVENT_SIGNALED),
                 signalled = new_event(), cancel = new_cancel();
    const std::vector<std::function<fm_status()>> ways = {
        [&] { return fm_wait(mutex, FM_FOREVER); },
        [&] { return until_taken([&] { return look(mutex); }); },
        [&] { return until_taken([&] { return fm_wait(mutex, 50000); }); },
        [&] {
            return wait_any({never, mutex}, patience_ns);
        },
        [&] {
            return wait_all({ready, mutex}, patience_ns);
        },
        [&] { return until_taken([&] {
                  return wait_all({mutex, ready}, 50000);
              }); },
        [&] { return fm_signal_and_wait(signalled, mutex, patience_ns); },
        [&] {
            const fm_handle objects[] = {never, mutex};
            return fm_wait_many(objects, 2, 0, patience_ns, cancel, nullptr);
        }};
    guarded_count count;
    std::atomic<unsigned> failures{0};
    constexpr unsigned rounds = 1600;
    in_threads(thread_count, [&](unsigned thread) {
        for (unsigned i = 0; i < rounds; ++i) {
            failures += ways[(i + 2 * thread) % ways.size()]() != FM_OK;
            const bool again = i % 3 == 0;
            if (again) failures += ways[i % ways.size()]() != FM_OK; // recursion, by any of them
            count.add();
            if (again) failures += fm_mutex_release(mutex) != FM_OK;
            failures += fm_mutex_release(mutex) != FM_OK;
        }
    });
    EXPECT_EQ(0u, failures);
    EXPECT_EQ(0u, count.collisions());
    EXPECT_EQ(thread_count * rounds, count.value());
}

TEST(waitable_threads, m4_each_end_of_an_owner_is_told_exactly_once) {
    const handle mutex = new_mutex();
    std::atomic<unsigned> ended_owning{0}, told{0}, failures{0};
    in_threads(3, [&](unsigned number) {
        for (unsigned round = 0; round < 100; ++round) {
            in_another_thread([&] {
                for (unsigned i = 0; i < 5; ++i) {
                    const fm_status status = fm_wait(mutex, patience_ns);
                    failures += status != FM_OK && status != FM_ABANDONED;
                    told += status == FM_ABANDONED;
                    if (i == (round + number) % 7) { // or never
                        ++ended_owning;
                        return;
                    }
                    failures += fm_mutex_release(mutex) != FM_OK;
                }
            });
        }
    });
    const fm_status last = look(mutex);
    EXPECT_TRUE(last == FM_OK || last == FM_ABANDONED) << describe(last);
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
    EXPECT_EQ(0u, failures);
    EXPECT_EQ(ended_owning, told + (last == FM_ABANDONED));
}

TEST(waitable_threads, e1_an_auto_reset_event_as_a_lock) {
    const handle free = new_event(FM_EVENT_SIGNALED);
    guarded_count count;
    std::atomic<unsigned> failures{0};
    constexpr unsigned rounds = 2000;
    in_threads(thread_count, [&](unsigned) {
        for (unsigned i = 0; i < rounds; ++i) {
            failures += fm_wait(free, patience_ns) != FM_OK;
            count.add();
            failures += fm_event_set(free) != FM_OK;
        }
    });
    EXPECT_EQ(0u, failures);
    EXPECT_EQ(0u, count.collisions());
    EXPECT_EQ(thread_count * rounds, count.value());
    EXPECT_EQ(1u, taken_until_empty(free));
}

TEST(waitable_threads, s1_no_more_are_inside_than_there_are_units) {
    constexpr int units = 2;
    const handle semaphore = new_semaphore(units, units);
    std::atomic<int> inside{0}, most{0};
    std::atomic<unsigned> failures{0};
    in_threads(thread_count, [&](unsigned) {
        for (unsigned i = 0; i < 2000; ++i) {
            failures += fm_wait(semaphore, patience_ns) != FM_OK;
            const int now = ++inside;
            for (int before = most; now > before && !most.compare_exchange_weak(before, now);) continue;
            --inside;
            failures += fm_semaphore_release(semaphore, 1, nullptr) != FM_OK;
        }
    });
    EXPECT_EQ(0u, failures);
    EXPECT_LE(most, units);
    EXPECT_EQ(units, static_cast<int>(taken_until_empty(semaphore)));
}

TEST(waitable_threads, s2_units_are_conserved) {
    const handle semaphore = new_semaphore(0, largest_count);
    std::atomic<unsigned> released{0}, taken{0}, failures{0};
    in_threads(thread_count, [&](unsigned thread) {
        for (unsigned i = 0; i < 3000; ++i) {
            if (thread % 2 == 0) {
                const unsigned count = 1 + i % 3;
                failures += fm_semaphore_release(semaphore, count, nullptr) != FM_OK;
                released += count;
            } else {
                taken += fm_wait(semaphore, i % 5 * 20000) == FM_OK;
            }
        }
    });
    EXPECT_EQ(0u, failures);
    EXPECT_EQ(released, taken + queried(semaphore).count);
}

TEST(waitable_threads, s2_the_maximum_holds_against_all) {
    constexpr unsigned maximum = 3;
    const handle semaphore = new_semaphore(0, maximum);
    std::atomic<unsigned> released{0}, taken{0}, wrong{0};
    in_threads(thread_count, [&](unsigned thread) {
        for (unsigned i = 0; i < 3000; ++i) {
            if (thread % 2 == 0) {
                uint32_t previous = 0;
                const fm_status status = fm_semaphore_release(semaphore, 1 + i % 2, &previous);
                if (status == FM_OK) released += 1 + i % 2;
                wrong += status != FM_OK && status != FM_E_TOO_MANY;
                wrong += previous + 1 + i % 2 > maximum && status == FM_OK;
            } else {
                taken += look(semaphore) == FM_OK;
            }
            wrong += queried(semaphore).count > maximum;
        }
    });
    EXPECT_EQ(0u, wrong);
    EXPECT_EQ(released, taken + queried(semaphore).count);
}

TEST(waitable_threads, every_item_of_a_queue_arrives_once) {
    constexpr unsigned slots = 8, items = 4000;
    const handle room = new_semaphore(slots, slots), there = new_semaphore(0, slots), lock = new_mutex();
    unsigned ring[slots] = {}, first = 0, count = 0; // guarded by `lock`
    std::vector<std::atomic<unsigned>> arrived(items);
    std::atomic<unsigned> next{0}, failures{0};
    in_threads(thread_count, [&](unsigned thread) {
        for (unsigned i = 0; i < items / 2; ++i) {
            const bool producing = thread % 2 == 0;
            failures += wait_all({producing ? room : there, lock}, patience_ns) != FM_OK;
            if (producing)
                ring[(first + count++) % slots] = next++;
            else
                --count, ++arrived[ring[first++ % slots]];
            failures += fm_mutex_release(lock) != FM_OK;
            failures += fm_semaphore_release(producing ? there : room, 1, nullptr) != FM_OK;
        }
    });
    EXPECT_EQ(0u, failures);
    EXPECT_EQ(0u, count);
    for (unsigned i = 0; i < items; ++i) ASSERT_EQ(1u, arrived[i]) << i;
}

TEST(waitable_threads, creating_has_one_winner) {
    for (const object_kind &kind : waitable_kinds()) {
        SCOPED_TRACE(kind);
        for (int round = 0; round < 20; ++round) {
            const std::string name = unique_name();
            std::atomic<unsigned> won{0}, lost{0}, opened{0};
            std::vector<handle> made(2 * thread_count);
            in_threads(2 * thread_count, [&](unsigned thread) {
                const fm_object_options fresh = object_options(thread % 2 ? FM_CREATE_NEW : 0);
                const fm_status status = kind.create(name.c_str(), &fresh, made[thread].out());
                won += status == FM_OK;
                lost += status == FM_E_EXISTS;
                opened += status == FM_EXISTED;
            });
            EXPECT_EQ(1u, won);
            EXPECT_EQ(2 * thread_count - 1, lost + opened);
        }
    }
}

TEST(waitable_threads, m2_of_those_who_create_it_owned_one_owns_it) {
    for (int round = 0; round < 30; ++round) {
        const std::string name = unique_name();
        std::atomic<unsigned> owners{0}, failures{0}, created{0};
        in_threads(thread_count, [&](unsigned) {
            handle mutex;
            const fm_status status = fm_mutex_create(name.c_str(), FM_MUTEX_OWNED, nullptr, mutex.out());
            failures += status < 0;
            owners += fm_mutex_release(mutex) == FM_OK;
            created += status == FM_OK; // more than once where all had closed it in between
        });
        EXPECT_EQ(0u, failures);
        EXPECT_EQ(created, owners);
    }
}

} // namespace fm::test
