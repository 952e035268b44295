// Statements N: names. N1, N2 and N17 on Windows are in kinds_windows.cpp and names below; N19 in tests/process.
#include "support/test.hpp"

#include <vector>

namespace fm::test {

TEST(names, n3_create_of_an_existing_name_opens_it) {
    const std::string name = unique_name();
    const handle first = created(name, 4096);
    const view written = mapped(first);
    write_text(written, 0, "kept");

    handle second;
    const fm_create_options ignored = options(0, FM_PROTECT_READ);
    ASSERT_STATUS(FM_EXISTED, fm_create(name.c_str(), 1 << 20, &ignored, second.out()));
    EXPECT_EQ(4096u < fm_page_size() ? fm_page_size() : 4096u, queried(second).size);
    const view seen = mapped(second, FM_ACCESS_READ);
    EXPECT_EQ("kept", read_text(seen, 0, 4));
}

TEST(names, n4_fresh_create_is_plain_success) {
    handle fresh;
    EXPECT_STATUS(FM_OK, fm_create(unique_name().c_str(), 1, nullptr, fresh.out()));
}

TEST(names, n5_open_of_a_missing_name) {
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(unique_name()));
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open("Local\\" + unique_name()));
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open("Global\\" + unique_name()));
}

TEST(names, n6_open_without_a_name) {
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_open(nullptr, FM_ACCESS_READ, &none));
    EXPECT_EQ(poison<fm_handle>(), none);
}

TEST(names, n7_create_without_a_name_is_unnamed) {
    for (const char *name : {static_cast<const char *>(nullptr), ""}) {
        handle first, second;
        ASSERT_STATUS(FM_OK, fm_create(name, 4096, nullptr, first.out()));
        ASSERT_STATUS(FM_OK, fm_create(name, 4096, nullptr, second.out())); // another object
        EXPECT_EQ("", name_of(first));
        write_text(mapped(first), 0, "x");
        EXPECT_EQ(std::string(1, '\0'), read_text(mapped(second), 0, 1));
    }
}

TEST(names, n8_open_of_the_empty_name) {
    EXPECT_STATUS(FM_E_WRONG_KIND, try_open(""));
}

TEST(names, n9_names_are_case_sensitive) {
    const std::string lower = unique_name("-foo"), upper = lower.substr(0, lower.size() - 3) + "FOO";
    const handle one = created(lower), other = created(upper);
    write_text(mapped(one), 0, "lower");
    write_text(mapped(other), 0, "upper");
    EXPECT_EQ("lower", read_text(mapped(opened(lower)), 0, 5));
    EXPECT_EQ("upper", read_text(mapped(opened(upper)), 0, 5));
}

TEST(names, n10_prefixes_are_case_sensitive) {
    for (const char *prefix : {"local\\", "LOCAL\\", "lOCAL\\", "global\\", "GLOBAL\\", "Local/\\", " Local\\"}) {
        fm_handle none = poison<fm_handle>();
        EXPECT_STATUS(FM_E_INVALID_NAME, fm_create((prefix + unique_name()).c_str(), 4096, nullptr, &none)) << prefix;
        EXPECT_STATUS(FM_E_INVALID_NAME, fm_open((prefix + unique_name()).c_str(), FM_ACCESS_READ, &none)) << prefix;
        EXPECT_EQ(poison<fm_handle>(), none);
    }
}

TEST(names, n11_no_prefix_is_local) {
    const std::string name = unique_name();
    const handle plain = created(name);
    EXPECT_STATUS(FM_OK, try_open("Local\\" + name));
    EXPECT_EQ("Local\\" + name, name_of(plain));
    handle again;
    EXPECT_STATUS(FM_EXISTED, fm_create(("Local\\" + name).c_str(), 4096, nullptr, again.out()));
}

TEST(names, n11_global_is_another_namespace) {
    if (!may_create_global()) GTEST_SKIP() << "this user may not create names under Global\\ (N17)";
    const std::string name = unique_name();
    const handle local = created("Local\\" + name);
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open("Global\\" + name));
    const handle global = created("Global\\" + name);
    EXPECT_EQ("Global\\" + name, name_of(global));
    write_text(mapped(local), 0, "local");
    write_text(mapped(global), 0, "world");
    EXPECT_EQ("local", read_text(mapped(opened(name)), 0, 5));
    EXPECT_EQ("world", read_text(mapped(opened("Global\\" + name)), 0, 5));
}

TEST(names, n12_no_backslash_after_the_prefix) {
    const std::string name = unique_name();
    for (const std::string &bad : {name + "\\", name + "\\x", "\\" + name, "Local\\" + name + "\\x", "Local\\\\" + name,
                                   "Local\\Global\\" + name, "Global\\" + name + "\\", "Global\\Local\\" + name,
                                   std::string("\\"), std::string("Local\\"), std::string("Global\\")}) {
        fm_handle none = poison<fm_handle>();
        EXPECT_STATUS(FM_E_INVALID_NAME, fm_create(bad.c_str(), 4096, nullptr, &none)) << bad;
        EXPECT_STATUS(FM_E_INVALID_NAME, fm_open(bad.c_str(), FM_ACCESS_READ, &none)) << bad;
        EXPECT_EQ(poison<fm_handle>(), none);
    }
}

TEST(names, n12_any_other_character) {
    const std::string base = unique_name();
    std::vector<std::string> names = {"/" + base,
                                      base + "/",
                                      base + "/../x",
                                      "../" + base,
                                      "/dev/shm/" + base,
                                      "." + base,
                                      ".." + base,
                                      " " + base,
                                      base + " ",
                                      base + ".",
                                      base + "..",
                                      "-" + base,
                                      "~" + base,
                                      base + "*?\"<>|:",
                                      base + "%00",
                                      base + "%s%n",
                                      base + "\xF0\x9F\x98\x80",
                                      base + "\xC3\xA9",
                                      base + "e\xCC\x81",
                                      base + "\xEF\xBB\xBF",
                                      base + "\x7F",
                                      base + "'$(x)`;&"};
    for (char control = 1; control < 32; ++control) names.push_back(base + control);
    std::vector<handle> held;
    for (const std::string &name : names) {
        SCOPED_TRACE(name);
        ASSERT_NO_THROW(held.push_back(created("Local\\" + name)));
        EXPECT_EQ("Local\\" + name, name_of(held.back()));
        EXPECT_STATUS(FM_OK, try_open(name));
        write_text(mapped(held.back()), 0, name.substr(0, 100));
    }
    for (const std::string &name : names) { // each is an object of its own
        EXPECT_EQ(name.substr(0, 100), read_text(mapped(opened(name)), 0, std::min<std::size_t>(name.size(), 100)));
    }
    held.clear();
    for (const std::string &name : names) EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name)) << name;
}

TEST(names, n12_names_that_folders_use) {
    for (const std::string name : {".", "..", "/", "//", "con", "nul:", " "}) {
        handle made; // another run of the tests may hold the same name
        const fm_status status = fm_create(name.c_str(), 4096, nullptr, made.out());
        ASSERT_GE(status, 0) << name << ": " << describe(status);
        EXPECT_EQ("Local\\" + name, name_of(made));
        EXPECT_STATUS(FM_OK, try_open(name));
    }
}

TEST(names, n12_first_and_last_character_of_each_length) {
    const std::string base = unique_name();
    for (const char *character : {"\x01", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
                                  "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
        const handle made = created(base + character);
        EXPECT_EQ("Local\\" + base + character, name_of(made));
    }
}

TEST(names, n14_mapping_names_may_be_longer_than_max_path) {
    for (const std::size_t length : {255u, 256u, 260u, 261u, 1032u, 4096u}) {
        std::string name = unique_name();
        name.resize(length, 'x');
        const handle made = created(name);
        EXPECT_EQ("Local\\" + name, name_of(made));
        EXPECT_STATUS(FM_OK, try_open(name));
        EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name.substr(0, length - 1)));
        EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name.substr(0, length - 1) + "y"));
    }
}

/// `count` copies of a character after a unique beginning; the units of all are `total`.
std::string long_name(const std::string &prefix, const std::string &character, std::size_t units, std::size_t total) {
    std::string name = prefix + unique_name("-");
    std::size_t length = name.size(); // ASCII so far: a unit each
    for (; length + units <= total; length += units) name += character;
    return name + std::string(total - length, 'x');
}

TEST(names, n15_longest_name) {
    const std::string cat = "\xF0\x9F\x90\x88", kanji = "\xE6\xBC\xA2", umlaut = "\xC3\xA4";
    for (const std::string prefix : {"", "Local\\", "Global\\"}) {
        if (prefix == "Global\\" && !may_create_global()) continue; // N17; the other two prefixes are still tried
        for (const auto &[character, units] :
             {std::pair<std::string, std::size_t>{"x", 1}, {umlaut, 1}, {kanji, 1}, {cat, 2}}) {
            SCOPED_TRACE(prefix + character);
            const std::string longest = long_name(prefix, character, units, FM_MAX_NAME_UNITS);
            const handle made = created(longest);
            EXPECT_EQ(prefix.empty() ? "Local\\" + longest : longest, name_of(made));
            EXPECT_STATUS(FM_OK, try_open(longest));

            const std::string longer = long_name(prefix, character, units, FM_MAX_NAME_UNITS + 1);
            fm_handle none = poison<fm_handle>();
            EXPECT_STATUS(FM_E_INVALID_NAME, fm_create(longer.c_str(), 4096, nullptr, &none));
            EXPECT_STATUS(FM_E_INVALID_NAME, fm_open(longer.c_str(), FM_ACCESS_READ, &none));
            EXPECT_EQ(poison<fm_handle>(), none);
        }
    }
}

TEST(names, n17_creating_under_global) {
    const std::string name = "Global\\" + unique_name();
    handle made;
    const fm_status status = fm_create(name.c_str(), 4096, nullptr, made.out());
    if (differs_under_wine("N17: Wine asks for no privilege to create mappings under Global\\") ||
        may_create_global()) {
        EXPECT_STATUS(FM_OK, status);
    } else {
        EXPECT_STATUS(FM_E_ACCESS_DENIED, status);
    }
    EXPECT_STATUS(status == FM_OK ? FM_OK : FM_E_NOT_FOUND, try_open(name)); // opening asks for none
}

TEST(names, n18_name_dies_with_last_handle) {
    const std::string name = unique_name();
    handle first = created(name);
    handle second = opened(name, FM_ACCESS_READ);
    const view seen = mapped(first);
    write_text(seen, 0, "old");
    first.close();
    EXPECT_STATUS(FM_OK, try_open(name)); // another handle holds it
    second.close();
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name)); // the view does not

    const handle renewed = created(name); // throws where it would be the old one
    EXPECT_EQ(std::string(3, '\0'), read_text(mapped(renewed), 0, 3));
    write_text(mapped(renewed), 0, "new");
    EXPECT_EQ("old", read_text(seen, 0, 3));
}

TEST(names, n18_duplicates_hold_the_name) {
    const std::string name = unique_name();
    handle first = created(name);
    handle second = duplicated(first, 0, FM_DUPLICATE_SAME_ACCESS);
    first.close();
    EXPECT_STATUS(FM_OK, try_open(name));
    second.close();
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
}

TEST(names, a_name_can_be_used_again_at_once) {
    const std::string name = unique_name();
    for (int round = 0; round < 100; ++round) {
        handle made;
        ASSERT_STATUS(FM_OK, fm_create(name.c_str(), 4096, nullptr, made.out()));
    }
}

TEST(names, query_name_counts_its_nul) {
    const std::string name = "Local\\" + unique_name();
    const handle made = created(name);
    uint64_t needed = 0;
    std::string small(name.size(), '#');
    EXPECT_STATUS(FM_E_BUFFER_TOO_SMALL, fm_query_name(made, small.data(), small.size(), &needed));
    EXPECT_EQ(std::string(name.size(), '#'), small);
    EXPECT_EQ(name.size() + 1, needed);
    std::string whole(name.size() + 1, '#');
    EXPECT_STATUS(FM_OK, fm_query_name(made, whole.data(), whole.size(), nullptr));
    EXPECT_EQ(name + '\0', whole);
    needed = poison<uint64_t>();
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_query_name(made, nullptr, 1, &needed));
    EXPECT_EQ(poison<uint64_t>(), needed);
}

} // namespace fm::test
