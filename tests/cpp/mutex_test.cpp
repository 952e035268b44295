// fm::mutex: with the standard's locks, recursively, by deadline, and when an owner ends without releasing it.
#include "support.hpp"

#include <mutex>
#include <thread>
#include <utility>

using namespace std::chrono_literals;

namespace {

template <class M>
concept timed_lockable = requires(M &m) {
    m.lock();
    { m.try_lock() } -> std::same_as<bool>;
    { m.try_lock_for(1s) } -> std::same_as<bool>;
    { m.try_lock_until(std::chrono::steady_clock::now()) } -> std::same_as<bool>;
    m.unlock();
};
static_assert(timed_lockable<fm::mutex>);

/// Runs `body` in a thread of its own, which has ended when this returns.
template <class Body>
void in_another_thread(Body body) {
    std::thread(body).join();
}

/// Whether another thread can acquire it now; gives it back.
bool is_free(fm::mutex &mutex) {
    bool free = false;
    in_another_thread([&] {
        free = mutex.try_lock();
        if (free) mutex.unlock();
    });
    return free;
}

/// Leaves the mutex to a thread that ends without releasing it.
void abandon(fm::mutex &mutex) {
    in_another_thread([&] { EXPECT_TRUE(mutex.acquire()); });
}

/// "own NAME": a process that owns the mutex until it is killed.
int own(const fm::test::arguments &values) {
    auto mutex = fm::mutex::open(values.at(0));
    mutex.lock();
    fm::test::say("owned");
    (void)fm::test::hear();
    return 0;
}
const fm::test::role registered("own_mutex", own);

} // namespace

TEST(mutex, lock_guard_owns_it_for_its_scope) {
    auto mutex = fm::mutex::create_unnamed();
    {
        const std::lock_guard lock(mutex);
        EXPECT_FALSE(is_free(mutex));
    }
    EXPECT_TRUE(is_free(mutex));
    EXPECT_FALSE(mutex.abandoned());
}

TEST(mutex, unique_lock_gives_up_in_time) {
    auto mutex = fm::mutex::create_unnamed();
    const std::lock_guard held(mutex);
    in_another_thread([&] {
        EXPECT_FALSE(std::unique_lock(mutex, std::try_to_lock));
        EXPECT_FALSE(std::unique_lock(mutex, 5ms));
        EXPECT_FALSE(std::unique_lock(mutex, std::chrono::steady_clock::now() + 5ms));
        EXPECT_FALSE(mutex.try_lock_until(std::chrono::system_clock::now() + 5ms));
        EXPECT_TRUE(mutex.acquire(5ms).timed_out());
    });
}

TEST(mutex, scoped_lock_takes_several_in_any_order_without_deadlock) {
    auto first = fm::mutex::create_unnamed();
    auto second = fm::mutex::create_unnamed();
    int counter = 0;
    const auto count = [&](fm::mutex &one, fm::mutex &other) {
        for (int i = 0; i < 500; ++i) {
            const std::scoped_lock lock(one, other);
            ++counter;
        }
    };
    std::thread forwards(count, std::ref(first), std::ref(second));
    std::thread backwards(count, std::ref(second), std::ref(first));
    forwards.join();
    backwards.join();
    EXPECT_EQ(counter, 1000);
    EXPECT_TRUE(is_free(first));
    EXPECT_TRUE(is_free(second));
}

TEST(mutex, belongs_to_a_thread_as_often_as_it_was_acquired) {
    auto mutex = fm::mutex::create_unnamed();
    mutex.lock();
    EXPECT_TRUE(mutex.try_lock());
    EXPECT_TRUE(mutex.try_lock_for(1s));
    EXPECT_EQ(mutex.query().count, 3u);
    mutex.unlock();
    mutex.unlock();
    EXPECT_FALSE(is_free(mutex));
    mutex.unlock();
    EXPECT_TRUE(is_free(mutex));
}

TEST(mutex, only_its_owner_may_release_it) {
    auto mutex = fm::mutex::create_unnamed();
    EXPECT_EQ(error_of([&] { mutex.unlock(); }).code(), fm::errc::not_owner);
    const std::lock_guard held(mutex);
    in_another_thread([&] { EXPECT_EQ(error_of([&] { mutex.unlock(); }).code(), fm::errc::not_owner); });
}

TEST(mutex, objects_of_one_name_lock_each_other_out) {
    const std::string name = unique_name();
    auto first = fm::mutex::create(name);
    auto second = fm::mutex::open(name);
    const std::lock_guard held(first);
    EXPECT_FALSE(is_free(second));
    EXPECT_TRUE(second.try_lock()) << "it is the thread that owns, not the object";
    second.unlock();
}

TEST(mutex, begins_owned_by_its_creator_alone) {
    const std::string name = unique_name();
    auto mutex = fm::mutex::create(name, {.owned = true});
    {
        const std::unique_lock lock(mutex, std::adopt_lock);
        EXPECT_FALSE(is_free(mutex));
        in_another_thread([&] {
            auto late = fm::mutex::open_or_create(name, {.owned = true});
            EXPECT_TRUE(late.existed());
            EXPECT_EQ(error_of([&] { late.unlock(); }).code(), fm::errc::not_owner);
        });
    }
    EXPECT_TRUE(is_free(mutex));
}

TEST(mutex, the_next_owner_learns_that_the_last_one_ended) {
    auto mutex = fm::mutex::create_unnamed();
    abandon(mutex);
    const fm::wait_result found = mutex.acquire(fm::test::patience);
    EXPECT_TRUE(found) << "it is acquired all the same";
    EXPECT_TRUE(found.abandoned());
    EXPECT_TRUE(mutex.abandoned());
    mutex.clear_abandoned();
    mutex.unlock();
    EXPECT_EQ(mutex.acquire().outcome, fm::outcome::taken) << "told once";
    EXPECT_FALSE(mutex.abandoned());
    mutex.unlock();
}

TEST(mutex, who_locks_with_the_standard_can_ask) {
    auto mutex = fm::mutex::create_unnamed();
    abandon(mutex);
    {
        const std::lock_guard lock(mutex);
        EXPECT_TRUE(mutex.abandoned());
    }
    {
        const std::lock_guard lock(mutex);
        EXPECT_TRUE(mutex.abandoned()) << "nobody has said that what it guards is sound";
        mutex.clear_abandoned();
    }
    const std::lock_guard lock(mutex);
    EXPECT_FALSE(mutex.abandoned());
}

TEST(mutex, abandonment_is_not_lost_where_std_lock_begins_again) {
    auto lost = fm::mutex::create_unnamed();
    auto busy = fm::mutex::create_unnamed();
    abandon(lost);
    busy.lock();
    in_another_thread([&] { EXPECT_EQ(std::try_lock(lost, busy), 1) << "lost was acquired and given back"; });
    busy.unlock();
    const std::scoped_lock lock(busy, lost);
    EXPECT_TRUE(lost.abandoned());
    EXPECT_FALSE(busy.abandoned());
}

TEST(mutex, each_way_to_acquire_tells_of_abandonment) {
    auto mutex = fm::mutex::create_unnamed();
    const auto tells = [&](auto acquire) {
        abandon(mutex);
        acquire();
        EXPECT_TRUE(mutex.abandoned());
        mutex.clear_abandoned();
        mutex.unlock();
    };
    tells([&] { mutex.lock(); });
    tells([&] { EXPECT_TRUE(mutex.try_lock()); });
    tells([&] { EXPECT_TRUE(mutex.try_lock_for(fm::test::patience)); });
    tells([&] { EXPECT_TRUE(mutex.try_lock_until(std::chrono::steady_clock::now() + fm::test::patience)); });
    tells([&] { EXPECT_TRUE(mutex.acquire(fm::cancel::create()).abandoned()); });
}

TEST(mutex, a_killed_process_abandons_it) {
    const std::string name = unique_name();
    auto mutex = fm::mutex::create(name);
    fm::test::child owner("own_mutex", {name});
    owner.expect("owned");
    EXPECT_FALSE(mutex.try_lock());
    std::thread waiting([&] {
        EXPECT_TRUE(mutex.acquire(fm::test::patience).abandoned());
        mutex.unlock();
    });
    owner.kill();
    (void)owner.wait();
    waiting.join();
    EXPECT_EQ(mutex.acquire(0s).outcome, fm::outcome::taken);
    mutex.unlock();
}

TEST(mutex, query_tells_its_owner) {
    auto mutex = fm::mutex::create_unnamed();
    EXPECT_EQ(mutex.query().kind, fm::kind::mutex);
    EXPECT_TRUE(mutex.query().ready);
    EXPECT_FALSE(mutex.query().owner.has_value());
    const std::lock_guard lock(mutex);
    const fm::info info = mutex.query();
    EXPECT_TRUE(info.ready) << "for its owner it is";
    EXPECT_EQ(info.count, 1u);
    const auto self = static_cast<std::uint32_t>(fm::test::process_id());
    EXPECT_EQ(info.owner.value_or(self), self);
    in_another_thread([&] { EXPECT_FALSE(mutex.query().ready); });
}
