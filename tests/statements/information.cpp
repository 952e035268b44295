// Version, statuses, constants, system facts, and what is said of a failure.
#include "support/files.hpp"
#include "support/test.hpp"

#include <set>
#include <thread>

namespace fm::test {

namespace {

int64_t constant(const std::string &name) {
    int64_t value = poison<int64_t>();
    EXPECT_STATUS(FM_OK, fm_constant(name.c_str(), &value)) << name;
    return value;
}

} // namespace

TEST(information, version) {
    EXPECT_EQ(static_cast<uint32_t>(FM_VERSION), fm_version());
    EXPECT_EQ(std::to_string(FM_VERSION_MAJOR) + "." + std::to_string(FM_VERSION_MINOR) + "." +
                  std::to_string(FM_VERSION_PATCH),
              fm_version_string());
}

TEST(information, every_status_has_name_text_and_win32_number) {
#define FM_CHECK_STATUS(name, number, win32, text)                                                                     \
    EXPECT_EQ(number, name);                                                                                           \
    EXPECT_STREQ(#name, fm_status_name(number));                                                                       \
    EXPECT_STREQ(text, fm_status_message(number));                                                                     \
    EXPECT_EQ(win32, fm_status_win32(number));
    FM_STATUS_LIST(FM_CHECK_STATUS)
#undef FM_CHECK_STATUS
}

TEST(information, an_unknown_status) {
    for (const fm_status status : {5, 1000, -26, -1000, INT32_MAX, INT32_MIN}) {
        EXPECT_STREQ("FM_UNKNOWN_STATUS", fm_status_name(status));
        EXPECT_STRNE("", fm_status_message(status));
        EXPECT_EQ(31, fm_status_win32(status));
    }
}

TEST(information, statuses_are_distinct) {
    std::set<int32_t> numbers;
    std::set<std::string> texts;
    unsigned count = 0;
#define FM_COUNT_STATUS(name, number, win32, text)                                                                     \
    numbers.insert(number);                                                                                            \
    texts.insert(text);                                                                                                \
    ++count;
    FM_STATUS_LIST(FM_COUNT_STATUS)
#undef FM_COUNT_STATUS
    EXPECT_EQ(count, numbers.size());
    EXPECT_EQ(count, texts.size());
}

TEST(information, every_constant_and_struct_of_the_header) {
    unsigned count = 0;
#define X(name)                                                                                                        \
    EXPECT_EQ(static_cast<int64_t>(name), constant(#name));                                                            \
    ++count;
#define S(type)                                                                                                        \
    EXPECT_EQ(static_cast<int64_t>(sizeof(type)), constant("sizeof(" #type ")"));                                      \
    ++count;
#define FM_CHECK_CONSTANT(name, number, win32, text) X(name)
#include "header_constants.inc"
    FM_STATUS_LIST(FM_CHECK_CONSTANT)
#undef FM_CHECK_CONSTANT
#undef S
#undef X
    EXPECT_GE(count, 70u); // the list was not empty
}

TEST(information, an_unknown_constant) {
    for (const char *name :
         {"", "FM_", "FM_NOTHING", "fm_ok", "FM_OK ", "sizeof(fm_handle_tag)", "sizeof(fm_info", "\xFF"}) {
        int64_t value = poison<int64_t>();
        EXPECT_STATUS(FM_E_NOT_FOUND, fm_constant(name, &value)) << name;
        EXPECT_EQ(poison<int64_t>(), value);
    }
}

TEST(information, sizes_of_the_system) {
    const auto power_of_two = [](uint64_t value) { return value != 0 && (value & (value - 1)) == 0; };
    EXPECT_TRUE(power_of_two(fm_page_size()));
    EXPECT_TRUE(power_of_two(fm_allocation_granularity()));
    EXPECT_EQ(on_windows() ? 65536u : fm_page_size(), fm_allocation_granularity());
    EXPECT_TRUE(fm_large_page_size() == 0 ||
                (power_of_two(fm_large_page_size()) && fm_large_page_size() > fm_page_size()));
}

TEST(information, layout_of_structs) {
    EXPECT_EQ(FM_TOKEN_SIZE, sizeof(fm_token));
    EXPECT_EQ(40u, sizeof(fm_list_info)) << "a member of another width, or padding, has slipped in";
    EXPECT_EQ(24u, sizeof(fm_sweep_info));
    EXPECT_EQ(72u, sizeof(fm_info));
}

TEST(information, last_error_names_function_and_fault) {
    const std::string missing = unique_name("-missing");
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(missing));
    EXPECT_NE(std::string::npos, last_error().find("fm_open")) << last_error();
    EXPECT_NE(std::string::npos, last_error().find(missing)) << last_error();
    const view part = mapped(unnamed());
    EXPECT_STATUS(FM_E_OUT_OF_RANGE, fm_write(part, 123456, "x", 1));
    EXPECT_NE(std::string::npos, last_error().find("fm_write")) << last_error();
    EXPECT_NE(std::string::npos, last_error().find("123456")) << last_error();
    EXPECT_EQ(0, fm_last_os_error()); // the library itself found the fault
}

TEST(information, last_error_of_a_file_names_the_path_and_the_systems_number) {
    const std::string path = unused_path();
    fm_create_options with = options();
    with.file_path = path.c_str();
    handle none;
    EXPECT_STATUS(FM_E_NOT_FOUND, fm_create(nullptr, 0, &with, none.out()));
    EXPECT_NE(std::string::npos, last_error().find(path)) << last_error();
    EXPECT_EQ(2, fm_last_os_error()); // ENOENT and ERROR_FILE_NOT_FOUND alike
}

TEST(information, last_error_is_cut_to_the_buffer) {
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(unique_name()));
    const std::string whole = last_error();
    const uint64_t needed = whole.size() + 1;
    EXPECT_EQ(needed, fm_last_error_message(nullptr, 0));
    std::string small(10, '#');
    EXPECT_EQ(needed, fm_last_error_message(small.data(), 5));
    EXPECT_EQ(whole.substr(0, 4) + '\0' + "#####", small);
    std::string large(needed + 5, '#');
    EXPECT_EQ(needed, fm_last_error_message(large.data(), large.size()));
    EXPECT_EQ(whole, std::string(large.c_str()));
}

TEST(information, last_error_belongs_to_its_thread) {
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(unique_name("-of-main")));
    const std::string mine = last_error();
    std::string first, second;
    std::thread([&] {
        first = last_error();
        EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_close(nullptr));
        second = last_error();
    }).join();
    EXPECT_EQ("", first); // it has not failed yet
    EXPECT_NE(std::string::npos, second.find("fm_close")) << second;
    EXPECT_EQ(mine, last_error());
}

} // namespace fm::test
