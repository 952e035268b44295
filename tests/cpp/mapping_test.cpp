// Making mappings: new, existing, unnamed, over a file, reserved; their options, and tokens.
#include "support.hpp"

#include "support/files.hpp"

#include <filesystem>
#include <fstream>

namespace {

/// A path as the standard library knows it, from UTF-8.
std::filesystem::path path_of(const std::string &text) { return std::u8string(text.begin(), text.end()); }

/// A file with these contents, removed in the end.
class text_file {
public:
    explicit text_file(const std::string &text) { file_.write(0, text); }
    const std::string &utf8_path() const { return file_.path(); }
    std::filesystem::path path() const { return path_of(file_.path()); }
    std::string text() const { return file_.read(0, file_.size()); }

private:
    fm::test::temp_file file_;
};

} // namespace

TEST(mapping, create_refuses_an_existing_name) {
    const std::string name = unique_name();
    const auto first = fm::mapping::create(name, 4096);
    EXPECT_FALSE(first.existed());
    EXPECT_EQ(error_of([&] { (void)fm::mapping::create(name, 4096); }).code(), fm::errc::exists);
}

TEST(mapping, open_or_create_tells_whether_it_existed) {
    const std::string name = unique_name();
    const auto first = fm::mapping::open_or_create(name, 8192);
    EXPECT_FALSE(first.existed());
    const auto second = fm::mapping::open_or_create(name, 65536);
    EXPECT_TRUE(second.existed());
    EXPECT_EQ(second.size(), first.size());
    EXPECT_TRUE(fm::mapping::open(name).existed());
}

TEST(mapping, open_gives_the_rights_asked_for) {
    const std::string name = unique_name();
    const auto created = fm::mapping::create(name, 4096);
    const auto reader = fm::mapping::open(name, fm::access::read);
    created.map(fm::access::write).write(0, 42);
    EXPECT_EQ(reader.map(fm::access::read).read<int>(), 42);
    EXPECT_EQ(error_of([&] { (void)reader.map(fm::access::write); }).code(), fm::errc::access_denied);
}

TEST(mapping, protection_read_refuses_writable_views) {
    const auto mapping = fm::mapping::create_unnamed(4096, {.protection = fm::protection::read});
    EXPECT_EQ(mapping.query().protection, fm::protection::read);
    EXPECT_NO_THROW((void)mapping.map(fm::access::copy));
    EXPECT_EQ(error_of([&] { (void)mapping.map(fm::access::write); }).code(), fm::errc::access_denied);
}

TEST(mapping, flags_and_permissions_reach_the_library) {
    const auto mapping =
        fm::mapping::create(unique_name(), 4096, {.flags = fm::flags::inheritable, .permissions = 0660});
    EXPECT_TRUE(has(mapping.query().flags, fm::flags::inheritable));
    EXPECT_EQ(error_of([] { (void)fm::mapping::create(unique_name(), 4096, {.permissions = 07777}); }).code(),
              fm::errc::invalid_argument);
}

TEST(mapping, commit_makes_reserved_memory_usable) {
    const std::uint64_t size = 64 * fm::page_size();
    const auto mapping = fm::mapping::create_unnamed(size, {.flags = fm::flags::reserve});
    EXPECT_TRUE(has(mapping.query().flags, fm::flags::reserve));
    const auto view = mapping.map(fm::access::write);
    mapping.commit(fm::page_size(), 2 * fm::page_size());
    view.write(fm::page_size(), 7);
    EXPECT_EQ(view.read<int>(fm::page_size()), 7);
    EXPECT_EQ(error_of([&] { mapping.commit(size, 1); }).code(), fm::errc::out_of_range);
}

TEST(mapping, file_by_path_shows_and_changes_the_file) {
    const text_file file("contents of a file");
    {
        const auto mapping = fm::mapping::from_file(file.path());
        EXPECT_EQ(mapping.size(), 18u);
        EXPECT_TRUE(has(mapping.query().flags, fm::flags::file));
        const auto view = mapping.map(fm::access::write);
        view.write(0, std::string_view("CONTENTS"));
        view.flush();
    }
    EXPECT_EQ(file.text(), "CONTENTS of a file");
}

TEST(mapping, file_path_beyond_ascii) {
    const std::filesystem::path path = path_of(fm::test::unused_path() + "-\xc3\xbc\xe2\x82\xac");
    std::ofstream(path) << "text";
    const auto size = fm::mapping::from_file(path, 0, {.protection = fm::protection::read}).size();
    EXPECT_TRUE(std::filesystem::remove(path));
    EXPECT_EQ(size, 4u);
}

TEST(mapping, file_grows_to_the_size_asked_for) {
    const text_file file("short");
    { const auto mapping = fm::mapping::from_file(file.path(), 10000); }
    EXPECT_EQ(file.text().size(), 10000u);
}

TEST(mapping, file_under_a_name) {
    const text_file file("shared text");
    const std::string name = unique_name();
    const auto made = fm::mapping::create(name, 0, {.protection = fm::protection::read, .file_path = file.path()});
    EXPECT_EQ(made.name(), name);
    EXPECT_EQ(fm::mapping::open(name, fm::access::read).map(fm::access::read).size(), 11u);
}

TEST(mapping, file_by_descriptor_stays_the_callers) {
    const text_file file("by descriptor");
    fm::test::open_file opened(file.utf8_path(), fm::test::file_access::read_write);
    const auto first = fm::mapping::from_descriptor(opened.value());
    const auto second = fm::mapping::from_descriptor(opened.value()); // the first call left it open
    opened.close();
    EXPECT_EQ(first.map(fm::access::read).read<char>(3), 'd');
    EXPECT_EQ(second.size(), 13u);
}

TEST(mapping, file_and_file_path_together_are_refused) {
    const text_file file("x");
    EXPECT_EQ(error_of([&] { (void)fm::mapping::from_descriptor(0, 0, {.file_path = file.path()}); }).code(),
              fm::errc::invalid_argument);
}

TEST(token, names_an_unnamed_mapping) {
    const auto mapping = fm::mapping::create_unnamed(4096);
    mapping.map(fm::access::write).write(0, 1234);
    const fm::mapping again = fm::mapping::import_token(mapping.export_token());
    EXPECT_EQ(again.map(fm::access::read).read<int>(), 1234);
    EXPECT_TRUE(again.existed());
}

TEST(token, survives_its_text_form) {
    const auto mapping = fm::mapping::create_unnamed(4096);
    const fm::token token = mapping.export_token();
    const std::string text = token.to_string();
    EXPECT_FALSE(text.empty());
    EXPECT_EQ(text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"),
              std::string::npos);
    EXPECT_EQ(fm::token::from_string(text), token);
    EXPECT_EQ(fm::handle::import_token(fm::token::from_string(text)).query().kind, fm::kind::mapping);
}

TEST(token, may_give_fewer_rights) {
    const auto mapping = fm::mapping::create_unnamed(4096);
    const auto reader = fm::mapping::import_token(mapping.export_token(), fm::access::read);
    EXPECT_EQ(error_of([&] { (void)reader.map(fm::access::write); }).code(), fm::errc::access_denied);
}

TEST(token, of_a_closed_handle_is_not_found) {
    auto mapping = fm::mapping::create_unnamed(4096);
    const fm::token token = mapping.export_token();
    mapping.close();
    EXPECT_EQ(error_of([&] { (void)fm::mapping::import_token(token); }).code(), fm::errc::not_found);
}

TEST(token, made_up_text_is_refused) {
    EXPECT_EQ(error_of([] { (void)fm::token::from_string("no token"); }).code(), fm::errc::invalid_argument);
    const auto mapping = fm::mapping::create_unnamed(4096);
    const std::string text = mapping.export_token().to_string();
    EXPECT_EQ(error_of([&] { (void)fm::token::from_string(text + std::string("\0x", 2)); }).code(),
              fm::errc::invalid_argument);
    EXPECT_EQ(error_of([] { (void)fm::mapping::import_token(fm::token(fm_token{})); }).code(),
              fm::errc::invalid_argument);
}
