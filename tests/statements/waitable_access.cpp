// What each handle to an event, mutex, semaphore or timer may do, and statements H for these kinds. Each test runs for
// each kind.
#include "statements/waitables.hpp"

namespace fm::test {

namespace {

class waitable_access : public testing::TestWithParam<object_kind> {
protected:
    const object_kind &kind = GetParam();
};

/// Gives a handle to every function of one kind of object.
void expect_from_all_of(const object_kind &kind, fm_status expected, fm_handle bad) {
    uint32_t previous = poison<uint32_t>();
    switch (kind.kind) {
    case FM_KIND_EVENT:
        EXPECT_STATUS(expected, fm_event_set(bad));
        EXPECT_STATUS(expected, fm_event_reset(bad));
        EXPECT_STATUS(expected, fm_event_pulse(bad));
        break;
    case FM_KIND_MUTEX:
        EXPECT_STATUS(expected, fm_mutex_release(bad));
        break;
    case FM_KIND_SEMAPHORE:
        EXPECT_STATUS(expected, fm_semaphore_release(bad, 1, &previous));
        break;
    default:
        EXPECT_STATUS(expected, fm_timer_set(bad, 0, 0));
        EXPECT_STATUS(expected, fm_timer_cancel(bad));
    }
    EXPECT_EQ(poison<uint32_t>(), previous);
}

} // namespace

TEST_P(waitable_access, creating_gives_all_rights) {
    const std::string name = unique_name();
    const handle made = new_object(kind, name);
    EXPECT_EQ(every_right, queried(made).access);
    handle again;
    ASSERT_STATUS(FM_EXISTED, kind.create(name.c_str(), nullptr, again.out()));
    EXPECT_EQ(every_right, queried(again).access);
    EXPECT_EQ(every_right, queried(opened_as(kind, name)).access);
    EXPECT_EQ(every_right, queried(opened_as(kind, name, every_right)).access);
}

TEST_P(waitable_access, e2_a_handle_to_wait_changes_nothing) {
    const std::string name = unique_name();
    const handle made = new_object(kind, name), waiter = opened_as(kind, name, FM_ACCESS_WAIT);
    EXPECT_EQ(FM_ACCESS_WAIT, queried(waiter).access);
    if (kind.kind == FM_KIND_MUTEX) { // its releasing needs no right, but an owner (M8)
        EXPECT_STATUS(FM_OK, look(waiter));
        EXPECT_STATUS(FM_OK, fm_mutex_release(waiter));
        return;
    }
    expect_from_all_of(kind, FM_E_ACCESS_DENIED, waiter);
    EXPECT_STATUS(FM_TIMED_OUT, look(waiter));
    EXPECT_STATUS(FM_OK, kind.modify(made));
    EXPECT_STATUS(FM_OK, fm_wait(waiter, patience_ns));
}

TEST_P(waitable_access, m7_a_handle_to_modify_cannot_wait) {
    const std::string name = unique_name();
    const handle made = new_object(kind, name), modifier = opened_as(kind, name, FM_ACCESS_MODIFY);
    EXPECT_EQ(FM_ACCESS_MODIFY, queried(modifier).access);
    if (kind.kind == FM_KIND_MUTEX) {
        EXPECT_STATUS(FM_OK, look(made));
    }
    EXPECT_STATUS(FM_OK, kind.modify(modifier));
    EXPECT_TRUE(becomes_ready(made));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, look(modifier));
    EXPECT_STATUS(FM_OK, look(made)); // it was not taken
}

TEST_P(waitable_access, m6_opening_needs_an_access_that_the_kind_knows) {
    const std::string name = unique_name();
    const handle made = new_object(kind, name);
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(FM_E_ACCESS_DENIED, kind.open(name.c_str(), 0, &none));
    for (const uint32_t bad : {FM_ACCESS_READ, FM_ACCESS_WRITE, FM_ACCESS_EXECUTE, FM_ACCESS_COPY, 0x40u, 0x40000000u,
                               FM_ACCESS_WAIT | FM_ACCESS_READ, FM_ACCESS_ALL | 0x100u, 0x7fffffffu, 0xffffffffu}) {
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, kind.open(name.c_str(), bad, &none)) << bad;
    }
    EXPECT_EQ(poison<fm_handle>(), none);
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, kind.open(name.c_str(), FM_ACCESS_ALL, nullptr));
}

TEST_P(waitable_access, h1_a_duplicate_is_the_same_object) {
    handle first = new_object(kind);
    const handle second = duplicated(first, 0, FM_DUPLICATE_SAME_ACCESS);
    EXPECT_EQ(kind.kind, queried(second).kind);
    if (kind.kind == FM_KIND_MUTEX) {
        EXPECT_STATUS(FM_OK, look(first));
        first.close();
        EXPECT_EQ(1u, queried(second).count);
        EXPECT_STATUS(FM_OK, fm_mutex_release(second));
    } else {
        EXPECT_STATUS(FM_OK, kind.modify(first));
        EXPECT_TRUE(becomes_ready(second));
        first.close(); // the object lives on
        EXPECT_STATUS(FM_OK, look(second));
    }
}

TEST_P(waitable_access, h2_same_access_and_close_source) {
    const std::string name = unique_name();
    const handle made = new_object(kind, name);
    const fm_handle source = opened_as(kind, name, FM_ACCESS_WAIT).release();
    handle moved;
    ASSERT_STATUS(FM_OK, fm_duplicate(source, FM_ACCESS_MODIFY, FM_DUPLICATE_SAME_ACCESS | FM_DUPLICATE_CLOSE_SOURCE,
                                      moved.out()));
    EXPECT_EQ(FM_ACCESS_WAIT, queried(moved).access);
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_close(source));
    fm_handle none = poison<fm_handle>();
    const fm_handle denied = moved.release();
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_duplicate(denied, FM_ACCESS_MODIFY, FM_DUPLICATE_CLOSE_SOURCE, &none));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_close(denied)); // whatever the outcome
    EXPECT_EQ(poison<fm_handle>(), none);
}

TEST_P(waitable_access, h3_duplicates_with_fewer_rights) {
    const handle made = new_object(kind), waiter = duplicated(made, FM_ACCESS_WAIT),
                 modifier = duplicated(made, FM_ACCESS_MODIFY), nothing = duplicated(made, 0),
                 all = duplicated(made, FM_ACCESS_ALL);
    EXPECT_EQ(FM_ACCESS_WAIT, queried(waiter).access);
    EXPECT_EQ(FM_ACCESS_MODIFY, queried(modifier).access);
    EXPECT_EQ(0u, queried(nothing).access);
    EXPECT_EQ(every_right, queried(all).access);
    EXPECT_STATUS(FM_E_ACCESS_DENIED, look(modifier));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, look(nothing));
    if (kind.kind == FM_KIND_MUTEX) {
        EXPECT_STATUS(FM_OK, look(waiter));
        EXPECT_STATUS(FM_OK, fm_mutex_release(nothing)); // M8
        return;
    }
    expect_from_all_of(kind, FM_E_ACCESS_DENIED, waiter);
    expect_from_all_of(kind, FM_E_ACCESS_DENIED, nothing);
    EXPECT_STATUS(FM_OK, kind.modify(modifier));
    EXPECT_STATUS(FM_OK, fm_wait(waiter, patience_ns));
}

TEST_P(waitable_access, h3_rights_cannot_come_back) {
    const handle made = new_object(kind), waiter = duplicated(made, FM_ACCESS_WAIT), nothing = duplicated(made, 0);
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_duplicate(waiter, FM_ACCESS_MODIFY, 0, &none));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_duplicate(waiter, every_right, 0, &none));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_duplicate(nothing, FM_ACCESS_WAIT, 0, &none));
    for (const uint32_t of_mappings : {FM_ACCESS_READ, FM_ACCESS_WRITE, FM_ACCESS_EXECUTE, FM_ACCESS_COPY}) {
        EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_duplicate(made, of_mappings, 0, &none)) << of_mappings;
    }
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_duplicate(made, 0x40u, 0, &none));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_duplicate(made, FM_ACCESS_WAIT, 0x8u, &none));
    EXPECT_EQ(poison<fm_handle>(), none);
}

TEST_P(waitable_access, h5_closing_twice_is_an_error) {
    const fm_handle gone = new_object(kind).release();
    EXPECT_STATUS(FM_OK, fm_close(gone));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_close(gone));
    expect_from_all_of(kind, FM_E_INVALID_HANDLE, gone);
    expect_from_all_of(kind, FM_E_INVALID_HANDLE, nullptr);
    expect_from_all_of(kind, FM_E_INVALID_HANDLE, poison<fm_handle>());
}

TEST_P(waitable_access, handles_of_other_kinds) {
    const handle cancel = new_cancel();
    handle list;
    ASSERT_STATUS(FM_OK, fm_list_open(0, list.out()));
    expect_from_all_of(kind, FM_E_WRONG_KIND, cancel);
    expect_from_all_of(kind, FM_E_WRONG_KIND, list);
    for (const object_kind &other : named_kinds()) {
        if (other.kind == kind.kind) continue;
        SCOPED_TRACE(other);
        const handle wrong = new_object(other);
        expect_from_all_of(kind, FM_E_WRONG_KIND, wrong);
        expect_from_all_of(kind, FM_E_WRONG_KIND, duplicated(wrong, 0)); // before its rights are looked at
    }
}

TEST_P(waitable_access, is_no_mapping_and_no_listing) {
    const handle made = new_object(kind);
    fm_view no_view = poison<fm_view>();
    fm_list_info item = {};
    item.struct_size = sizeof item;
    EXPECT_STATUS(FM_E_WRONG_KIND, fm_map(made, FM_ACCESS_READ, 0, 0, &no_view));
    EXPECT_STATUS(FM_E_WRONG_KIND, fm_map_at(made, FM_ACCESS_READ, 0, 0, nullptr, &no_view));
    EXPECT_STATUS(FM_E_WRONG_KIND, fm_commit(made, 0, 0));
    EXPECT_STATUS(FM_E_WRONG_KIND, fm_list_next(made, &item));
    EXPECT_EQ(poison<fm_view>(), no_view);
    EXPECT_EQ(0u, item.kind);
}

INSTANTIATE_TEST_SUITE_P(kinds, waitable_access, testing::ValuesIn(waitable_kinds()), kind_name);

} // namespace fm::test
