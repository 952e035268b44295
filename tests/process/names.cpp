// Names, contents and lifetime between processes: N18, N19, C9, V11, and a race for a new name.
#include "process/puppet.hpp"
#include "support/differences.hpp"
#include "support/files.hpp"
#include "support/test.hpp"

#include <vector>

namespace fm::test {

TEST(processes, a_name_is_seen_in_both_directions) {
    const std::string mine = unique_name(), theirs = unique_name();
    const handle made = created(mine, 65536);
    puppet other;
    EXPECT_EQ("FM_OK", other.ask("open", "a", mine, "all"));
    EXPECT_EQ("FM_OK 65536", other.ask("size", "a"));
    EXPECT_EQ("FM_OK Local\\" + mine, other.ask("name", "a"));
    EXPECT_EQ("FM_OK", other.ask("create", "b", theirs, 10));
    EXPECT_STATUS(FM_OK, try_open(theirs));
    EXPECT_EQ("FM_E_NOT_FOUND", other.ask("open", "c", unique_name(), "r"));
    if (may_create_global()) {
        const handle global = created("Global\\" + mine);
        EXPECT_EQ("FM_OK", other.ask("open", "g", "Global\\" + mine, "r"));
        EXPECT_EQ("FM_OK 1", other.ask("list", "Global\\" + mine));
    }
    EXPECT_EQ("FM_OK 1", other.ask("list", "Local\\" + mine));
    EXPECT_EQ("exit 0", other.leave());
}

TEST(processes, contents_are_coherent) {
    const std::string name = unique_name();
    const handle made = created(name, 65536);
    const view whole = mapped(made);
    puppet other;
    ASSERT_EQ("FM_OK", other.ask("open", "a", name, "all"));
    ASSERT_EQ("FM_OK", other.ask("map", "a", "w", 30000, 100));
    write_text(whole, 30005, "ping");
    EXPECT_EQ("FM_OK .....ping.", other.ask("read", "a", 0, 10));
    EXPECT_EQ("FM_OK", other.ask("write", "a", 5, "pong"));
    EXPECT_EQ("pong", read_text(whole, 30005, 4));
}

TEST(processes, v12_contents_of_a_file_are_coherent_between_mappings) {
    const temp_file file(70000);
    fm_create_options with = options();
    with.file_path = file.path().c_str();
    const view whole = mapped(created("", 0, with));
    puppet other;
    ASSERT_EQ("FM_OK", other.ask("create_file", "a", "-", 0, file.path()));
    ASSERT_EQ("FM_OK", other.ask("map", "a", "w"));
    EXPECT_EQ("FM_OK", other.ask("write", "a", 69990, "over-there"));
    EXPECT_EQ("over-there", read_text(whole, 69990, 10));
}

TEST(processes, v13_a_copy_is_private_to_its_process) {
    const std::string name = unique_name();
    const handle made = created(name);
    const view whole = mapped(made);
    write_text(whole, 0, "ours");
    puppet other;
    ASSERT_EQ("FM_OK", other.ask("open", "a", name, "c"));
    ASSERT_EQ("FM_OK", other.ask("map", "a", "c"));
    EXPECT_EQ("FM_OK", other.ask("write", "a", 0, "mine"));
    EXPECT_EQ("FM_OK mine", other.ask("read", "a", 0, 4));
    EXPECT_EQ("ours", read_text(whole, 0, 4));
}

TEST(processes, v2_v3_rights_hold_between_processes) {
    const std::string name = unique_name(), read_only = unique_name();
    const handle made = created(name), sealed = created(read_only, 4096, options(0, FM_PROTECT_READ));
    puppet other;
    ASSERT_EQ("FM_OK", other.ask("open", "r", name, "r"));
    EXPECT_EQ("FM_E_ACCESS_DENIED", other.ask("map", "r", "w"));
    ASSERT_EQ("FM_OK", other.ask("open", "w", name, "w"));
    EXPECT_EQ("FM_E_ACCESS_DENIED", other.ask("map", "w", "r"));
    EXPECT_EQ("FM_OK", other.ask("map", "w", "w"));
    ASSERT_EQ("FM_OK", other.ask("open", "s", read_only, "all"));
    const bool wine = differs_under_wine(wine_forgets_protections);
    EXPECT_EQ(wine ? "FM_OK" : "FM_E_ACCESS_DENIED", other.ask("map", "s", "w"));
    EXPECT_EQ("FM_OK", other.ask("map", "s", "c"));
}

TEST(processes, c9_existing_object_keeps_its_size) {
    const std::string name = unique_name();
    const handle made = created(name, 65536);
    puppet other;
    EXPECT_EQ("FM_EXISTED", other.ask("create", "a", name, 1 << 20));
    EXPECT_EQ("FM_OK 65536", other.ask("size", "a"));
    EXPECT_EQ("FM_E_EXISTS", other.ask("create", "b", name, 1 << 20, 0, FM_CREATE_NEW));
}

TEST(processes, c23_commitment_is_seen_by_all_processes) {
    const std::string name = unique_name();
    const handle made = created(name, 1 << 20, options(FM_RESERVE));
    const view whole = mapped(made);
    puppet other;
    ASSERT_EQ("FM_OK", other.ask("open", "a", name, "all"));
    ASSERT_EQ("FM_OK", other.ask("map", "a", "w"));
    ASSERT_STATUS(FM_OK, fm_commit(made, 500000, 4));
    EXPECT_EQ("FM_OK", other.ask("write", "a", 500000, "here"));
    EXPECT_EQ("here", read_text(whole, 500000, 4));
}

TEST(processes, n18_last_handle_in_the_other_process) {
    const std::string name = unique_name();
    handle made = created(name);
    puppet other;
    ASSERT_EQ("FM_OK", other.ask("open", "a", name, "all"));
    made.close();
    EXPECT_STATUS(FM_OK, try_open(name));
    EXPECT_EQ("FM_OK", other.ask("close", "a"));
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
    EXPECT_EQ("FM_OK", other.ask("create", "a", name, 4096));
    EXPECT_EQ("FM_OK", other.ask("close", "a"));
}

TEST(processes, n18_view_outlives_handles_across_processes) {
    const std::string name = unique_name();
    handle made = created(name);
    const view mine = mapped(made);
    puppet other;
    ASSERT_EQ("FM_OK", other.ask("open", "a", name, "all"));
    ASSERT_EQ("FM_OK", other.ask("map", "a", "w"));
    ASSERT_EQ("FM_OK", other.ask("close", "a"));
    made.close();
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name)); // two views, no handle
    const handle renewed = created(name);
    EXPECT_EQ("FM_OK", other.ask("write", "a", 0, "old-object"));
    EXPECT_EQ("old-object", read_text(mine, 0, 10)); // they still share
    EXPECT_EQ(std::string(10, '\0'), read_text(mapped(renewed), 0, 10));
}

TEST(processes, n19_exit_ends_what_was_open) {
    const std::string name = unique_name();
    puppet other;
    ASSERT_EQ("FM_OK", other.ask("create", "a", name, 4096));
    ASSERT_EQ("FM_OK", other.ask("map", "a", "w"));
    EXPECT_STATUS(FM_OK, try_open(name));
    EXPECT_EQ("exit 0", other.leave()); // it closed nothing
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
    EXPECT_STATUS(FM_OK, fm_close(created(name).release()));
}

TEST(processes, n19_kill_ends_what_was_open) {
    for (int round = 0; round < 5; ++round) {
        const std::string name = unique_name();
        puppet other;
        ASSERT_EQ("FM_OK", other.ask("create", "a", name, 65536));
        ASSERT_EQ("FM_OK", other.ask("map", "a", "w"));
        ASSERT_EQ("FM_OK", other.ask("write", "a", 0, "left-over"));
        const view mine = mapped(opened(name));
        EXPECT_STATUS(FM_OK, try_open(name));
        other.kill();
        EXPECT_EQ("killed", other.wait());
        EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name)); // at once
        EXPECT_EQ("left-over", read_text(mine, 0, 9));
        const handle renewed = created(name);
        EXPECT_EQ(std::string(9, '\0'), read_text(mapped(renewed), 0, 9));
    }
}

TEST(processes, n19_kill_leaves_what_others_hold) {
    const std::string name = unique_name();
    puppet creator, holder;
    ASSERT_EQ("FM_OK", creator.ask("create", "a", name, 4096));
    ASSERT_EQ("FM_OK", creator.ask("map", "a", "w"));
    ASSERT_EQ("FM_OK", creator.ask("write", "a", 0, "kept"));
    ASSERT_EQ("FM_OK", holder.ask("open", "a", name, "r"));
    creator.kill();
    EXPECT_EQ("killed", creator.wait());
    EXPECT_EQ("kept", read_text(mapped(opened(name)), 0, 4));
    holder.kill();
    EXPECT_EQ("killed", holder.wait());
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
}

TEST(processes, holders_are_counted_where_the_system_can) {
    const std::string name = unique_name();
    const handle made = created(name);
    puppet other;
    ASSERT_EQ("FM_OK", other.ask("open", "a", name, "r"));
    const reply told = other.ask("holders", "a");
    EXPECT_TRUE(told == "FM_OK 2" || told == "FM_OK unknown") << told;
}

TEST(processes, create_new_has_one_winner) {
    std::vector<puppet> children(8);
    for (int round = 0; round < 10; ++round) {
        const std::string name = unique_name();
        for (puppet &each : children) each.tell("create", "a", name, 4096, 0, FM_CREATE_NEW);
        unsigned won = 0, lost = 0;
        puppet *winner = nullptr;
        for (puppet &each : children) {
            const reply answer = each.answer();
            won += answer == "FM_OK";
            lost += answer == "FM_E_EXISTS";
            if (answer == "FM_OK") winner = &each;
        }
        ASSERT_EQ(1u, won);
        EXPECT_EQ(7u, lost);
        EXPECT_EQ("FM_OK", winner->ask("close", "a"));
        EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
    }
}

TEST(processes, create_or_open_gives_all_the_same_object) {
    std::vector<puppet> children(4);
    for (int round = 0; round < 10; ++round) {
        const std::string name = unique_name();
        for (puppet &each : children) each.tell("create", "a", name, 4096);
        unsigned created_by = 0;
        for (puppet &each : children) {
            const reply answer = each.answer();
            created_by += answer == "FM_OK";
            EXPECT_TRUE(answer == "FM_OK" || answer == "FM_EXISTED") << answer;
        }
        EXPECT_EQ(1u, created_by);
        for (puppet &each : children) ASSERT_EQ("FM_OK", each.ask("map", "a", "w"));
        ASSERT_EQ("FM_OK", children[0].ask("write", "a", 0, name));
        for (puppet &each : children) {
            EXPECT_EQ("FM_OK " + name, each.ask("read", "a", 0, name.size()));
            EXPECT_EQ("FM_OK", each.ask("unmap", "a"));
            EXPECT_EQ("FM_OK", each.ask("close", "a"));
        }
        EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
    }
}

} // namespace fm::test
