// Statements N for events, mutexes, semaphores and timers: each test runs for each kind.
#include "statements/waitables.hpp"

namespace fm::test {

namespace {

/// All ways to ask for this name as an object of this kind have to fail because of the kind.
void expect_wrong_kind(const object_kind &kind, const std::string &name) {
    fm_handle none = poison<fm_handle>();
    const fm_object_options fresh = object_options(FM_CREATE_NEW);
    EXPECT_STATUS(FM_E_WRONG_KIND, kind.create(name.c_str(), nullptr, &none));
    EXPECT_STATUS(FM_E_WRONG_KIND, kind.open(name.c_str(), FM_ACCESS_ALL, &none));
    const fm_status status = kind.create(name.c_str(), &fresh, &none);
    EXPECT_TRUE(status == FM_E_EXISTS || status == FM_E_WRONG_KIND) << describe(status);
    EXPECT_EQ(poison<fm_handle>(), none);
}

void expect_invalid_name(const object_kind &kind, const std::string &name) {
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(FM_E_INVALID_NAME, kind.create(name.c_str(), nullptr, &none)) << testing::PrintToString(name);
    EXPECT_STATUS(FM_E_INVALID_NAME, kind.open(name.c_str(), FM_ACCESS_ALL, &none)) << testing::PrintToString(name);
    EXPECT_EQ(poison<fm_handle>(), none);
}

/// Two handles to one object: what is made ready through one is taken through the other.
void expect_same_object(const object_kind &kind, fm_handle one, fm_handle other) {
    if (kind.kind == FM_KIND_MUTEX) {
        const mutex_owner owner(one);
        EXPECT_STATUS(FM_TIMED_OUT, look(other));
        return;
    }
    EXPECT_STATUS(FM_TIMED_OUT, look(other));
    EXPECT_STATUS(FM_OK, kind.modify(one));
    EXPECT_STATUS(FM_OK, fm_wait(other, patience_ns));
    EXPECT_STATUS(FM_TIMED_OUT, look(one));
}

void expect_different_objects(const object_kind &kind, fm_handle one, fm_handle other) {
    if (kind.kind == FM_KIND_MUTEX) {
        const mutex_owner owner(one);
        EXPECT_STATUS(FM_OK, look(other));
        EXPECT_STATUS(FM_OK, fm_mutex_release(other));
        return;
    }
    EXPECT_STATUS(FM_OK, kind.modify(one));
    EXPECT_TRUE(becomes_ready(one));
    EXPECT_STATUS(FM_TIMED_OUT, look(other));
    EXPECT_STATUS(FM_OK, look(one));
}

std::string name_of_length(const std::string &prefix, const std::string &character, std::size_t units,
                           std::size_t total) {
    std::string name = prefix + unique_name("-");
    std::size_t length = name.size(); // ASCII so far: a unit each
    for (; length + units <= total; length += units) name += character;
    return name + std::string(total - length, 'x');
}

class waitable_names : public testing::TestWithParam<object_kind> {
protected:
    const object_kind &kind = GetParam();
};

class all_names : public testing::TestWithParam<object_kind> {};

} // namespace

TEST_P(all_names, n1_n2_all_kinds_share_the_names) {
    const object_kind &holding = GetParam();
    const std::string name = unique_name();
    const handle held = new_object(holding, name);
    for (const object_kind &other : named_kinds()) {
        if (other.kind == holding.kind) continue;
        SCOPED_TRACE(other.name);
        expect_wrong_kind(other, name);
        expect_wrong_kind(other, "Local\\" + name);
    }
    EXPECT_EQ(holding.kind, queried(held).kind); // as it was
    EXPECT_STATUS(FM_OK, try_open_as(holding, name));
}

TEST_P(all_names, n1_a_name_that_ended_is_free_for_every_kind) {
    const std::string name = unique_name();
    for (const object_kind &next : named_kinds()) {
        new_object(GetParam(), name).close();
        EXPECT_EQ(next.kind, queried(new_object(next, name)).kind);
    }
}

TEST_P(waitable_names, n3_create_of_an_existing_name_opens_it) {
    const std::string name = unique_name();
    const handle first = new_object(kind, name);
    handle second;
    ASSERT_STATUS(FM_EXISTED, kind.create(name.c_str(), nullptr, second.out()));
    EXPECT_EQ(kind.kind, queried(second).kind);
    expect_same_object(kind, first, second);
    expect_same_object(kind, second, first);
}

TEST_P(waitable_names, n4_fresh_create_is_plain_success) {
    handle fresh;
    EXPECT_STATUS(FM_OK, kind.create(unique_name().c_str(), nullptr, fresh.out()));
}

TEST_P(waitable_names, n5_open_of_a_missing_name) {
    fm_handle none = poison<fm_handle>();
    for (const char *prefix : {"", "Local\\", "Global\\"}) {
        EXPECT_STATUS(FM_E_NOT_FOUND, kind.open((prefix + unique_name()).c_str(), FM_ACCESS_ALL, &none));
    }
    EXPECT_EQ(poison<fm_handle>(), none);
}

TEST_P(waitable_names, n6_open_without_a_name) {
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, kind.open(nullptr, FM_ACCESS_ALL, &none));
    EXPECT_EQ(poison<fm_handle>(), none);
}

TEST_P(waitable_names, n7_create_without_a_name_is_unnamed) {
    for (const char *name : {static_cast<const char *>(nullptr), ""}) {
        handle first, second;
        ASSERT_STATUS(FM_OK, kind.create(name, nullptr, first.out()));
        ASSERT_STATUS(FM_OK, kind.create(name, nullptr, second.out()));
        EXPECT_EQ("", name_of(first));
        expect_different_objects(kind, first, second);
    }
}

TEST_P(waitable_names, n8_open_of_the_empty_name) {
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(FM_E_WRONG_KIND, kind.open("", FM_ACCESS_ALL, &none));
    EXPECT_EQ(poison<fm_handle>(), none);
}

TEST_P(waitable_names, n9_names_are_case_sensitive) {
    const std::string lower = unique_name("-foo"), upper = lower.substr(0, lower.size() - 3) + "FOO";
    const handle one = new_object(kind, lower), other = new_object(kind, upper);
    expect_different_objects(kind, one, other);
    expect_same_object(kind, one, opened_as(kind, lower));
}

TEST_P(waitable_names, n10_prefixes_are_case_sensitive) {
    for (const char *prefix : {"local\\", "LOCAL\\", "global\\", "GLOBAL\\", "Local/\\", " Local\\"}) {
        expect_invalid_name(kind, prefix + unique_name());
    }
}

TEST_P(waitable_names, n11_no_prefix_is_local) {
    const std::string name = unique_name();
    const handle plain = new_object(kind, name);
    EXPECT_EQ("Local\\" + name, name_of(plain));
    expect_same_object(kind, plain, opened_as(kind, "Local\\" + name));
}

TEST_P(waitable_names, n11_n17_global_is_another_namespace_and_open_to_these_kinds) {
    const std::string name = unique_name();
    const handle local = new_object(kind, "Local\\" + name);
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open_as(kind, "Global\\" + name));
    const handle global = new_object(kind, "Global\\" + name);
    EXPECT_EQ("Global\\" + name, name_of(global));
    expect_different_objects(kind, local, global);
    expect_same_object(kind, global, opened_as(kind, "Global\\" + name));
}

TEST_P(waitable_names, n12_no_backslash_after_the_prefix) {
    const std::string name = unique_name();
    for (const std::string &bad : {name + "\\", name + "\\x", "\\" + name, "Local\\" + name + "\\x",
                                   "Global\\Local\\" + name, std::string("Local\\"), std::string("Global\\")}) {
        expect_invalid_name(kind, bad);
    }
}

TEST_P(waitable_names, n12_any_other_character) {
    const std::string base = unique_name();
    std::vector<handle> held;
    for (const std::string tail :
         {"/", "/../x", ".", " ", "*?\"<>|:", "%s%n", "\x01\x1f\x7f", "\xC3\xA4", "\xF0\x9F\x98\x80"}) {
        SCOPED_TRACE(tail);
        held.push_back(new_object(kind, base + tail));
        EXPECT_EQ("Local\\" + base + tail, name_of(held.back()));
        EXPECT_STATUS(FM_OK, try_open_as(kind, base + tail));
    }
}

TEST_P(waitable_names, n12_names_that_are_not_utf8) {
    for (const char *bytes : {"\x80", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF", "\xE2\x82", "a\xC3z"}) {
        expect_invalid_name(kind, bytes);
        expect_invalid_name(kind, std::string("Global\\x") + bytes);
    }
}

TEST_P(waitable_names, n14_names_may_be_longer_than_max_path) {
    for (const std::size_t length : {255u, 256u, 260u, 261u, 1032u, 4096u}) {
        const std::string name = name_of_length("", "x", 1, length);
        const handle made = new_object(kind, name);
        EXPECT_EQ("Local\\" + name, name_of(made));
        EXPECT_STATUS(FM_OK, try_open_as(kind, name));
        EXPECT_STATUS(FM_E_NOT_FOUND, try_open_as(kind, name.substr(0, length - 1)));
    }
}

TEST_P(waitable_names, n15_longest_name) {
    for (const std::string prefix : {"", "Local\\", "Global\\"}) {
        for (const auto &[character, units] : {std::pair<std::string, std::size_t>{"x", 1}, {"\xF0\x9F\x90\x88", 2}}) {
            SCOPED_TRACE(prefix + character);
            const std::string longest = name_of_length(prefix, character, units, FM_MAX_NAME_UNITS);
            const handle made = new_object(kind, longest);
            EXPECT_EQ(prefix.empty() ? "Local\\" + longest : longest, name_of(made));
            EXPECT_STATUS(FM_OK, try_open_as(kind, longest));
            expect_invalid_name(kind, name_of_length(prefix, character, units, FM_MAX_NAME_UNITS + 1));
        }
    }
}

TEST_P(waitable_names, n18_name_dies_with_last_handle) {
    const std::string name = unique_name();
    handle first = new_object(kind, name), second = opened_as(kind, name, FM_ACCESS_WAIT);
    handle third = duplicated(second, 0, FM_DUPLICATE_SAME_ACCESS);
    first.close();
    EXPECT_STATUS(FM_OK, try_open_as(kind, name));
    second.close();
    EXPECT_STATUS(FM_OK, try_open_as(kind, name)); // a duplicate holds it as well
    third.close();
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open_as(kind, name));
}

TEST_P(waitable_names, n18_a_later_create_makes_an_independent_object) {
    const std::string name = unique_name();
    {
        const handle old = new_object(kind, name);
        if (kind.kind == FM_KIND_MUTEX)
            abandon(old);
        else
            ASSERT_STATUS(FM_OK, kind.modify(old));
    }
    const handle renewed = new_object(kind, name); // throws where it would be the old one
    if (kind.kind == FM_KIND_MUTEX) {
        EXPECT_STATUS(FM_OK, look(renewed)); // not abandoned
        EXPECT_STATUS(FM_OK, fm_mutex_release(renewed));
    } else {
        EXPECT_STATUS(FM_TIMED_OUT, look(renewed));
    }
}

TEST_P(waitable_names, a_name_can_be_used_again_at_once) {
    const std::string name = unique_name();
    for (int round = 0; round < 100; ++round) {
        handle made;
        ASSERT_STATUS(FM_OK, kind.create(name.c_str(), nullptr, made.out()));
    }
}

INSTANTIATE_TEST_SUITE_P(kinds, waitable_names, testing::ValuesIn(waitable_kinds()), kind_name);
INSTANTIATE_TEST_SUITE_P(kinds, all_names, testing::ValuesIn(named_kinds()), kind_name);

} // namespace fm::test
