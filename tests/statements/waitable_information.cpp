// What fm_query(), fm_query_name() and fm_list tell of events, mutexes, semaphores and timers in each state.
#include "statements/waitables.hpp"

namespace fm::test {

namespace {

int64_t now_since_1970() {
    return std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
}

constexpr int64_t hour = 3600 * 1000 * millisecond;

class waitable_information : public testing::TestWithParam<object_kind> {
protected:
    const object_kind &kind = GetParam();
};

/// What a listing tells of one name; kind FM_KIND_UNKNOWN where it does not show it exactly once.
fm_list_info listed(const std::string &name) {
    handle list;
    EXPECT_STATUS(FM_OK, fm_list_open(FM_LIST_LOCAL, list.out()));
    fm_list_info info = {}, found = {};
    info.struct_size = sizeof info;
    unsigned times = 0;
    while (fm_list_next(list, &info) == FM_OK) {
        std::string text(300, '\0');
        if (fm_list_name(list, text.data(), text.size(), nullptr) != FM_OK || name != text.c_str()) continue;
        found = info;
        ++times;
    }
    return times == 1 ? found : fm_list_info{};
}

/// `fm_info.owner` of a mutex that this process owns.
testing::AssertionResult tells_owner(fm_handle mutex) {
    const uint32_t owner = queried(mutex).owner;
    if (owner == process_id() || (on_windows() && owner == 0)) return testing::AssertionSuccess();
    return testing::AssertionFailure() << "owner is " << owner << ", this process is " << process_id();
}

/// `fm_info.due` where a timer will come: at most what was asked for, unless the system cannot tell.
testing::AssertionResult due_within(fm_handle timer, int64_t longest_ns) {
    const int64_t due = queried(timer).due;
    if ((due > 0 && due <= longest_ns) || (on_windows() && due == FM_FOREVER)) return testing::AssertionSuccess();
    return testing::AssertionFailure() << "due in " << due << " ns, not 1 to " << longest_ns;
}

} // namespace

TEST_P(waitable_information, facts_that_all_kinds_have) {
    const std::string name = unique_name();
    const handle made = new_object(kind, name);
    const fm_info info = queried(made);
    EXPECT_EQ(sizeof info, info.struct_size);
    EXPECT_EQ(kind.kind, info.kind);
    EXPECT_EQ(0u, info.size);
    EXPECT_EQ(0u, info.protection);
    EXPECT_EQ(0u, info.flags);
    EXPECT_TRUE(info.created == 0 || std::abs(now_since_1970() - info.created) < hour) << info.created;
    EXPECT_TRUE(info.created != 0 || on_windows());
}

TEST_P(waitable_information, holders) {
    const std::string name = unique_name();
    const handle made = new_object(kind, name);
    const auto holders_are = [&](uint32_t count) {
        return queried(made).holders == (on_windows() ? count : FM_UNKNOWN_COUNT); // docs/platforms.md
    };
    EXPECT_TRUE(holders_are(1)) << queried(made).holders;
    {
        const handle again = opened_as(kind, name), weak = opened_as(kind, name, FM_ACCESS_WAIT);
        EXPECT_TRUE(holders_are(3)) << queried(made).holders;
        EXPECT_EQ(queried(made).holders, queried(weak).holders);
    }
    EXPECT_TRUE(holders_are(1)) << queried(made).holders;
}

TEST_P(waitable_information, a_query_needs_no_right_and_takes_nothing) {
    const std::string name = unique_name();
    unready_object object(kind, name);
    for (const uint32_t access : {FM_ACCESS_WAIT, FM_ACCESS_MODIFY}) {
        const handle weak = opened_as(kind, name, access);
        EXPECT_EQ(kind.kind, queried(weak).kind);
        EXPECT_EQ(0u, queried(weak).ready);
        EXPECT_EQ("Local\\" + name, name_of(weak));
    }
    object.make_ready();
    const handle nothing = duplicated(object, 0);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(1u, queried(nothing).ready);
    EXPECT_EQ("Local\\" + name, name_of(nothing));
    EXPECT_STATUS(FM_OK, look(object));
}

TEST_P(waitable_information, a_struct_of_another_size) {
    const handle made = new_object(kind);
    fm_info info = poison<fm_info>();
    info.struct_size = sizeof info - 1;
    const fm_info untouched = info;
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_query(made, &info));
    EXPECT_EQ(0, std::memcmp(&untouched, &info, sizeof info));
    struct newer {
        fm_info known;
        char tail[24];
    } larger = poison<newer>();
    larger.known.struct_size = sizeof larger;
    ASSERT_STATUS(FM_OK, fm_query(made, &larger.known));
    EXPECT_EQ(kind.kind, larger.known.kind);
    EXPECT_EQ(std::string(sizeof larger.tail, '\0'), std::string(larger.tail, sizeof larger.tail));
}

TEST_P(waitable_information, listings_show_the_kind) {
    const std::string name = "Local\\" + unique_name();
    handle made = new_object(kind, name);
    const handle again = opened_as(kind, name, FM_ACCESS_WAIT), nameless = new_object(kind);
    const fm_list_info info = listed(name);
    EXPECT_EQ(kind.kind, info.kind);
    EXPECT_EQ(0u, info.size);
    EXPECT_EQ(FM_LIST_LOCAL, info.scope);
    EXPECT_EQ(0u, info.dead);
    EXPECT_TRUE(info.holders == 2 || (on_windows() && info.holders == FM_UNKNOWN_COUNT)) << info.holders;
    EXPECT_TRUE(info.creator == process_id() || (on_windows() && info.creator == 0)) << info.creator;
    EXPECT_TRUE(std::abs(now_since_1970() - info.created) < hour || (on_windows() && info.created == 0))
        << info.created;
    EXPECT_EQ(FM_KIND_UNKNOWN, listed("").kind); // unnamed ones are not shown
}

TEST_P(waitable_information, listings_forget_what_was_closed) {
    const std::string name = "Local\\" + unique_name();
    handle made = new_object(kind, name);
    EXPECT_EQ(kind.kind, listed(name).kind);
    made.close();
    EXPECT_EQ(FM_KIND_UNKNOWN, listed(name).kind);
}

INSTANTIATE_TEST_SUITE_P(kinds, waitable_information, testing::ValuesIn(waitable_kinds()), kind_name);

TEST(waitable_state, of_events) {
    const handle once = new_event(), manual = new_event(FM_EVENT_MANUAL_RESET | FM_EVENT_SIGNALED);
    EXPECT_EQ(0u, queried(once).manual);
    EXPECT_EQ(0u, queried(once).ready);
    EXPECT_STATUS(FM_OK, fm_event_set(once));
    EXPECT_EQ(1u, queried(once).ready);
    EXPECT_STATUS(FM_OK, look(once));
    EXPECT_EQ(0u, queried(once).ready);
    EXPECT_EQ(1u, queried(manual).manual);
    EXPECT_EQ(1u, queried(manual).ready);
    EXPECT_STATUS(FM_OK, fm_event_reset(manual));
    EXPECT_EQ(0u, queried(manual).ready);
    EXPECT_EQ(1u, queried(manual).manual);
    for (const fm_info &info : {queried(once), queried(manual)}) {
        EXPECT_EQ(0u, info.count);
        EXPECT_EQ(0u, info.maximum);
        EXPECT_EQ(0u, info.owner);
        EXPECT_EQ(0u, info.period_ms);
    }
}

TEST(waitable_state, of_mutexes) {
    const handle mutex = new_mutex();
    const auto expect_state = [&](uint32_t ready, uint32_t count) {
        const fm_info info = queried(mutex);
        EXPECT_EQ(ready, info.ready);
        EXPECT_EQ(count, info.count);
        EXPECT_EQ(0u, info.maximum);
        EXPECT_EQ(0u, info.manual);
        if (count == 0) {
            EXPECT_EQ(0u, info.owner);
        } else {
            EXPECT_TRUE(tells_owner(mutex));
        }
    };
    expect_state(1, 0);
    EXPECT_STATUS(FM_OK, look(mutex));
    expect_state(1, 1); // for its owner
    EXPECT_STATUS(FM_OK, look(mutex));
    expect_state(1, 2);
    in_another_thread([&] { expect_state(0, 2); }); // for another
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
    expect_state(1, 0);
}

TEST(waitable_state, of_an_abandoned_mutex) {
    const handle mutex = new_mutex();
    mutex_owner(mutex, 3).abandon();
    EXPECT_EQ(1u, queried(mutex).ready);
    EXPECT_EQ(0u, queried(mutex).owner);
    EXPECT_EQ(0u, queried(mutex).count);      // there is no owner who has to release anything
    EXPECT_STATUS(FM_ABANDONED, look(mutex)); // asking has not taken the news away
    EXPECT_EQ(1u, queried(mutex).count);
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
}

TEST(waitable_state, of_a_mutex_that_begins_owned) {
    const handle mutex = new_mutex(FM_MUTEX_OWNED);
    EXPECT_EQ(1u, queried(mutex).count);
    EXPECT_EQ(1u, queried(mutex).ready);
    EXPECT_TRUE(tells_owner(mutex));
    in_another_thread([&] { EXPECT_EQ(0u, queried(mutex).ready); });
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
}

TEST(waitable_state, of_semaphores) {
    const handle semaphore = new_semaphore(2, 7);
    const auto expect_state = [&](uint32_t count) {
        const fm_info info = queried(semaphore);
        EXPECT_EQ(count, info.count);
        EXPECT_EQ(7u, info.maximum);
        EXPECT_EQ(count > 0 ? 1u : 0u, info.ready);
        EXPECT_EQ(0u, info.manual);
        EXPECT_EQ(0u, info.owner);
    };
    expect_state(2);
    EXPECT_EQ(2u, taken_until_empty(semaphore));
    expect_state(0);
    EXPECT_STATUS(FM_OK, fm_semaphore_release(semaphore, 7, nullptr));
    expect_state(7);
}

TEST(waitable_state, of_a_timer_that_is_set_once) {
    for (const uint32_t flags : {0u, FM_TIMER_MANUAL_RESET}) {
        const handle timer = new_timer(flags);
        EXPECT_EQ(flags == 0 ? 0u : 1u, queried(timer).manual);
        EXPECT_EQ(0u, queried(timer).ready);
        EXPECT_EQ(FM_FOREVER, queried(timer).due);
        ASSERT_STATUS(FM_OK, fm_timer_set(timer, -due_hour, 0));
        EXPECT_EQ(0u, queried(timer).ready);
        EXPECT_EQ(0u, queried(timer).period_ms);
        EXPECT_TRUE(due_within(timer, hour));
        ASSERT_STATUS(FM_OK, fm_timer_set(timer, 0, 0));
        EXPECT_TRUE(becomes_ready(timer));
        EXPECT_TRUE(queried(timer).due == 0 || (on_windows() && queried(timer).due == FM_FOREVER))
            << queried(timer).due;
        EXPECT_STATUS(FM_OK, look(timer));
        EXPECT_EQ(flags == 0 ? 0u : 1u, queried(timer).ready);
    }
}

TEST(waitable_state, of_an_absolute_timer) {
    const handle timer = new_timer();
    constexpr int64_t from_1601_to_1970 = INT64_C(116444736000000000);
    ASSERT_STATUS(FM_OK, fm_timer_set(timer, from_1601_to_1970 + now_since_1970() / 100 + due_hour, 0));
    EXPECT_TRUE(due_within(timer, hour));
}

TEST(waitable_state, of_a_periodic_timer) {
    const handle timer = new_timer();
    constexpr int64_t period = 0x7fffffff;
    ASSERT_STATUS(FM_OK, fm_timer_set(timer, 0, static_cast<uint32_t>(period)));
    EXPECT_TRUE(becomes_ready(timer));
    EXPECT_TRUE(queried(timer).period_ms == period || (on_windows() && queried(timer).period_ms == 0))
        << queried(timer).period_ms;
    EXPECT_STATUS(FM_OK, look(timer));
    EXPECT_EQ(0u, queried(timer).ready);
    EXPECT_TRUE(due_within(timer, period * millisecond));
    EXPECT_STATUS(FM_OK, fm_timer_cancel(timer));
    EXPECT_EQ(FM_FOREVER, queried(timer).due);
}

TEST(waitable_state, mappings_have_none) {
    const fm_info info = queried(unnamed());
    for (const uint32_t member : {info.ready, info.count, info.maximum, info.manual, info.owner, info.period_ms}) {
        EXPECT_EQ(0u, member);
    }
}

} // namespace fm::test
