// Options and flags of creating events, mutexes, semaphores and timers, good ones and bad. Each test runs for each
// kind.
#include "statements/waitables.hpp"

namespace fm::test {

namespace {

class waitable_options : public testing::TestWithParam<object_kind> {
protected:
    const object_kind &kind = GetParam();
};

/// Creating has to fail this way, to leave the output alone and to create nothing.
void expect_no_creation(const object_kind &kind, fm_status expected, const fm_object_options *with) {
    const std::string name = unique_name();
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(expected, kind.create(name.c_str(), with, &none));
    EXPECT_STATUS(expected, kind.create(nullptr, with, &none));
    EXPECT_EQ(poison<fm_handle>(), none);
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open_as(kind, name));
}

/// Options followed by a tail, as a caller with a newer header would pass them.
std::vector<char> longer_options(std::size_t tail, char filling) {
    std::vector<char> bytes(sizeof(fm_object_options) + tail, '\0'); // of exactly this length, for the sanitizer
    fm_object_options head = object_options();
    head.struct_size = static_cast<uint32_t>(bytes.size());
    std::memcpy(bytes.data(), &head, sizeof head);
    bytes.back() = filling;
    return bytes;
}

} // namespace

TEST_P(waitable_options, create_new) {
    const std::string name = unique_name();
    const fm_object_options fresh = object_options(FM_CREATE_NEW);
    handle made;
    EXPECT_STATUS(FM_OK, kind.create(name.c_str(), &fresh, made.out()));
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(FM_E_EXISTS, kind.create(name.c_str(), &fresh, &none));
    EXPECT_STATUS(FM_E_EXISTS, kind.create(("Local\\" + name).c_str(), &fresh, &none));
    EXPECT_EQ(poison<fm_handle>(), none);
    made.close();
    EXPECT_STATUS(FM_OK, kind.create(name.c_str(), &fresh, made.out()));
    handle nameless;
    EXPECT_STATUS(FM_OK, kind.create(nullptr, &fresh, nameless.out())); // always new
}

TEST_P(waitable_options, inheritable_is_told_of_the_handle) {
    const handle plain = new_object(kind), made = new_object(kind, unique_name(), FM_INHERITABLE);
    EXPECT_EQ(0u, queried(plain).flags);
    EXPECT_EQ(FM_INHERITABLE, queried(made).flags);
    EXPECT_EQ(0u, queried(duplicated(made, 0, FM_DUPLICATE_SAME_ACCESS)).flags);
    EXPECT_EQ(FM_INHERITABLE, queried(duplicated(plain, 0, FM_DUPLICATE_SAME_ACCESS | FM_DUPLICATE_INHERITABLE)).flags);
}

TEST_P(waitable_options, a_null_output) {
    const std::string name = unique_name();
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, kind.create(name.c_str(), nullptr, nullptr));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, kind.create(nullptr, nullptr, nullptr));
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open_as(kind, name));
}

TEST_P(waitable_options, unknown_options) {
    for (const uint32_t flags :
         {FM_RESERVE, FM_LARGE_PAGES, FM_FILE, 0x20u, 0x80000000u, 0xffffffffu, FM_CREATE_NEW | 0x100u}) {
        const fm_object_options with = object_options(flags);
        expect_no_creation(kind, FM_E_INVALID_ARGUMENT, &with);
    }
    for (const uint32_t permissions : {01000u, 07777u, 0x80000000u, 0xffffffffu}) {
        fm_object_options with = object_options();
        with.permissions = permissions;
        expect_no_creation(kind, FM_E_INVALID_ARGUMENT, &with);
    }
    for (const uint32_t reserved : {1u, 0x80000000u}) {
        fm_object_options with = object_options();
        with.reserved = reserved;
        expect_no_creation(kind, FM_E_INVALID_ARGUMENT, &with);
    }
}

TEST_P(waitable_options, unknown_options_of_an_existing_name) {
    const std::string name = unique_name();
    const handle made = new_object(kind, name);
    fm_object_options with = object_options(0x100u);
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, kind.create(name.c_str(), &with, &none));
    EXPECT_EQ(poison<fm_handle>(), none);
}

TEST_P(waitable_options, permissions) {
    for (const uint32_t permissions : {0u, 0600u, 0640u, 0660u, 0666u, 0644u, 0777u}) {
        const std::string name = unique_name();
        fm_object_options with = object_options();
        with.permissions = permissions;
        handle made;
        ASSERT_STATUS(FM_OK, kind.create(name.c_str(), &with, made.out())) << permissions;
        EXPECT_STATUS(FM_OK, try_open_as(kind, name)) << permissions; // its owner keeps all rights
        if (kind.kind == FM_KIND_MUTEX) {
            EXPECT_STATUS(FM_OK, look(made));
        }
        EXPECT_STATUS(FM_OK, kind.modify(made)) << permissions;
        EXPECT_STATUS(FM_OK, fm_wait(made, patience_ns)) << permissions;
    }
}

TEST_P(waitable_options, struct_size_of_options) {
    const auto full = static_cast<uint32_t>(sizeof(fm_object_options));
    for (const uint32_t size : {0u, 1u, 4u, 8u, full - 4, full - 1}) {
        fm_object_options with = object_options();
        with.struct_size = size;
        expect_no_creation(kind, FM_E_INVALID_ARGUMENT, &with);
    }
    for (const std::size_t tail : {1u, 4u, 8u, 64u, 1000u}) {
        const std::vector<char> zero = longer_options(tail, '\0'), filled = longer_options(tail, '\1');
        handle made;
        EXPECT_STATUS(FM_OK, kind.create(nullptr, reinterpret_cast<const fm_object_options *>(zero.data()), made.out()))
            << tail;
        expect_no_creation(kind, FM_E_INVALID_ARGUMENT, reinterpret_cast<const fm_object_options *>(filled.data()));
    }
}

TEST_P(waitable_options, unknown_flags) {
    if (!kind.create_with_flags) {
        EXPECT_EQ(FM_KIND_SEMAPHORE, kind.kind); // which takes counts instead
        return;
    }
    const uint32_t unknown = kind.kind == FM_KIND_EVENT ? 0x4u : 0x2u;
    const std::string name = unique_name();
    fm_handle none = poison<fm_handle>();
    for (const uint32_t flags : {unknown, unknown | 1u, 0x8u, 0x80000000u, 0xffffffffu}) {
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, kind.create_with_flags(name.c_str(), flags, &none)) << flags;
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, kind.create_with_flags(nullptr, flags, &none)) << flags;
    }
    EXPECT_EQ(poison<fm_handle>(), none);
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open_as(kind, name));
}

TEST_P(waitable_options, failing_and_succeeding_calls_leak_nothing) {
    const std::string taken = unique_name();
    const handle holder = new_object(kind, taken), event = new_event();
    const auto use_everything = [&] {
        fm_handle none = nullptr;
        const fm_object_options fresh = object_options(FM_CREATE_NEW), unknown = object_options(0x100u);
        EXPECT_STATUS(FM_E_EXISTS, kind.create(taken.c_str(), &fresh, &none));
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, kind.create(unique_name().c_str(), &unknown, &none));
        EXPECT_STATUS(FM_E_NOT_FOUND, kind.open(unique_name().c_str(), FM_ACCESS_ALL, &none));
        EXPECT_STATUS(FM_E_WRONG_KIND, fm_open(taken.c_str(), FM_ACCESS_READ, &none));
        const handle made = new_object(kind, unique_name()), again = opened_as(kind, taken, FM_ACCESS_WAIT),
                     copy = duplicated(made, FM_ACCESS_WAIT), nameless = new_object(kind);
        wait_any({copy, again, event}, millisecond);
        wait_all({copy, again, event}, millisecond);
        if (kind.kind == FM_KIND_MUTEX) {
            EXPECT_STATUS(FM_OK, fm_mutex_release(copy));
        }
    };
    use_everything(); // what is opened once and kept is open from here on
    const uint64_t before = open_handle_count();
    for (int round = 0; round < 30; ++round) use_everything();
    EXPECT_EQ(before, open_handle_count());
}

INSTANTIATE_TEST_SUITE_P(kinds, waitable_options, testing::ValuesIn(waitable_kinds()), kind_name);

} // namespace fm::test
