// Threads as POSIX has them: they end by pthread_exit() or are cancelled while they own, and they have robust mutexes of
// their own on the list that filemap's words join.
#include "process/forked.hpp"
#include "process/waitables.hpp"

#include <cerrno>
#include <csignal>
#include <ctime>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__SANITIZE_THREAD__)
/// The thread sanitizer does not know that a robust mutex is owned by whom EOWNERDEAD was told, and reports its unlocking.
extern "C" const char *__tsan_default_options();
extern "C" const char *__tsan_default_options() {
    return "report_mutex_bugs=0";
}
#endif

namespace fm::test {

namespace {

using body = void *(*)(void *);

pthread_t started(body function, void *argument) {
    pthread_t thread;
    if (pthread_create(&thread, nullptr, function, argument) != 0) throw std::runtime_error("pthread_create");
    return thread;
}

void expect_abandoned(fm_handle mutex) {
    EXPECT_STATUS(FM_ABANDONED, wait_for(mutex));
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
    EXPECT_STATUS(FM_OK, look(mutex));
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
}

/// Robust mutexes of an application, in memory that it shares with its forked children.
class application_mutexes {
public:
    static constexpr int count = 6;

    application_mutexes() {
        void *memory = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) throw std::runtime_error("mmap");
        mutexes_ = static_cast<pthread_mutex_t *>(memory);
        pthread_mutexattr_t robust;
        pthread_mutexattr_init(&robust);
        pthread_mutexattr_setrobust(&robust, PTHREAD_MUTEX_ROBUST);
        pthread_mutexattr_setpshared(&robust, PTHREAD_PROCESS_SHARED);
        for (int i = 0; i < count; ++i) pthread_mutex_init(&mutexes_[i], &robust);
        pthread_mutexattr_destroy(&robust);
    }
    ~application_mutexes() { munmap(mutexes_, 4096); }
    application_mutexes(const application_mutexes &) = delete;
    application_mutexes &operator=(const application_mutexes &) = delete;

    int lock(int which) {
        timespec end;
        clock_gettime(CLOCK_REALTIME, &end);
        end.tv_sec += patience_ns / 1000000000;
        return pthread_mutex_timedlock(&mutexes_[which], &end);
    }
    int unlock(int which) { return pthread_mutex_unlock(&mutexes_[which]); }
    void make_sound(int which) {
        EXPECT_EQ(0, pthread_mutex_consistent(&mutexes_[which]));
        EXPECT_EQ(0, unlock(which));
    }

private:
    pthread_mutex_t *mutexes_;
};

} // namespace

TEST(pthreads, m4_ending_as_an_owner) {
    const handle mutex = new_mutex("");
    const body ways[] = {[](void *of) -> void * {
                             wait_for(static_cast<fm_handle>(of));
                             return nullptr;
                         },
                         [](void *of) -> void * {
                             wait_for(static_cast<fm_handle>(of));
                             pthread_exit(nullptr);
                         }};
    for (const body way : ways) {
        ASSERT_EQ(0, pthread_join(started(way, mutex), nullptr));
        expect_abandoned(mutex);
    }
}

TEST(pthreads, m4_a_detached_thread_wakes_who_waits) {
    const handle mutex = new_mutex(""), owned = new_semaphore("", 0, 1);
    fm_handle both[] = {mutex, owned};
    const pthread_t thread = started([](void *of) -> void * {
        wait_for(static_cast<fm_handle *>(of)[0]);
        fm_semaphore_release(static_cast<fm_handle *>(of)[1], 1, nullptr);
        settle(100);
        return nullptr;
    }, both);
    ASSERT_EQ(0, pthread_detach(thread));
    ASSERT_STATUS(FM_OK, wait_for(owned));
    expect_abandoned(mutex);
}

TEST(pthreads, m4_a_cancelled_owner) {
    const handle mutex = new_mutex(""), owned = new_semaphore("", 0, 1);
    fm_handle both[] = {mutex, owned};
    const pthread_t thread = started([](void *of) -> void * {
        wait_for(static_cast<fm_handle *>(of)[0]);
        fm_semaphore_release(static_cast<fm_handle *>(of)[1], 1, nullptr);
        for (;;) ::pause();
    }, both);
    ASSERT_STATUS(FM_OK, wait_for(owned));
    ASSERT_EQ(0, pthread_cancel(thread));
    void *result = nullptr;
    ASSERT_EQ(0, pthread_join(thread, &result));
    EXPECT_EQ(PTHREAD_CANCELED, result);
    expect_abandoned(mutex);
}

/// A wait is no cancellation point: it goes on, takes what it waited for, and the thread ends at the next one.
TEST(pthreads, a_cancelled_waiter) {
    const handle event = new_event(""), mutex = new_mutex("");
    fm_handle both[] = {event, mutex};
    const pthread_t thread = started([](void *of) -> void * {
        wait_for(static_cast<fm_handle *>(of)[1]);
        wait_for(static_cast<fm_handle *>(of)[0]);
        for (;;) ::pause();
    }, both);
    ASSERT_TRUE(becomes_ready(mutex, false));
    settle();
    ASSERT_EQ(0, pthread_cancel(thread));
    settle();
    ASSERT_STATUS(FM_OK, fm_event_set(event));
    ASSERT_EQ(0, pthread_join(thread, nullptr));
    EXPECT_STATUS(FM_TIMED_OUT, look(event));
    expect_abandoned(mutex);
}

TEST(pthreads, many_threads_that_end_as_owners) {
    const handle mutex = new_mutex("");
    ASSERT_STATUS(FM_OK, look(mutex));
    ASSERT_STATUS(FM_OK, fm_mutex_release(mutex));
    for (int round = 0; round < 200; ++round) {
        std::thread([&] {
            const fm_status status = wait_for(mutex);
            EXPECT_EQ(round == 0 ? FM_OK : FM_ABANDONED, status) << round;
        }).join();
    }
    expect_abandoned(mutex);
}

/// The kernel knows one list for each thread. The application locks and unlocks robust mutexes of its own before, while
/// and after filemap's words join it; whatever is still owned when the thread dies is marked, of both.
TEST(pthreads, robust_mutexes_of_the_application) {
    for (const bool in_thread : {false, true}) {
        application_mutexes own;
        const handle first = new_mutex(""), second = new_mutex(""), released = new_mutex("");
        const auto work = [&] {
            bool good = own.lock(0) == 0 && own.lock(1) == 0;
            good = good && wait_for(first) == FM_OK; // the first one of this thread: its words join the list
            good = good && own.lock(2) == 0 && own.unlock(1) == 0 && own.lock(3) == 0;
            good = good && wait_for(second) == FM_OK && wait_for(released) == FM_OK;
            good = good && own.unlock(0) == 0 && own.lock(4) == 0 && own.lock(5) == 0;
            good = good && fm_mutex_release(released) == FM_OK && own.unlock(4) == 0 && own.lock(0) == 0;
            return good;
        };
        forked child([&](const forked::partner &parent) {
            const auto act = [&] {
                if (!work()) _exit(1);
                parent.signal();
                parent.await();
            };
            if (in_thread)
                std::thread(act).join();
            else
                act();
            return 2;
        });
        child.await();
        EXPECT_STATUS(FM_TIMED_OUT, look(first));
        child.kill();
        EXPECT_EQ(-SIGKILL, child.wait());
        for (const int left : {0, 2, 3, 5}) {
            ASSERT_EQ(EOWNERDEAD, own.lock(left)) << left;
            own.make_sound(left);
        }
        for (const int free : {1, 4}) {
            ASSERT_EQ(0, own.lock(free)) << free;
            EXPECT_EQ(0, own.unlock(free));
        }
        expect_abandoned(first);
        expect_abandoned(second);
        EXPECT_STATUS(FM_OK, look(released));
    }
}

TEST(pthreads, robust_mutexes_of_the_application_while_it_waits) {
    application_mutexes own;
    const handle event = new_event(""), owned = new_mutex("");
    forked child([&](const forked::partner &parent) {
        if (own.lock(0) != 0 || wait_for(owned) != FM_OK || own.lock(1) != 0) return 1;
        parent.signal();
        wait_for(event); // it dies in this
        return 2;
    });
    child.await();
    settle();
    child.kill();
    EXPECT_EQ(-SIGKILL, child.wait());
    for (const int left : {0, 1}) {
        ASSERT_EQ(EOWNERDEAD, own.lock(left)) << left;
        own.make_sound(left);
    }
    expect_abandoned(owned);
}

/// A thread that ends while others of its process go on leaves a list that is sound: the next ones use the same words.
TEST(pthreads, robust_mutexes_of_threads_that_follow_one_another) {
    application_mutexes own;
    const handle mutex = new_mutex("");
    for (int round = 0; round < 50; ++round) {
        std::thread([&] {
            const int locked = own.lock(0);
            EXPECT_EQ(round == 0 ? 0 : EOWNERDEAD, locked);
            if (locked == EOWNERDEAD) {
                own.make_sound(0);
                EXPECT_EQ(0, own.lock(0));
            }
            const fm_status status = wait_for(mutex);
            EXPECT_EQ(round == 0 ? FM_OK : FM_ABANDONED, status);
        }).join();
    }
    EXPECT_EQ(EOWNERDEAD, own.lock(0));
    own.make_sound(0);
    expect_abandoned(mutex);
}

} // namespace fm::test
