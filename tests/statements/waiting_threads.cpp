// What waiting for several objects, cancelling and timers promise to several threads at once: nothing is lost, and
// nothing is seen half-done. The objects by themselves: waitable_threads.cpp.
#include "statements/waitables.hpp"

namespace fm::test {

namespace {

constexpr unsigned thread_count = 4;

} // namespace

TEST(waiting_threads, w4_any_of_several_semaphores_conserves_units) {
    std::vector<handle> semaphores;
    for (int i = 0; i < 5; ++i) semaphores.push_back(new_semaphore(0, largest_count));
    const auto objects = values_of(semaphores);
    constexpr unsigned rounds = 3000;
    std::atomic<unsigned> taken[5] = {}, released[5] = {}, failures{0};
    in_threads(thread_count, [&](unsigned thread) {
        for (unsigned i = 0; i < rounds; ++i) {
            if (thread % 2 == 0) {
                const unsigned place = i * 7 % 5;
                failures += fm_semaphore_release(semaphores[place], 1, nullptr) != FM_OK;
                ++released[place];
            } else { // as many as are released, so each gets one
                uint32_t index = 0;
                failures += wait_any(objects, patience_ns, &index) != FM_OK;
                ++taken[index];
            }
        }
    });
    EXPECT_EQ(0u, failures);
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(released[i], taken[i]);
        EXPECT_EQ(0u, queried(semaphores[i]).count);
    }
}

TEST(waiting_threads, w5_nobody_sees_a_set_half_taken) {
    const handle first = new_event(), second = new_event();
    // Of four phases a round, 1 has only the first set, so nothing may be taken; 3 begins with both set, which may only
    // go together. In between they change. A look counts only where its phase was the same before and after.
    std::atomic<unsigned> phase{0}, taken{0}, failures{0}, half_taken{0}, looks{0};
    std::atomic<bool> over{false};
    const auto observe = [&](fm_handle one, fm_handle other) {
        const unsigned before = phase;
        const bool one_was_there = queried(one).ready, other_is_there = queried(other).ready;
        if (phase != before || before % 2 == 0) return;
        const bool first_is_there = one == fm_handle(first) ? one_was_there : other_is_there;
        half_taken += before % 4 == 1 ? !first_is_there : !one_was_there && other_is_there;
        ++looks;
    };
    std::thread observer([&] {
        while (!over) {
            observe(first, second);
            observe(second, first);
            std::this_thread::yield();
        }
    });
    constexpr unsigned rounds = 500;
    std::thread taker([&] {
        for (unsigned i = 0; i < rounds; ++i) {
            failures += wait_all({second, first}, patience_ns) != FM_OK;
            ++taken;
        }
    });
    const auto until = [](auto condition) {
        for (const stopwatch watch; !condition() && watch.elapsed_ns() < patience_ns;) std::this_thread::yield();
    };
    for (unsigned i = 0; i < rounds; ++i) {
        failures += fm_event_set(first) != FM_OK;
        ++phase;
        until([&, before = looks.load()] { return looks > before; });
        ++phase;
        failures += fm_event_set(second) != FM_OK;
        ++phase;
        until([&] { return taken > i; });
        ++phase;
    }
    over = true;
    taker.join();
    observer.join();
    EXPECT_EQ(0u, failures);
    EXPECT_EQ(0u, half_taken);
    EXPECT_GE(looks, rounds);
}

TEST(waiting_threads, w5_all_of_several_in_any_order_of_naming) {
    const handle mutex = new_mutex(), semaphore = new_semaphore(2, 2), event = new_event(FM_EVENT_SIGNALED);
    guarded_count count;
    std::atomic<unsigned> failures{0};
    constexpr unsigned rounds = 1000;
    in_threads(thread_count, [&](unsigned thread) {
        std::vector<fm_handle> objects = {mutex, semaphore, event};
        for (unsigned i = 0; i < rounds; ++i) {
            std::rotate(objects.begin(), objects.begin() + 1 + thread % 2, objects.end());
            failures +=
                (i % 4 ? wait_all(objects, patience_ns) : until_taken([&] { return wait_all(objects, 0); })) != FM_OK;
            count.add();
            failures += fm_event_set(event) != FM_OK;
            failures += fm_semaphore_release(semaphore, 1, nullptr) != FM_OK;
            failures += fm_mutex_release(mutex) != FM_OK;
        }
    });
    EXPECT_EQ(0u, failures);
    EXPECT_EQ(0u, count.collisions());
    EXPECT_EQ(thread_count * rounds, count.value());
    EXPECT_EQ(2u, queried(semaphore).count);
}

TEST(waiting_threads, cancelled_waits_take_nothing) {
    const handle cancel = new_cancel(), semaphore = new_semaphore(0, largest_count), never = new_event();
    std::atomic<unsigned> released{0}, taken{0}, cancelled{0}, failures{0};
    std::atomic<bool> over{false};
    constexpr unsigned rounds = 1500;
    std::thread canceller([&] {
        while (!over) {
            failures += fm_cancel_set(cancel) != FM_OK;
            failures += fm_cancel_reset(cancel) != FM_OK;
            failures += fm_semaphore_release(semaphore, 1, nullptr) != FM_OK;
            ++released;
            std::this_thread::yield();
        }
    });
    in_threads(3, [&](unsigned) {
        const fm_handle objects[] = {never, semaphore};
        for (unsigned i = 0; i < rounds; ++i) {
            const fm_status status = fm_wait_many(objects, 2, 0, patience_ns, cancel, nullptr);
            taken += status == FM_OK;
            cancelled += status == FM_E_CANCELLED;
        }
    });
    over = true;
    canceller.join();
    EXPECT_EQ(0u, failures);
    EXPECT_EQ(3 * rounds, taken + cancelled);
    EXPECT_EQ(released, taken + queried(semaphore).count);
}

TEST(waiting_threads, closing_and_opening_while_others_wait) {
    const std::string name = unique_name();
    const handle kept = new_event(0, name);
    std::atomic<bool> over{false};
    std::atomic<unsigned> failures{0}, taken{0};
    std::thread setter([&] {
        while (!over) {
            failures += fm_event_set(kept) != FM_OK;
            pause_ms(1);
        }
    });
    in_threads(3, [&](unsigned) {
        for (int i = 0; i < 60; ++i) {
            fm_handle own = nullptr;
            failures += fm_event_open(name.c_str(), FM_ACCESS_ALL, &own) != FM_OK;
            background waiting([own] { return fm_wait(own, patience_ns); });
            if (i % 2) std::this_thread::yield();
            failures += fm_close(own) != FM_OK;
            const fm_status status = waiting.status();
            taken += status == FM_OK;
            failures += status != FM_OK && status != FM_E_INVALID_HANDLE;
        }
    });
    over = true;
    setter.join();
    EXPECT_EQ(0u, failures);
    EXPECT_GT(taken, 0u);
}

TEST(waiting_threads, t1_each_due_moment_of_a_timer_lets_one_through) {
    const handle timer = new_timer();
    constexpr int period = 5;
    std::atomic<unsigned> through{0}, failures{0};
    const stopwatch watch;
    ASSERT_STATUS(FM_OK, fm_timer_set(timer, -period * due_millisecond, period));
    in_threads(thread_count, [&](unsigned) {
        for (int i = 0; i < 25; ++i) {
            const fm_status status = fm_wait(timer, patience_ns);
            failures += status != FM_OK;
            const unsigned so_far = ++through;
            failures += watch.elapsed_ns() < so_far * period * millisecond; // more than there were moments
        }
    });
    EXPECT_EQ(0u, failures);
    EXPECT_EQ(100u, through);
}

TEST(waiting_threads, timers_that_are_set_and_cancelled_meanwhile) {
    const handle timer = new_timer();
    std::atomic<bool> over{false};
    std::atomic<unsigned> failures{0};
    std::thread waiter([&] {
        while (!over) failures += fm_wait(timer, millisecond) < 0;
    });
    in_threads(2, [&](unsigned thread) {
        for (int i = 0; i < 400; ++i) {
            failures += fm_timer_set(timer, i % 3 ? -due_hour : -1, i % 5 == 0 ? 1 : 0) != FM_OK;
            if (thread == 0) failures += fm_timer_cancel(timer) != FM_OK;
        }
    });
    over = true;
    waiter.join();
    EXPECT_EQ(0u, failures);
    EXPECT_STATUS(FM_OK, fm_timer_set(timer, -1, 0)); // and it works as before
    EXPECT_STATUS(FM_OK, fm_wait(timer, patience_ns));
}

} // namespace fm::test
