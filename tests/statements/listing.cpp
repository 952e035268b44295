// Listings of what exists, and sweeping, as one process sees them.
#include "support/files.hpp"
#include "support/test.hpp"

#include <chrono>
#include <map>

namespace fm::test {

namespace {

struct listed {
    fm_list_info info;
    std::string owner;
    unsigned times;
};

template <class Function>
std::string text_from(Function function, fm_handle list) {
    uint64_t needed = 0;
    EXPECT_STATUS(FM_E_BUFFER_TOO_SMALL, function(list, nullptr, 0, &needed));
    std::string text(static_cast<std::size_t>(needed), '#');
    EXPECT_STATUS(FM_OK, function(list, text.data(), text.size(), &needed));
    EXPECT_EQ(text.size(), needed);
    EXPECT_EQ('\0', text.back());
    text.pop_back();
    return text;
}

std::map<std::string, listed> listing(uint32_t flags) {
    std::map<std::string, listed> all;
    handle list;
    EXPECT_STATUS(FM_OK, fm_list_open(flags, list.out()));
    fm_list_info info = {};
    info.struct_size = sizeof info;
    fm_status status;
    while ((status = fm_list_next(list, &info)) == FM_OK) {
        const std::string name = text_from(fm_list_name, list);
        const unsigned times = ++all[name].times;
        all[name] = {info, text_from(fm_list_owner, list), times};
    }
    EXPECT_STATUS(FM_END, status);
    return all;
}

int64_t now() {
    return std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
}

constexpr int64_t hour = 3600 * INT64_C(1000000000);

} // namespace

TEST(listing, shows_each_object_once_with_its_facts) {
    const std::string one = "Local\\" + unique_name(), two = "Local\\" + unique_name("-\xC3\xA4/\x01 ");
    const handle first = created(one, 3 * fm_page_size()), second = created(two);
    const handle again = opened(one, FM_ACCESS_READ);
    const auto all = listing(FM_LIST_LOCAL);
    ASSERT_TRUE(all.count(one));
    ASSERT_TRUE(all.count(two));
    const listed &found = all.at(one);
    EXPECT_EQ(1u, found.times);
    EXPECT_EQ(FM_KIND_MAPPING, found.info.kind);
    EXPECT_EQ(3 * fm_page_size(), found.info.size);
    EXPECT_EQ(FM_LIST_LOCAL, found.info.scope);
    EXPECT_EQ(0u, found.info.dead);
    EXPECT_TRUE(found.info.holders == FM_UNKNOWN_COUNT || found.info.holders == 2) << found.info.holders;
    EXPECT_TRUE(found.info.creator == 0 || found.info.creator == process_id()) << found.info.creator;
    EXPECT_TRUE(found.info.created == 0 || std::abs(now() - found.info.created) < hour) << found.info.created;
    EXPECT_EQ(std::string::npos, found.owner.find_first_not_of("S-0123456789")) << found.owner;
}

TEST(listing, scopes_are_told_apart) {
    if (!may_create_global()) GTEST_SKIP() << "this user may not create names under Global\\ (N17)";
    const std::string rest = unique_name();
    const handle local = created("Local\\" + rest), global = created("Global\\" + rest);
    const auto of_local = listing(FM_LIST_LOCAL), of_global = listing(FM_LIST_GLOBAL), both = listing(0);
    EXPECT_TRUE(of_local.count("Local\\" + rest));
    EXPECT_FALSE(of_local.count("Global\\" + rest));
    EXPECT_TRUE(of_global.count("Global\\" + rest));
    EXPECT_FALSE(of_global.count("Local\\" + rest));
    ASSERT_TRUE(both.count("Local\\" + rest));
    ASSERT_TRUE(both.count("Global\\" + rest));
    EXPECT_EQ(FM_LIST_GLOBAL, both.at("Global\\" + rest).info.scope);
}

TEST(listing, forgets_what_was_closed_and_never_shows_unnamed_ones) {
    const std::string name = "Local\\" + unique_name();
    handle made = created(name);
    const handle nameless = unnamed();
    const view kept = mapped(made);
    EXPECT_TRUE(listing(0).count(name));
    EXPECT_FALSE(listing(0).count(""));
    made.close();
    EXPECT_FALSE(listing(0).count(name));
    EXPECT_FALSE(listing(FM_LIST_LOCAL | FM_LIST_DEAD).count(name));
}

TEST(listing, shows_the_size_of_a_file_mapping) {
    const temp_file file(12345);
    fm_create_options with = options();
    with.file_path = file.path().c_str();
    const std::string name = "Local\\" + unique_name();
    const handle made = created(name, 0, with);
    const auto all = listing(FM_LIST_LOCAL);
    ASSERT_TRUE(all.count(name));
    EXPECT_EQ(12345u, all.at(name).info.size);
}

TEST(listing, many_objects) {
    std::map<std::string, handle> held;
    for (int i = 0; i < 200; ++i) {
        const std::string name = "Local\\" + unique_name();
        held[name] = created(name);
    }
    const auto all = listing(FM_LIST_LOCAL);
    for (const auto &[name, object] : held) {
        ASSERT_TRUE(all.count(name)) << name;
        EXPECT_EQ(1u, all.at(name).times);
    }
}

TEST(listing, before_the_first_and_after_the_last) {
    const handle made = created(unique_name());
    handle list;
    ASSERT_STATUS(FM_OK, fm_list_open(FM_LIST_LOCAL, list.out()));
    char text[4] = "###";
    uint64_t needed = poison<uint64_t>();
    EXPECT_STATUS(FM_END, fm_list_name(list, text, sizeof text, &needed));
    EXPECT_STATUS(FM_END, fm_list_owner(list, text, sizeof text, &needed));
    fm_list_info info = {};
    info.struct_size = sizeof info;
    while (fm_list_next(list, &info) == FM_OK) continue;
    info = poison<fm_list_info>();
    info.struct_size = sizeof info;
    const fm_list_info untouched = info;
    EXPECT_STATUS(FM_END, fm_list_next(list, &info));
    EXPECT_EQ(0, std::memcmp(&untouched, &info, sizeof info));
    EXPECT_STATUS(FM_END, fm_list_name(list, text, sizeof text, &needed));
    EXPECT_STREQ("###", text);
    EXPECT_EQ(poison<uint64_t>(), needed);
}

TEST(listing, name_needs_its_room) {
    const handle made = created(unique_name());
    handle list;
    ASSERT_STATUS(FM_OK, fm_list_open(FM_LIST_LOCAL, list.out()));
    fm_list_info info = {};
    info.struct_size = sizeof info;
    ASSERT_STATUS(FM_OK, fm_list_next(list, &info));
    char text[3] = "##";
    uint64_t needed = 0;
    EXPECT_STATUS(FM_E_BUFFER_TOO_SMALL, fm_list_name(list, text, sizeof text, &needed));
    EXPECT_STREQ("##", text);
    EXPECT_GT(needed, sizeof text);
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_list_name(list, nullptr, 1, &needed));
}

TEST(listing, a_larger_struct_of_a_newer_caller) {
    const handle made = created(unique_name());
    struct newer {
        fm_list_info known;
        char tail[40];
    } item = poison<newer>();
    item.known.struct_size = sizeof item;
    handle list;
    ASSERT_STATUS(FM_OK, fm_list_open(FM_LIST_LOCAL, list.out()));
    ASSERT_STATUS(FM_OK, fm_list_next(list, &item.known));
    EXPECT_EQ(std::string(sizeof item.tail, '\0'), std::string(item.tail, sizeof item.tail));
}

TEST(sweep, leaves_what_is_alive) {
    const std::string name = unique_name();
    const handle made = created(name);
    write_text(mapped(made), 0, "alive");
    fm_sweep_info info = poison<fm_sweep_info>();
    info.struct_size = sizeof info;
    ASSERT_STATUS(FM_OK, fm_sweep(&info));
    EXPECT_EQ(0u, info.reserved);
    EXPECT_TRUE(!on_windows() || info.removed == 0) << info.removed; // there nothing is ever left
    EXPECT_EQ("alive", read_text(mapped(opened(name)), 0, 5));
}

} // namespace fm::test
