// Statements S: semaphores.
#include "statements/waitables.hpp"

namespace fm::test {

namespace {

/// A release that has to fail, and to change nothing.
void expect_no_release(fm_status expected, fm_handle semaphore, uint32_t count) {
    const uint32_t before = queried(semaphore).count;
    uint32_t previous = poison<uint32_t>();
    EXPECT_STATUS(expected, fm_semaphore_release(semaphore, count, &previous)) << count;
    EXPECT_STATUS(expected, fm_semaphore_release(semaphore, count, nullptr)) << count;
    EXPECT_EQ(poison<uint32_t>(), previous);
    EXPECT_EQ(before, queried(semaphore).count);
}

} // namespace

TEST(semaphores, s1_counts_that_are_allowed) {
    for (const auto &[initial, maximum] : {std::pair{0u, 1u},
                                           {1u, 1u},
                                           {3u, 7u},
                                           {0u, largest_count},
                                           {largest_count, largest_count},
                                           {largest_count - 1, largest_count}}) {
        const handle semaphore = new_semaphore(initial, maximum);
        EXPECT_EQ(initial, queried(semaphore).count);
        EXPECT_EQ(maximum, queried(semaphore).maximum);
        EXPECT_STATUS(initial > 0 ? FM_OK : FM_TIMED_OUT, look(semaphore));
    }
}

TEST(semaphores, s1_counts_that_are_not) {
    const std::string name = unique_name();
    fm_handle none = poison<fm_handle>();
    for (const auto &[initial, maximum] : {std::pair{0u, 0u},
                                           {1u, 0u},
                                           {2u, 1u},
                                           {largest_count, 1u},
                                           {0u, largest_count + 1},
                                           {0u, 0xffffffffu},
                                           {0xffffffffu, 0xffffffffu},
                                           {largest_count + 1, largest_count},
                                           {0xffffffffu, 1u}}) {
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_semaphore_create(name.c_str(), initial, maximum, nullptr, &none))
            << initial << " of " << maximum;
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_semaphore_create(nullptr, initial, maximum, nullptr, &none));
    }
    EXPECT_EQ(poison<fm_handle>(), none);
    EXPECT_STATUS(FM_E_NOT_FOUND, fm_semaphore_open(name.c_str(), FM_ACCESS_ALL, &none));
}

TEST(semaphores, s1_as_many_waits_succeed_as_there_are_units) {
    const handle semaphore = new_semaphore(5, 9);
    EXPECT_EQ(5u, taken_until_empty(semaphore));
    EXPECT_STATUS(FM_TIMED_OUT, fm_wait(semaphore, 10 * millisecond));
    EXPECT_STATUS(FM_OK, fm_semaphore_release(semaphore, 9, nullptr));
    EXPECT_EQ(9u, taken_until_empty(semaphore));
}

TEST(semaphores, n3_counts_are_ignored_for_an_existing_semaphore) {
    const std::string name = unique_name();
    const handle made = new_semaphore(2, 3, name);
    handle again;
    ASSERT_STATUS(FM_EXISTED, fm_semaphore_create(name.c_str(), 7, 8, nullptr, again.out()));
    EXPECT_EQ(2u, queried(again).count);
    EXPECT_EQ(3u, queried(again).maximum);
    EXPECT_EQ(2u, taken_until_empty(again));
    // Counts that no semaphore may have are refused all the same.
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_semaphore_create(name.c_str(), 2, 1, nullptr, again.out()));
}

TEST(semaphores, s2_release_of_none) {
    expect_no_release(FM_E_INVALID_ARGUMENT, new_semaphore(1, 3), 0);
}

TEST(semaphores, s2_release_beyond_the_maximum_changes_nothing) {
    const handle full = new_semaphore(3, 3), nearly = new_semaphore(1, 3), empty = new_semaphore(0, 3);
    for (const uint32_t count : {1u, 2u, 3u, largest_count, largest_count + 1, 0xffffffffu}) {
        expect_no_release(FM_E_TOO_MANY, full, count);
    }
    for (const uint32_t count : {3u, 4u, largest_count, largest_count + 1, 0xfffffffeu, 0xffffffffu}) {
        expect_no_release(FM_E_TOO_MANY, nearly, count);
    }
    for (const uint32_t count : {4u, largest_count, largest_count + 1, 0xffffffffu}) {
        expect_no_release(FM_E_TOO_MANY, empty, count);
    }
    EXPECT_EQ(1u, taken_until_empty(nearly));
}

TEST(semaphores, s2_the_largest_maximum) {
    const handle semaphore = new_semaphore(largest_count - 1, largest_count);
    for (const uint32_t count : {2u, largest_count, largest_count + 1, 0x80000001u, 0x80000002u, 0xffffffffu}) {
        expect_no_release(FM_E_TOO_MANY, semaphore, count);
    }
    EXPECT_STATUS(FM_OK, fm_semaphore_release(semaphore, 1, nullptr));
    EXPECT_EQ(largest_count, queried(semaphore).count);
    expect_no_release(FM_E_TOO_MANY, semaphore, 1);
    EXPECT_STATUS(FM_OK, look(semaphore));
    EXPECT_EQ(largest_count - 1, queried(semaphore).count);
    const handle empty = new_semaphore(0, largest_count);
    uint32_t previous = poison<uint32_t>();
    EXPECT_STATUS(FM_OK, fm_semaphore_release(empty, largest_count, &previous));
    EXPECT_EQ(0u, previous);
    EXPECT_EQ(largest_count, queried(empty).count);
}

TEST(semaphores, s3_release_returns_the_previous_count) {
    const handle semaphore = new_semaphore(0, 10);
    uint32_t previous = poison<uint32_t>();
    EXPECT_STATUS(FM_OK, fm_semaphore_release(semaphore, 3, &previous));
    EXPECT_EQ(0u, previous);
    EXPECT_STATUS(FM_OK, fm_semaphore_release(semaphore, 1, &previous));
    EXPECT_EQ(3u, previous);
    EXPECT_STATUS(FM_OK, look(semaphore));
    EXPECT_STATUS(FM_OK, fm_semaphore_release(semaphore, 7, &previous));
    EXPECT_EQ(3u, previous);
    EXPECT_EQ(10u, queried(semaphore).count);
}

TEST(semaphores, s4_units_have_no_owner) {
    const handle semaphore = new_semaphore(2, 2);
    in_another_thread([&] { EXPECT_EQ(2u, taken_until_empty(semaphore)); });
    EXPECT_STATUS(FM_TIMED_OUT, look(semaphore));                      // lost with the thread: nothing is abandoned
    EXPECT_STATUS(FM_OK, fm_semaphore_release(semaphore, 2, nullptr)); // by who took none
    EXPECT_EQ(2u, taken_until_empty(semaphore));
}

TEST(semaphores, a_release_lets_as_many_waiters_through_as_it_adds_units) {
    const handle semaphore = new_semaphore(0, 10);
    std::vector<std::unique_ptr<background>> waiting;
    for (int i = 0; i < 5; ++i)
        waiting.push_back(std::make_unique<background>([&] { return fm_wait(semaphore, patience_ns); }));
    for (const auto &one : waiting) one->settle();
    const auto through = [&] {
        return std::count_if(waiting.begin(), waiting.end(), [](const auto &one) { return one->done(); });
    };
    EXPECT_STATUS(FM_OK, fm_semaphore_release(semaphore, 3, nullptr));
    for (const stopwatch watch; through() < 3 && watch.elapsed_ns() < patience_ns;) pause_ms(1);
    pause_ms(60);
    EXPECT_EQ(3, through());
    EXPECT_EQ(0u, queried(semaphore).count);
    EXPECT_STATUS(FM_OK, fm_semaphore_release(semaphore, 3, nullptr));
    for (const auto &one : waiting) EXPECT_STATUS(FM_OK, one->status());
    EXPECT_EQ(1u, taken_until_empty(semaphore));
}

TEST(semaphores, release_needs_modify) {
    const std::string name = unique_name();
    const handle semaphore = new_semaphore(1, 5, name);
    handle waiter;
    ASSERT_STATUS(FM_OK, fm_semaphore_open(name.c_str(), FM_ACCESS_WAIT, waiter.out()));
    expect_no_release(FM_E_ACCESS_DENIED, waiter, 1);
    EXPECT_STATUS(FM_OK, look(waiter));
}

} // namespace fm::test
