// fork() and exec() in processes that own mutexes and wait: the child is not its parent, and owns nothing of its.
#include "process/forked.hpp"
#include "process/puppet.hpp"
#include "process/waitables.hpp"

#include <atomic>
#include <csignal>
#include <unistd.h>

namespace fm::test {

TEST(waitable_fork, the_child_of_an_owner_owns_nothing) {
    const handle mutex = new_mutex("", FM_MUTEX_OWNED);
    ASSERT_STATUS(FM_OK, look(mutex)); // twice
    forked child([&](const forked::partner &parent) {
        if (fm_mutex_release(mutex) != FM_E_NOT_OWNER) return 1;
        if (look(mutex) != FM_TIMED_OUT || queried(mutex).ready != 0) return 2;
        parent.signal();
        if (wait_for(mutex) != FM_OK) return 3; // released, not abandoned
        return fm_mutex_release(mutex) == FM_OK ? 0 : 4;
    });
    child.await();
    EXPECT_EQ(2u, queried(mutex).count);
    EXPECT_EQ(static_cast<uint32_t>(process_id()), queried(mutex).owner);
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
    settle();
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
    EXPECT_EQ(0, child.wait());
    EXPECT_STATUS(FM_OK, look(mutex)); // and not abandoned by the child's end
}

TEST(waitable_fork, the_end_of_a_child_abandons_nothing_of_its_parent) {
    const handle mutex = new_mutex("", FM_MUTEX_OWNED), other = new_mutex("");
    for (const bool kill : {false, true}) {
        forked child([&](const forked::partner &parent) {
            if (wait_for(other) != FM_OK) return 1; // has a slot of its own
            if (fm_mutex_release(other) != FM_OK) return 2;
            parent.signal();
            if (kill) parent.await();
            return 0;
        });
        child.await();
        if (kill) child.kill();
        EXPECT_EQ(kill ? -SIGKILL : 0, child.wait());
        forked onlooker([&](const forked::partner &) { return look(mutex) == FM_TIMED_OUT ? 0 : 1; });
        EXPECT_EQ(0, onlooker.wait());
    }
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
}

TEST(waitable_fork, a_child_abandons_what_it_owns_itself) {
    const handle mutex = new_mutex("");
    for (const bool kill : {false, true}) {
        forked child([&](const forked::partner &parent) {
            if (wait_for(mutex) != FM_OK) return 1;
            parent.signal();
            parent.await();
            return 0;
        });
        child.await();
        EXPECT_STATUS(FM_TIMED_OUT, look(mutex));
        if (kill)
            child.kill();
        else
            child.signal();
        EXPECT_EQ(kill ? -SIGKILL : 0, child.wait());
        EXPECT_STATUS(FM_ABANDONED, wait_for(mutex));
        EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
    }
}

/// The parent dies as the owner, and its child waits for the mutex by the handle that both have.
TEST(waitable_fork, the_death_of_a_parent_whose_child_lives) {
    const std::string name = unique_name();
    const handle mutex = new_mutex(name), told = new_semaphore("", 0, 5), abandoned = new_semaphore("", 0, 5);
    forked parent([&](const forked::partner &test) {
        if (wait_for(mutex) != FM_OK) return 1;
        forked child([&](const forked::partner &) {
            fm_semaphore_release(told, 1, nullptr);
            if (wait_for(mutex) != FM_ABANDONED) return 1;
            fm_mutex_release(mutex);
            fm_semaphore_release(abandoned, 1, nullptr);
            return 0;
        });
        test.await(); // killed here
        return 2;
    });
    ASSERT_STATUS(FM_OK, wait_for(told));
    settle();
    EXPECT_STATUS(FM_TIMED_OUT, look(mutex));
    parent.kill();
    EXPECT_EQ(-SIGKILL, parent.wait());
    EXPECT_STATUS(FM_OK, wait_for(abandoned));
    EXPECT_STATUS(FM_OK, wait_for(mutex));
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
}

TEST(waitable_fork, a_fork_while_another_thread_waits) {
    const handle event = new_event(""), mutex = new_mutex("", FM_MUTEX_OWNED), units = new_semaphore("", 0, 5);
    fm_status one = FM_E_SYSTEM, both = FM_E_SYSTEM;
    std::thread first([&] { one = wait_for(event); });
    std::thread second([&] {
        const fm_handle all[] = {mutex, units};
        both = fm_wait_all(all, 2, patience_ns);
        if (both >= 0) fm_mutex_release(mutex);
    });
    settle();
    {
        forked idle([&](const forked::partner &) { return 0; }); // its end is not the waiters' end
        EXPECT_EQ(0, idle.wait());
    }
    forked child([&](const forked::partner &) {
        if (fm_event_set(event) != FM_OK) return 1;
        return fm_semaphore_release(units, 1, nullptr) == FM_OK ? 0 : 2;
    });
    EXPECT_EQ(0, child.wait());
    first.join();
    EXPECT_STATUS(FM_OK, one);
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
    second.join();
    EXPECT_STATUS(FM_OK, both);
    EXPECT_STATUS(FM_OK, look(mutex));
}

TEST(waitable_fork, a_fork_in_the_midst_of_calls) {
    const handle mutex = new_mutex(""), event = new_event(""), units = new_semaphore("", 3, 3), timer = new_timer("");
    const fm_handle all[] = {mutex, units};
    std::atomic<bool> ended{false};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) threads.emplace_back([&] {
        while (!ended) {
            if (fm_wait_all(all, 2, patience_ns) < FM_OK) return ADD_FAILURE() << last_error(), void();
            fm_semaphore_release(units, 1, nullptr);
            fm_mutex_release(mutex);
            fm_event_set(event);
            fm_wait(event, millisecond);
            fm_timer_set(timer, 0, 1);
            fm_wait(timer, millisecond);
        }
    });
    for (int round = 0; round < 40; ++round) {
        forked child([&](const forked::partner &) {
            const fm_status together = fm_wait_all(all, 2, patience_ns);
            if (together != FM_OK) return 1;
            if (fm_semaphore_release(units, 1, nullptr) != FM_OK || fm_mutex_release(mutex) != FM_OK) return 2;
            if (fm_event_set(event) != FM_OK || fm_timer_set(timer, 0, 0) != FM_OK) return 3;
            const handle own = new_mutex("", FM_MUTEX_OWNED);
            return fm_mutex_release(own) == FM_OK ? 0 : 4;
        });
        EXPECT_EQ(0, child.wait()) << "round " << round;
    }
    ended = true;
    for (std::thread &each : threads) each.join();
    EXPECT_STATUS(FM_OK, look(mutex));
    EXPECT_EQ(3u, queried(units).count);
}

TEST(waitable_fork, named_ones_live_as_long_as_the_child_has_them) {
    const std::string name = unique_name();
    handle event = new_event(name);
    forked child([&](const forked::partner &parent) {
        parent.signal();
        return wait_for(event) == FM_OK ? 0 : 1;
    });
    child.await();
    event.close();
    handle again;
    ASSERT_STATUS(FM_OK, fm_event_open(name.c_str(), FM_ACCESS_ALL, again.out()));
    EXPECT_STATUS(FM_OK, fm_event_set(again));
    again.close();
    EXPECT_EQ(0, child.wait());
    EXPECT_STATUS(FM_E_NOT_FOUND, fm_event_open(name.c_str(), FM_ACCESS_ALL, again.out()));
}

TEST(waitable_exec, an_owner_that_becomes_another_program_has_abandoned) {
    const handle mutex = new_mutex(""), ready = new_semaphore("", 0, 1);
    for (const bool in_thread : {false, true}) {
        forked child([&](const forked::partner &) {
            const auto become = [&] {
                if (wait_for(mutex) != FM_OK) _exit(1);
                fm_semaphore_release(ready, 1, nullptr);
                execl("/bin/sleep", "sleep", "60", nullptr);
                _exit(2);
            };
            if (in_thread)
                std::thread(become).join();
            else
                become();
            return 3;
        });
        ASSERT_STATUS(FM_OK, wait_for(ready));
        EXPECT_STATUS(FM_ABANDONED, wait_for(mutex)); // while the process goes on as `sleep`
        EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
        child.kill();
        EXPECT_EQ(-SIGKILL, child.wait());
    }
}

} // namespace fm::test
