// Arguments that are no good, each bullet of "Bad input gets": a status that names the fault, outputs untouched,
// nothing created. Names are in bad_names.cpp, handles in bad_handles.cpp, files in create_file.cpp.
#include "support/files.hpp"
#include "support/test.hpp"

#include <memory>
#include <vector>

namespace fm::test {

namespace {

/// fm_create has to fail this way, to leave the output alone, to create nothing, and to say who failed.
void expect_no_creation(fm_status expected, uint64_t size, const fm_create_options *with) {
    const std::string name = unique_name();
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(expected, fm_create(name.c_str(), size, with, &none));
    EXPECT_NE(std::string::npos, last_error().find("fm_create")) << last_error();
    EXPECT_STATUS(expected, fm_create(nullptr, size, with, &none));
    EXPECT_EQ(poison<fm_handle>(), none);
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
}

/// Options followed by a tail, as a caller with a newer header would pass them.
class longer_options {
public:
    longer_options(std::size_t tail, char filling) : bytes_(sizeof(fm_create_options) + tail, '\0') {
        fm_create_options head = options();
        head.struct_size = static_cast<uint32_t>(bytes_.size());
        std::memcpy(bytes_.data(), &head, sizeof head);
        bytes_.back() = filling;
    }
    const fm_create_options *get() const { return reinterpret_cast<const fm_create_options *>(bytes_.data()); }

private:
    std::vector<char> bytes_; // of exactly this length, so that a sanitizer sees a read beyond it
};

} // namespace

TEST(bad_arguments, null_outputs) {
    const handle made = unnamed();
    const view held = mapped(made);
    fm_token token;
    ASSERT_STATUS(FM_OK, fm_export_token(made, 0, &token));
    const std::string name = unique_name();
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_create(name.c_str(), 4096, nullptr, nullptr));
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_open(name.c_str(), FM_ACCESS_READ, nullptr));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_map(made, FM_ACCESS_READ, 0, 0, nullptr));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_map_at(made, FM_ACCESS_READ, 0, 0, nullptr, nullptr));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_duplicate(made, FM_ACCESS_READ, 0, nullptr));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_query(made, nullptr));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_query_name(made, nullptr, 1, nullptr));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_export_token(made, 0, nullptr));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_import_token(&token, 0, nullptr));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_token_to_text(&token, nullptr, FM_TOKEN_TEXT_SIZE));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_token_from_text("fm1-", nullptr));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_list_open(FM_LIST_LOCAL, nullptr));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_sweep(nullptr));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_constant("FM_OK", nullptr));
}

TEST(bad_arguments, null_inputs) {
    const view held = mapped(unnamed());
    char byte = 'x';
    fm_handle none = poison<fm_handle>();
    fm_token token = poison<fm_token>();
    int64_t value = poison<int64_t>();
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_open(nullptr, FM_ACCESS_READ, &none));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_read(held, 0, nullptr, 1));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_write(held, 0, nullptr, 1));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_import_token(nullptr, 0, &none));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_token_to_text(nullptr, &byte, 1));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_token_from_text(nullptr, &token));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_constant(nullptr, &value));
    EXPECT_EQ('x', byte);
    EXPECT_EQ(poison<fm_handle>(), none);
    EXPECT_EQ(poison<int64_t>(), value);
    const fm_token poisoned = poison<fm_token>();
    EXPECT_EQ(0, std::memcmp(&poisoned, &token, sizeof token));
}

TEST(bad_arguments, sizes_that_overflow) {
    for (const uint64_t size :
         {UINT64_MAX, UINT64_MAX - 4095, UINT64_C(1) << 63, (UINT64_C(1) << 63) - 1, UINT64_MAX - 1}) {
        expect_no_creation(FM_E_INVALID_ARGUMENT, size, nullptr);
        const fm_create_options reserve = options(FM_RESERVE);
        expect_no_creation(FM_E_INVALID_ARGUMENT, size, &reserve);
    }
    const temp_file file(100);
    fm_create_options with = options();
    with.file_path = file.path().c_str();
    expect_no_creation(FM_E_INVALID_ARGUMENT, UINT64_MAX, &with);
    EXPECT_EQ(100u, file.size());
}

TEST(bad_arguments, unknown_flags) {
    for (const uint32_t flags : {0x20u, 0x40u, 0x80000000u, 0xffffffffu, FM_CREATE_NEW | 0x100u}) {
        const fm_create_options with = options(flags);
        expect_no_creation(FM_E_INVALID_ARGUMENT, 4096, &with);
    }
    fm_handle none = poison<fm_handle>();
    for (const uint32_t flags : {0x8u, 0x80000000u, FM_LIST_LOCAL | 0x10u}) {
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_list_open(flags, &none));
    }
    EXPECT_EQ(poison<fm_handle>(), none);
}

TEST(bad_arguments, contradictory_flags) {
    const fm_create_options with = options(FM_RESERVE | FM_LARGE_PAGES);
    expect_no_creation(FM_E_INVALID_ARGUMENT, std::max<uint64_t>(fm_large_page_size(), 4096), &with);
    const handle made = unnamed();
    fm_view none = poison<fm_view>();
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_map(made, FM_ACCESS_WRITE | FM_ACCESS_COPY, 0, 0, &none));
    EXPECT_EQ(poison<fm_view>(), none);
}

TEST(bad_arguments, unknown_access_of_a_view) {
    const handle made = unnamed();
    fm_view none = poison<fm_view>();
    for (const uint32_t access : {FM_ACCESS_WAIT, FM_ACCESS_MODIFY, 0x40u, FM_ACCESS_READ | 0x1000u, 0x7fffffffu}) {
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_map(made, access, 0, 0, &none)) << access;
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_map_at(made, access, 0, 0, nullptr, &none)) << access;
    }
    EXPECT_EQ(poison<fm_view>(), none);
}

TEST(bad_arguments, struct_size_of_options_is_too_small) {
    for (const uint32_t size : {0u, 1u, 4u, 8u, static_cast<uint32_t>(sizeof(fm_create_options) - 4),
                                static_cast<uint32_t>(sizeof(fm_create_options) - 1)}) {
        fm_create_options with = options();
        with.struct_size = size;
        expect_no_creation(FM_E_INVALID_ARGUMENT, 4096, &with);
    }
}

TEST(bad_arguments, struct_size_of_options_is_larger) {
    for (const std::size_t tail : {1u, 4u, 8u, 64u, 1000u}) {
        const longer_options zero(tail, '\0'), filled(tail, '\1');
        handle made;
        EXPECT_STATUS(FM_OK, fm_create(nullptr, 4096, zero.get(), made.out())) << tail;
        expect_no_creation(FM_E_INVALID_ARGUMENT, 4096, filled.get());
    }
}

TEST(bad_arguments, struct_size_of_what_is_filled_in_is_too_small) {
    const handle made = unnamed();
    handle list;
    ASSERT_STATUS(FM_OK, fm_list_open(FM_LIST_LOCAL, list.out()));
    for (const uint32_t size : {0u, 4u, 8u, 16u}) {
        fm_info info = poison<fm_info>();
        info.struct_size = size;
        const fm_info untouched = info;
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_query(made, &info));
        EXPECT_EQ(0, std::memcmp(&untouched, &info, sizeof info));
        fm_list_info item = poison<fm_list_info>();
        item.struct_size = size;
        const fm_list_info untouched_item = item;
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_list_next(list, &item));
        EXPECT_EQ(0, std::memcmp(&untouched_item, &item, sizeof item));
        fm_sweep_info sweep = poison<fm_sweep_info>();
        sweep.struct_size = size;
        const fm_sweep_info untouched_sweep = sweep;
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_sweep(&sweep));
        EXPECT_EQ(0, std::memcmp(&untouched_sweep, &sweep, sizeof sweep));
    }
}

TEST(bad_arguments, struct_size_of_what_is_filled_in_is_larger) {
    struct newer {
        fm_info known;
        char tail[40];
    } info = poison<newer>();
    info.known.struct_size = sizeof info;
    const handle made = unnamed(65536);
    ASSERT_STATUS(FM_OK, fm_query(made, &info.known));
    EXPECT_EQ(65536u, info.known.size);
    EXPECT_EQ(FM_KIND_MAPPING, info.known.kind);
    EXPECT_EQ(sizeof info, info.known.struct_size);
    EXPECT_EQ(std::string(sizeof info.tail, '\0'), std::string(info.tail, sizeof info.tail)); // unknown to it: zero
}

TEST(bad_arguments, what_follows_a_struct_is_left_alone) {
    struct guarded {
        fm_info info;
        uint64_t after;
    } both = poison<guarded>();
    both.info.struct_size = sizeof both.info;
    ASSERT_STATUS(FM_OK, fm_query(unnamed(), &both.info));
    EXPECT_EQ(poison<uint64_t>(), both.after);
}

TEST(bad_arguments, negative_target_process) {
    const handle made = unnamed();
    fm_token token = poison<fm_token>();
    const fm_token untouched = token;
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_export_token(made, -1, &token));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_export_token(made, INT64_MIN, &token));
    EXPECT_EQ(0, std::memcmp(&untouched, &token, sizeof token));
}

TEST(bad_arguments, failing_calls_leak_nothing) {
    const handle made = unnamed();
    const temp_file file(100), empty;
    const std::string folder = temp_folder(), missing = unused_path(), taken = unique_name();
    const handle holder = created(taken);
    const auto fail_everywhere = [&] {
        fm_handle none = nullptr;
        fm_view no_view = nullptr;
        fm_create_options with = options(FM_CREATE_NEW);
        EXPECT_STATUS(FM_E_EXISTS, fm_create(taken.c_str(), 4096, &with, &none));
        EXPECT_STATUS(FM_E_NOT_FOUND, fm_open("filemap-test-missing", FM_ACCESS_READ, &none));
        with.flags = 0;
        with.file_path = empty.path().c_str();
        EXPECT_STATUS(FM_E_FILE_INVALID, fm_create(unique_name().c_str(), 0, &with, &none));
        with.file_path = missing.c_str();
        EXPECT_STATUS(FM_E_NOT_FOUND, fm_create(unique_name().c_str(), 0, &with, &none));
        with.file_path = folder.c_str();
        EXPECT_LT(fm_create(unique_name().c_str(), 4096, &with, &none), 0);
        with.file_path = file.path().c_str();
        with.protection = FM_PROTECT_READ;
        EXPECT_STATUS(FM_E_NO_MEMORY, fm_create(unique_name().c_str(), 200, &with, &none));
        EXPECT_STATUS(FM_E_OUT_OF_RANGE, fm_map(made, FM_ACCESS_READ, 0, UINT64_C(1) << 40, &no_view));
        EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_map(made, FM_ACCESS_EXECUTE, 0, 0, &no_view));
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_duplicate(made, 0, 0x80u, &none));
    };
    fail_everywhere(); // what is opened once and kept is open from here on
    const uint64_t before = open_handle_count();
    for (int round = 0; round < 50; ++round) fail_everywhere();
    EXPECT_EQ(before, open_handle_count());
}

TEST(bad_arguments, succeeding_calls_leak_nothing) {
    const temp_file file(5000);
    const auto use_everything = [&] {
        const std::string name = unique_name();
        const handle made = created(name), other = opened(name), copy = duplicated(made, FM_ACCESS_READ);
        const view one = mapped(made), two = mapped(other, FM_ACCESS_COPY);
        fm_create_options with = options();
        with.file_path = file.path().c_str();
        const handle of_file = created(unique_name(), 0, with);
        const view of_view = mapped(of_file);
        fm_token token;
        ASSERT_STATUS(FM_OK, fm_export_token(made, 0, &token));
        handle imported;
        ASSERT_STATUS(FM_OK, fm_import_token(&token, 0, imported.out()));
        handle list;
        ASSERT_STATUS(FM_OK, fm_list_open(FM_LIST_LOCAL, list.out()));
        fm_list_info item = {};
        item.struct_size = sizeof item;
        EXPECT_GE(fm_list_next(list, &item), 0);
    };
    use_everything();
    const uint64_t before = open_handle_count();
    for (int round = 0; round < 50; ++round) use_everything();
    EXPECT_EQ(before, open_handle_count());
}

} // namespace fm::test
