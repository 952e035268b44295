// Tokens within one process: text form, damage, rights. Between processes: tests/process/tokens.cpp.
#include "support/files.hpp"
#include "support/test.hpp"

#include <cctype>
#include <vector>

namespace fm::test {

namespace {

fm_token exported(fm_handle of, int64_t target = 0) {
    fm_token token;
    EXPECT_STATUS(FM_OK, fm_export_token(of, target, &token));
    return token;
}

std::string text_of(const fm_token &token) {
    char text[FM_TOKEN_TEXT_SIZE];
    EXPECT_STATUS(FM_OK, fm_token_to_text(&token, text, sizeof text));
    return text;
}

void expect_no_token(const std::string &text) {
    fm_token token = poison<fm_token>();
    const fm_token untouched = token;
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_token_from_text(text.c_str(), &token)) << text;
    EXPECT_EQ(0, std::memcmp(&untouched, &token, sizeof token));
}

} // namespace

TEST(tokens, import_in_the_same_process_gives_the_same_object) {
    const handle made = unnamed(65536);
    write_text(mapped(made), 0, "same object");
    const fm_token token = exported(made);
    handle imported;
    ASSERT_STATUS(FM_OK, fm_import_token(&token, 0, imported.out()));
    EXPECT_EQ("same object", read_text(mapped(imported), 0, 11));
    EXPECT_EQ(65536u, queried(imported).size);
    EXPECT_EQ(FM_KIND_MAPPING, queried(imported).kind);
    EXPECT_EQ("", name_of(imported));
}

TEST(tokens, a_token_of_a_named_object) {
    const std::string name = unique_name();
    handle made = created(name, 65536);
    const fm_token token = exported(made);
    handle imported;
    ASSERT_STATUS(FM_OK, fm_import_token(&token, 0, imported.out()));
    EXPECT_EQ("Local\\" + name, name_of(imported));
    made.close();
    EXPECT_STATUS(FM_OK, try_open(name)); // the import holds it as any handle does
    imported.close();
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
}

TEST(tokens, a_token_of_a_file_mapping) {
    temp_file file(5000);
    file.write(4990, "0123456789");
    fm_create_options with = options();
    with.file_path = file.path().c_str();
    const handle made = created("", 0, with);
    const fm_token token = exported(made);
    handle imported;
    ASSERT_STATUS(FM_OK, fm_import_token(&token, 0, imported.out()));
    EXPECT_EQ(5000u, queried(imported).size);
    EXPECT_TRUE(queried(imported).flags & FM_FILE);
    EXPECT_EQ("0123456789", read_text(mapped(imported), 4990, 10));
}

TEST(tokens, a_token_holds_nothing_open) {
    handle made = unnamed();
    const fm_token token = exported(made);
    made.close();
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(FM_E_NOT_FOUND, fm_import_token(&token, 0, &none));
    const handle other = unnamed(); // which may well get the same number from the system
    EXPECT_STATUS(FM_E_NOT_FOUND, fm_import_token(&token, 0, &none));
    EXPECT_EQ(poison<fm_handle>(), none);
}

TEST(tokens, rights_are_at_most_those_exported) {
    const std::string name = unique_name();
    const handle made = created(name);
    const fm_token of_reader = exported(opened(name, FM_ACCESS_READ)), of_writer = exported(made);
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_import_token(&of_reader, FM_ACCESS_WRITE, &none));
    EXPECT_EQ(poison<fm_handle>(), none);
    handle reader;
    ASSERT_STATUS(FM_OK, fm_import_token(&of_writer, FM_ACCESS_READ, reader.out()));
    EXPECT_STATUS(FM_OK, try_map(reader, FM_ACCESS_READ));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, try_map(reader, FM_ACCESS_WRITE));
}

TEST(tokens, rights_stay_those_exported) {
    const std::string name = unique_name();
    const handle made = created(name), weak = opened(name, FM_ACCESS_READ);
    const fm_token token = exported(weak);
    handle imported;
    ASSERT_STATUS(FM_OK, fm_import_token(&token, 0, imported.out()));
    EXPECT_STATUS(FM_OK, try_map(imported, FM_ACCESS_READ));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, try_map(imported, FM_ACCESS_WRITE));
}

TEST(tokens, for_another_process_alone) {
    const handle made = unnamed();
    const fm_token for_other = exported(made, process_id() + 1), for_self = exported(made, process_id());
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_import_token(&for_other, 0, &none));
    EXPECT_EQ(poison<fm_handle>(), none);
    handle imported;
    EXPECT_STATUS(FM_OK, fm_import_token(&for_self, 0, imported.out()));
}

TEST(tokens, text_and_back) {
    const handle made = unnamed();
    const fm_token token = exported(made);
    const std::string text = text_of(token);
    EXPECT_LT(text.size(), FM_TOKEN_TEXT_SIZE);
    for (const char digit : text) EXPECT_TRUE(std::isalnum(static_cast<unsigned char>(digit)) || digit == '-') << text;
    fm_token back;
    ASSERT_STATUS(FM_OK, fm_token_from_text(text.c_str(), &back));
    EXPECT_EQ(0, std::memcmp(&token, &back, sizeof back));
    handle imported;
    EXPECT_STATUS(FM_OK, fm_import_token(&back, 0, imported.out()));
}

TEST(tokens, text_needs_its_room) {
    const handle made = unnamed();
    const fm_token token = exported(made);
    const std::string text = text_of(token);
    std::string small(text.size(), '#');
    EXPECT_STATUS(FM_E_BUFFER_TOO_SMALL, fm_token_to_text(&token, small.data(), small.size()));
    EXPECT_EQ(std::string(text.size(), '#'), small);
    EXPECT_STATUS(FM_E_BUFFER_TOO_SMALL, fm_token_to_text(&token, small.data(), 0));
    std::string exact(text.size() + 1, '#');
    EXPECT_STATUS(FM_OK, fm_token_to_text(&token, exact.data(), exact.size()));
    EXPECT_EQ(text + '\0', exact);
}

TEST(tokens, damaged_text_is_no_token) {
    const handle made = unnamed();
    const std::string text = text_of(exported(made));
    for (std::size_t place = 0; place < text.size(); ++place) {
        std::string damaged = text;
        damaged[place] = damaged[place] == '1' ? '2' : '1';
        expect_no_token(damaged);
        damaged[place] = '!';
        expect_no_token(damaged);
        expect_no_token(text.substr(0, place)); // cut off
    }
    expect_no_token(text + "0");
    expect_no_token(text + " ");
    expect_no_token(" " + text);
    expect_no_token(text + text);
    expect_no_token("hello");
    expect_no_token(std::string(100000, 'a'));
}

TEST(tokens, made_up_bytes_are_no_token) {
    const handle made = unnamed();
    const fm_token good = exported(made);
    std::vector<fm_token> bad = {poison<fm_token>(), fm_token{}};
    for (std::size_t place = 0; place < sizeof good.bytes; ++place) {
        bad.push_back(good);
        bad.back().bytes[place] ^= 0x10;
    }
    for (const fm_token &token : bad) {
        fm_handle none = poison<fm_handle>();
        char text[FM_TOKEN_TEXT_SIZE] = "#";
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_import_token(&token, 0, &none));
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_token_to_text(&token, text, sizeof text));
        EXPECT_EQ(poison<fm_handle>(), none);
        EXPECT_STREQ("#", text);
    }
}

TEST(tokens, unknown_access_bits) {
    const handle made = unnamed();
    const fm_token token = exported(made);
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_import_token(&token, 0x40u, &none));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_import_token(&token, 0x7fffffffu, &none));
    EXPECT_EQ(poison<fm_handle>(), none);
}

} // namespace fm::test
