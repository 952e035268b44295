// Names that are no names: bytes that are not UTF-8, too many of them, none after the prefix.
#include "support/test.hpp"

#include <vector>

namespace fm::test {

namespace {

const std::vector<std::string> &not_utf8() {
    static const std::vector<std::string> all = {
        "\x80",
        "\xBF",
        "\xC3\xA4\x80", // a byte that continues nothing
        "\xC0\x80",
        "\xC0\xAF",
        "\xC1\xBF", // overlong, two bytes
        "\xE0\x80\x80",
        "\xE0\x9F\xBF", // overlong, three bytes
        "\xF0\x80\x80\x80",
        "\xF0\x8F\xBF\xBF", // overlong, four bytes
        "\xED\xA0\x80",
        "\xED\xAD\xBF",
        "\xED\xBF\xBF",             // surrogates, alone
        "\xED\xA0\xBD\xED\xB8\x80", // and as a pair (CESU-8)
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xF7\xBF\xBF\xBF", // beyond U+10FFFF
        "\xF8\x88\x80\x80\x80",
        "\xFC\x84\x80\x80\x80\x80",
        "\xFE",
        "\xFF",
        "\xFF\xFE",
        "\xC3",
        "\xE2",
        "\xE2\x82",
        "\xF0",
        "\xF0\x9F",
        "\xF0\x9F\x98", // cut off at the end
        "\xC3x",
        "\xE2\x82x",
        "\xE2x\x82",
        "\xF0\x9F\x98x",
        "\xF0\x9Fx\x98",
        "\xC3\xC3\xA4", // or in the middle
    };
    return all;
}

void expect_invalid(const std::string &name) {
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(FM_E_INVALID_NAME, fm_create(name.c_str(), 4096, nullptr, &none)) << testing::PrintToString(name);
    EXPECT_NE(std::string::npos, last_error().find("fm_create")) << last_error();
    EXPECT_STATUS(FM_E_INVALID_NAME, fm_open(name.c_str(), FM_ACCESS_READ, &none)) << testing::PrintToString(name);
    EXPECT_NE(std::string::npos, last_error().find("fm_open")) << last_error();
    EXPECT_EQ(poison<fm_handle>(), none);
}

} // namespace

TEST(bad_names, not_utf8) {
    for (const std::string &bytes : not_utf8()) {
        expect_invalid(bytes);
        expect_invalid("Local\\" + bytes);
        expect_invalid("Global\\x" + bytes);
        expect_invalid("before" + bytes);
        expect_invalid("before" + bytes + "after");
    }
}

TEST(bad_names, what_was_said_of_a_name_is_utf8_and_not_too_long) {
    fm_handle none = nullptr;
    const std::string bad = "Local\\" + std::string(20000, 'x') + "\\" + std::string(20000, 'y');
    EXPECT_STATUS(FM_E_INVALID_NAME, fm_create(bad.c_str(), 4096, nullptr, &none));
    EXPECT_LT(last_error().size(), 4096u);
    EXPECT_STATUS(FM_E_INVALID_NAME, fm_create("Local\\%s%s%n\xFF", 4096, nullptr, &none));
    EXPECT_EQ(std::string::npos, last_error().find('\xFF')); // the message is text for whoever shows it
}

TEST(bad_names, nothing_after_the_prefix) {
    expect_invalid("Local\\");
    expect_invalid("Global\\");
}

TEST(bad_names, far_too_long) {
    expect_invalid(std::string(FM_MAX_NAME_UNITS + 1, 'x'));
    expect_invalid(std::string(1 << 20, 'x'));
    expect_invalid("Global\\" + std::string(1 << 20, 'x'));
    std::string cats;
    for (int i = 0; i < 16384; ++i) cats += "\xF0\x9F\x90\x88"; // two units each
    expect_invalid(cats);
}

} // namespace fm::test
