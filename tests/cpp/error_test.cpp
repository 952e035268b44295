// Exceptions: their type, their codes, what they say, and how they compare with the standard's conditions.
#include "support.hpp"

#include <cstring>
#include <string_view>

static_assert(std::is_error_code_enum_v<fm::errc>);
static_assert(std::is_base_of_v<std::system_error, fm::error>);
static_assert(std::is_nothrow_copy_constructible_v<fm::error>);

TEST(error, category_has_its_name_and_the_librarys_texts) {
    EXPECT_STREQ(fm::category().name(), "filemap");
    const std::error_code code = fm::errc::not_found;
    EXPECT_EQ(code.category(), fm::category());
    EXPECT_EQ(code.value(), FM_E_NOT_FOUND);
    EXPECT_EQ(code.message(), fm_status_message(FM_E_NOT_FOUND));
}

TEST(error, every_failure_of_the_header_has_an_enumerator_with_its_text) {
#define FM_TEST_STATUS(name, number, win32_number, text) \
    if (number < 0) { \
        const std::error_code code = static_cast<fm::errc>(number); \
        EXPECT_EQ(code.message(), text); \
        EXPECT_EQ(fm::error(static_cast<fm::errc>(number), "x").win32(), win32_number) << #name; \
    }
    FM_STATUS_LIST(FM_TEST_STATUS)
#undef FM_TEST_STATUS
    EXPECT_EQ(static_cast<fm_status>(fm::errc::buffer_too_small), FM_E_BUFFER_TOO_SMALL);
    EXPECT_EQ(static_cast<fm_status>(fm::errc::invalid_argument), FM_E_INVALID_ARGUMENT);
}

TEST(error, conditions_match_where_the_standard_has_one) {
    const auto same = [](fm::errc ours, std::errc standard) { return make_error_code(ours) == standard; };
    EXPECT_TRUE(same(fm::errc::invalid_argument, std::errc::invalid_argument));
    EXPECT_TRUE(same(fm::errc::invalid_name, std::errc::invalid_argument));
    EXPECT_TRUE(same(fm::errc::not_aligned, std::errc::invalid_argument));
    EXPECT_TRUE(same(fm::errc::invalid_handle, std::errc::bad_file_descriptor));
    EXPECT_TRUE(same(fm::errc::not_found, std::errc::no_such_file_or_directory));
    EXPECT_TRUE(same(fm::errc::exists, std::errc::file_exists));
    EXPECT_TRUE(same(fm::errc::access_denied, std::errc::permission_denied));
    EXPECT_TRUE(same(fm::errc::no_memory, std::errc::not_enough_memory));
    EXPECT_TRUE(same(fm::errc::no_space, std::errc::no_space_on_device));
    EXPECT_TRUE(same(fm::errc::not_supported, std::errc::not_supported));
    EXPECT_TRUE(same(fm::errc::no_handles, std::errc::too_many_files_open));
    EXPECT_TRUE(same(fm::errc::busy, std::errc::device_or_resource_busy));
    EXPECT_TRUE(same(fm::errc::in_page, std::errc::io_error));
    EXPECT_FALSE(same(fm::errc::not_found, std::errc::permission_denied));
    EXPECT_EQ(make_error_code(fm::errc::corrupt).default_error_condition().category(), fm::category());
}

TEST(error, missing_name_is_thrown_as_system_error) {
    const std::string name = unique_name();
    try {
        (void)fm::mapping::open(name);
        FAIL() << "opened what does not exist";
    } catch (const std::system_error &why) {
        EXPECT_EQ(why.code(), fm::errc::not_found);
        EXPECT_EQ(why.code(), std::errc::no_such_file_or_directory);
    }
}

TEST(error, what_is_the_last_error_message) {
    const std::string name = unique_name();
    const fm::error why = error_of([&] { (void)fm::mapping::open(name); });
    char message[1024] = "";
    fm_last_error_message(message, sizeof message);
    EXPECT_STREQ(why.what(), message);
    EXPECT_NE(std::strstr(why.what(), name.c_str()), nullptr) << why.what();
    EXPECT_EQ(why.os_error(), fm_last_os_error());
    EXPECT_EQ(why.win32(), 2);
}

TEST(error, copies_keep_code_and_sentence) {
    const fm::error first = error_of([] { (void)fm::mapping::create("Local\\a\\b", 4096); });
    const fm::error second = first; // NOLINT(performance-unnecessary-copy-initialization)
    EXPECT_EQ(second.code(), fm::errc::invalid_name);
    EXPECT_STREQ(second.what(), first.what());
}

TEST(error, each_fault_has_its_code) {
    EXPECT_EQ(error_of([] { (void)fm::mapping::create_unnamed(0); }).code(), fm::errc::invalid_argument);
    EXPECT_EQ(error_of([] { (void)fm::mapping::create("a\\b", 4096); }).code(), fm::errc::invalid_name);
    EXPECT_EQ(error_of([] { (void)fm::mapping::create("\xff\xfe", 4096); }).code(), fm::errc::invalid_name);
    EXPECT_EQ(error_of([] { (void)fm::mapping::open(""); }).code(), fm::errc::wrong_kind);
    EXPECT_EQ(error_of([] { (void)fm::mapping::from_file("no-such-file-anywhere"); }).code(), fm::errc::not_found);
    EXPECT_EQ(error_of([] { (void)fm::mapping::create_unnamed(4096).map(fm::access::read, 4097); }).code(),
              fm::errc::out_of_range);
}

TEST(error, a_nul_in_a_name_or_path_is_refused_not_cut_off) {
    using namespace std::string_literals;
    using namespace std::string_view_literals;
    const std::string name = unique_name();
    const auto held = fm::mapping::create(name, 4096);
    EXPECT_EQ(error_of([&] { (void)fm::mapping::open(name + "\0tail"s); }).code(), fm::errc::invalid_name);
    EXPECT_EQ(error_of([&] { (void)fm::mapping::create(name + "\0tail"s, 4096); }).code(), fm::errc::invalid_name);
    EXPECT_EQ(error_of([] { (void)fm::mapping::from_file("a\0b"sv); }).code(), fm::errc::invalid_argument);
}

TEST(error, check_gives_back_success_and_news) {
    EXPECT_EQ(fm::check(FM_OK), FM_OK);
    EXPECT_EQ(fm::check(FM_EXISTED), FM_EXISTED);
    EXPECT_THROW(fm::check(fm_close(nullptr)), fm::error);
}
