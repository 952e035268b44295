// fm::event: how it is made, what each of its calls does, and what its options and rights mean.
#include "support.hpp"

#include <atomic>
#include <thread>
#include <type_traits>
#include <vector>

using namespace std::chrono_literals;

static_assert(std::is_nothrow_move_constructible_v<fm::event> && std::is_nothrow_move_assignable_v<fm::event>);
static_assert(!std::is_copy_constructible_v<fm::event> && !std::is_copy_assignable_v<fm::event>);
static_assert(!std::is_convertible_v<fm_handle, fm::event>, "taking ownership is said aloud");

TEST(event, automatic_reset_lets_one_wait_through) {
    const auto event = fm::event::create_unnamed();
    EXPECT_FALSE(event.try_wait());
    event.set();
    event.set();
    EXPECT_TRUE(event.try_wait());
    EXPECT_FALSE(event.try_wait());
}

TEST(event, manual_reset_lets_everybody_through_until_it_is_reset) {
    const auto event = fm::event::create_unnamed({.manual_reset = true});
    event.set();
    EXPECT_TRUE(event.try_wait());
    EXPECT_NO_THROW(event.wait());
    event.reset();
    EXPECT_FALSE(event.try_wait());
}

TEST(event, begins_set_where_it_was_asked_to) {
    EXPECT_TRUE(fm::event::create_unnamed({.signaled = true}).try_wait());
    EXPECT_TRUE(fm::event::create_unnamed({.manual_reset = true, .signaled = true}).try_wait());
    EXPECT_FALSE(fm::event::create_unnamed({.manual_reset = true}).try_wait());
}

TEST(event, pulse_leaves_it_reset) {
    const auto event = fm::event::create_unnamed({.manual_reset = true, .signaled = true});
    event.pulse();
    EXPECT_FALSE(event.try_wait());
}

TEST(event, setting_wakes_a_blocked_thread_for_each_time) {
    const auto event = fm::event::create_unnamed();
    const auto answer = fm::event::create_unnamed();
    std::thread other([&] {
        for (int i = 0; i < 3; ++i) {
            event.wait();
            answer.set();
        }
    });
    for (int i = 0; i < 3; ++i) {
        event.set();
        EXPECT_TRUE(answer.wait_for(fm::test::patience));
    }
    other.join();
}

TEST(event, manual_reset_wakes_all_blocked_threads) {
    const auto event = fm::event::create_unnamed({.manual_reset = true});
    std::atomic<int> through = 0;
    std::vector<std::thread> others;
    for (int i = 0; i < 4; ++i) others.emplace_back([&] { through += event.wait_for(fm::test::patience); });
    event.set();
    for (std::thread &other : others) other.join();
    EXPECT_EQ(through, 4);
}

TEST(event, a_wait_that_runs_out_takes_the_time_and_nothing_else) {
    const auto event = fm::event::create_unnamed();
    const auto started = std::chrono::steady_clock::now();
    EXPECT_FALSE(event.wait_for(20ms));
    EXPECT_GE(std::chrono::steady_clock::now() - started, 19ms);
    EXPECT_FALSE(event.wait_until(std::chrono::steady_clock::now() + 1ms));
    EXPECT_FALSE(event.wait_until(std::chrono::system_clock::now() + 1ms));
    EXPECT_FALSE(event.wait_until(std::chrono::system_clock::now() - 1h));
    EXPECT_FALSE(event.wait_for(-1s));
    event.set();
    EXPECT_TRUE(event.wait_for(-1s)) << "no time left is one look, as with std::condition_variable";
    event.set();
    EXPECT_TRUE(event.wait_for(std::chrono::hours::max()));
}

TEST(event, a_name_is_one_object) {
    const std::string name = unique_name();
    const auto first = fm::event::create(name, {.manual_reset = true});
    EXPECT_FALSE(first.existed());
    const auto second = fm::event::open_or_create(name, {.signaled = true});
    EXPECT_TRUE(second.existed());
    EXPECT_FALSE(second.try_wait()) << "the options are those of its creation";
    const auto third = fm::event::open(name);
    EXPECT_TRUE(third.existed());
    third.set();
    EXPECT_TRUE(first.try_wait());
    EXPECT_TRUE(second.try_wait()) << "manual reset";
    EXPECT_EQ(third.name(), name);
}

TEST(event, create_and_open_say_why_they_cannot) {
    const std::string name = unique_name();
    EXPECT_EQ(error_of([&] { (void)fm::event::open(name); }).code(), fm::errc::not_found);
    const auto event = fm::event::create(name);
    EXPECT_EQ(error_of([&] { (void)fm::event::create(name); }).code(), fm::errc::exists);
    EXPECT_EQ(error_of([&] { (void)fm::mutex::open(name); }).code(), fm::errc::wrong_kind);
    EXPECT_EQ(error_of([&] { (void)fm::mapping::open(name); }).code(), fm::errc::wrong_kind);
    EXPECT_EQ(error_of([&] { (void)fm::timer::open_or_create(name); }).code(), fm::errc::wrong_kind);
    EXPECT_EQ(error_of([] { (void)fm::event::create(std::string("a\0b", 3)); }).code(), fm::errc::invalid_name);
    EXPECT_EQ(error_of([] { fm::event().set(); }).code(), fm::errc::invalid_handle);
    EXPECT_EQ(error_of([] { (void)fm::event().try_wait(); }).code(), fm::errc::invalid_handle);
}

TEST(event, the_name_ends_with_its_last_holder) {
    const std::string name = unique_name();
    auto event = fm::event::create(name);
    auto moved = std::move(event);
    EXPECT_FALSE(event); // NOLINT(bugprone-use-after-move): empty after a move is what is promised
    EXPECT_TRUE(fm::event::open(name));
    moved.close();
    EXPECT_EQ(error_of([&] { (void)fm::event::open(name); }).code(), fm::errc::not_found);
}

TEST(event, rights_say_who_may_set_and_who_may_wait) {
    const std::string name = unique_name();
    const auto event = fm::event::create(name);
    const auto waiter = fm::event::open(name, fm::access::wait);
    const auto setter = fm::event::open(name, fm::access::modify);
    EXPECT_EQ(error_of([&] { waiter.set(); }).code(), fm::errc::access_denied);
    EXPECT_EQ(error_of([&] { waiter.reset(); }).code(), fm::errc::access_denied);
    EXPECT_EQ(error_of([&] { waiter.pulse(); }).code(), fm::errc::access_denied);
    EXPECT_EQ(error_of([&] { (void)setter.try_wait(); }).code(), fm::errc::access_denied);
    setter.set();
    EXPECT_TRUE(waiter.try_wait());
    const auto weaker = event.duplicate({.access = fm::access::wait});
    EXPECT_EQ(error_of([&] { weaker.set(); }).code(), fm::errc::access_denied);
}

TEST(event, a_token_names_it) {
    const auto event = fm::event::create_unnamed({.manual_reset = true});
    const auto imported = fm::event::import_token(fm::token::from_string(event.export_token().to_string()));
    imported.set();
    EXPECT_TRUE(event.try_wait());
    EXPECT_EQ(error_of([&] { (void)fm::semaphore::import_token(event.export_token()); }).code(), fm::errc::wrong_kind);
}

TEST(event, query_tells_its_state) {
    const auto event = fm::event::create_unnamed({.manual_reset = true, .flags = fm::flags::inheritable});
    fm::info info = event.query();
    EXPECT_EQ(info.kind, fm::kind::event);
    EXPECT_TRUE(info.manual_reset);
    EXPECT_FALSE(info.ready);
    EXPECT_TRUE(has(info.access, fm::access::wait | fm::access::modify));
    EXPECT_TRUE(has(info.flags, fm::flags::inheritable));
    event.set();
    EXPECT_TRUE(event.query().ready);
    const auto automatic = fm::event::create_unnamed({.signaled = true});
    EXPECT_FALSE(automatic.query().manual_reset);
    EXPECT_TRUE(automatic.query().ready);
    EXPECT_TRUE(automatic.try_wait()) << "query() took nothing";
}

TEST(event, is_listed_as_what_it_is) {
    const std::string name = unique_name();
    const auto event = fm::event::create(name);
    int seen = 0;
    for (const fm::listed_object &object : fm::object_list(fm::list_flags::local)) {
        if (object.name != name) continue;
        ++seen;
        EXPECT_EQ(object.kind, fm::kind::event);
    }
    EXPECT_EQ(seen, 1);
}
