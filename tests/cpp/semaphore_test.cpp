// fm::semaphore: units taken and given, the maximum, and what std::counting_semaphore would do too.
#include "support.hpp"

#include <thread>
#include <type_traits>

using namespace std::chrono_literals;

static_assert(std::is_nothrow_move_constructible_v<fm::semaphore> && !std::is_copy_constructible_v<fm::semaphore>);

TEST(semaphore, takes_what_there_is) {
    const auto semaphore = fm::semaphore::create_unnamed({.initial = 2, .maximum = 3});
    EXPECT_TRUE(semaphore.try_acquire());
    EXPECT_NO_THROW(semaphore.acquire());
    EXPECT_FALSE(semaphore.try_acquire());
    EXPECT_FALSE(semaphore.try_acquire_for(5ms));
    EXPECT_FALSE(semaphore.try_acquire_until(std::chrono::steady_clock::now() + 5ms));
    EXPECT_FALSE(semaphore.try_acquire_until(std::chrono::system_clock::now() + 5ms));
}

TEST(semaphore, release_gives_the_count_before) {
    const auto semaphore = fm::semaphore::create_unnamed({.maximum = 5});
    EXPECT_EQ(semaphore.release(), 0u);
    EXPECT_EQ(semaphore.release(3), 1u);
    EXPECT_EQ(semaphore.query().count, 4u);
    EXPECT_EQ(semaphore.query().maximum, 5u);
}

TEST(semaphore, the_maximum_is_kept) {
    const auto semaphore = fm::semaphore::create_unnamed({.initial = 1, .maximum = 2});
    EXPECT_EQ(error_of([&] { semaphore.release(2); }).code(), fm::errc::too_many);
    EXPECT_EQ(semaphore.query().count, 1u) << "nothing was added";
    EXPECT_EQ(error_of([&] { semaphore.release(0); }).code(), fm::errc::invalid_argument);
    const auto boundless = fm::semaphore::create_unnamed();
    EXPECT_EQ(boundless.query().maximum, 0x7fffffffu);
    EXPECT_EQ(boundless.query().count, 0u);
}

TEST(semaphore, counts_out_of_range_are_refused) {
    EXPECT_EQ(error_of([] { (void)fm::semaphore::create_unnamed({.initial = 3, .maximum = 2}); }).code(),
              fm::errc::invalid_argument);
    EXPECT_EQ(error_of([] { (void)fm::semaphore::create_unnamed({.maximum = 0}); }).code(), fm::errc::invalid_argument);
    EXPECT_EQ(error_of([] { (void)fm::semaphore::create_unnamed({.maximum = 0x80000000}); }).code(),
              fm::errc::invalid_argument);
}

TEST(semaphore, units_given_wake_as_many_threads) {
    const auto semaphore = fm::semaphore::create_unnamed({.maximum = 2});
    const auto done = fm::semaphore::create_unnamed({.maximum = 2});
    const auto take = [&] {
        EXPECT_TRUE(semaphore.try_acquire_for(fm::test::patience));
        done.release();
    };
    std::thread one(take), other(take);
    EXPECT_EQ(semaphore.release(2), 0u);
    EXPECT_TRUE(done.try_acquire_for(fm::test::patience));
    EXPECT_TRUE(done.try_acquire_for(fm::test::patience));
    one.join();
    other.join();
    EXPECT_FALSE(semaphore.try_acquire());
}

TEST(semaphore, a_name_is_one_object) {
    const std::string name = unique_name();
    const auto first = fm::semaphore::create(name, {.initial = 1, .maximum = 4});
    const auto second = fm::semaphore::open_or_create(name, {.initial = 3, .maximum = 3});
    EXPECT_TRUE(second.existed());
    EXPECT_EQ(second.query().maximum, 4u);
    EXPECT_TRUE(fm::semaphore::open(name).try_acquire());
    EXPECT_FALSE(first.try_acquire());
}

TEST(semaphore, rights_say_who_may_take_and_who_may_give) {
    const auto semaphore = fm::semaphore::create_unnamed({.initial = 1});
    const auto taker = semaphore.duplicate({.access = fm::access::wait});
    const auto giver = semaphore.duplicate({.access = fm::access::modify});
    EXPECT_EQ(error_of([&] { taker.release(); }).code(), fm::errc::access_denied);
    EXPECT_EQ(error_of([&] { (void)giver.try_acquire(); }).code(), fm::errc::access_denied);
    EXPECT_EQ(giver.release(), 1u);
    EXPECT_TRUE(taker.try_acquire());
}

TEST(semaphore, its_handle_can_be_given_away) {
    auto semaphore = fm::semaphore::create_unnamed({.initial = 1});
    const fm::semaphore adopted(semaphore.release_handle());
    EXPECT_FALSE(semaphore);
    EXPECT_TRUE(adopted.try_acquire());
}
