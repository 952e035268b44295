// What a crash leaves on Linux, and how it goes away. In a namespace of the test's own: every process sweeps the one
// that it uses, and others must not be quicker.
#include "process/puppet.hpp"
#include "support/test.hpp"

#include <filesystem>
#include <stdexcept>
#include <stdlib.h>

namespace fm::test {

namespace {

class own_namespace : public testing::Test {
protected:
    own_namespace() {
        if (!mkdtemp(folder_.data())) throw std::runtime_error("mkdtemp " + folder_);
    }
    ~own_namespace() override {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    child_options here() const {
        child_options options;
        options.environment = {{"FILEMAP_DIR", folder_}};
        return options;
    }
    /// Files of all sorts in the namespace, its folders aside.
    unsigned entries() const {
        unsigned count = 0;
        for (const auto &entry : std::filesystem::recursive_directory_iterator(folder_)) count += !entry.is_directory();
        return count;
    }

private:
    std::string folder_ = "/dev/shm/filemap-sweep-XXXXXX";
};

using sweep = own_namespace;

} // namespace

TEST_F(sweep, nothing_is_left_by_orderly_ends) {
    puppet other(here());
    ASSERT_EQ("FM_OK", other.ask("create", "a", "orderly", 4096));
    ASSERT_EQ("FM_OK", other.ask("create", "b", "orderly-too", 4096));
    const unsigned while_open = entries();
    EXPECT_EQ("FM_OK", other.ask("close", "a"));
    EXPECT_EQ(while_open - 1, entries());
    EXPECT_EQ("exit 0", other.leave());
    EXPECT_EQ(while_open - 2, entries()); // exit() closes as fm_close() does
}

TEST_F(sweep, removes_what_a_crash_left_and_says_how_much) {
    puppet keeper(here()); // has used the namespace, so that its own sweep at first use is over
    ASSERT_EQ("FM_OK", keeper.ask("create", "a", "kept", 4096));
    const unsigned before = entries();
    puppet victim(here());
    for (const char *name : {"left-1", "left-2", "left-3"}) ASSERT_EQ("FM_OK", victim.ask("create", name, name, 65536));
    ASSERT_EQ("FM_OK", victim.ask("create", "n", "-", 65536)); // unnamed ones are never left
    EXPECT_EQ(before + 3, entries());
    victim.kill();
    EXPECT_EQ("killed", victim.wait());
    EXPECT_EQ("FM_OK 3 0", keeper.ask("sweep"));
    EXPECT_EQ(before, entries());
    EXPECT_EQ("FM_OK 0 0", keeper.ask("sweep"));
    EXPECT_EQ("FM_OK", keeper.ask("open", "b", "kept", "r"));
}

TEST_F(sweep, happens_at_the_first_use_of_a_process) {
    puppet victim(here());
    for (const char *name : {"left-1", "left-2", "left-3"}) ASSERT_EQ("FM_OK", victim.ask("create", name, name, 65536));
    const unsigned with_them = entries();
    victim.kill();
    EXPECT_EQ("killed", victim.wait());
    puppet later(here());
    EXPECT_EQ("FM_E_NOT_FOUND", later.ask("open", "a", "something-else", "r"));
    EXPECT_EQ("FM_OK 0 0", later.ask("sweep"));
    EXPECT_EQ(with_them - 3, entries());
}

TEST_F(sweep, a_name_that_a_crash_left_is_free_at_once) {
    puppet user(here());
    ASSERT_EQ("FM_OK", user.ask("create", "z", "warm-up", 4096));
    for (int round = 0; round < 5; ++round) {
        puppet victim(here());
        ASSERT_EQ("FM_OK", victim.ask("create", "a", "contested", 65536));
        ASSERT_EQ("FM_OK", victim.ask("map", "a", "w"));
        ASSERT_EQ("FM_OK", victim.ask("write", "a", 0, "stale"));
        victim.kill();
        EXPECT_EQ("killed", victim.wait());
        ASSERT_EQ("FM_OK", user.ask("create", "a", "contested", 4096, 0, FM_CREATE_NEW));
        EXPECT_EQ("FM_OK 4096", user.ask("size", "a"));
        ASSERT_EQ("FM_OK", user.ask("map", "a", "w"));
        EXPECT_EQ("FM_OK .....", user.ask("read", "a", 0, 5));
        EXPECT_EQ("FM_OK", user.ask("unmap", "a"));
        EXPECT_EQ("FM_OK", user.ask("close", "a"));
    }
}

TEST_F(sweep, listing_tells_dead_from_alive) {
    puppet user(here());
    ASSERT_EQ("FM_OK", user.ask("create", "z", "alive", 4096));
    puppet victim(here());
    ASSERT_EQ("FM_OK", victim.ask("create", "a", "dead", 4096));
    EXPECT_EQ("FM_OK 1", user.ask("list", "Local\\dead"));
    victim.kill();
    EXPECT_EQ("killed", victim.wait());
    EXPECT_EQ("FM_OK 0", user.ask("list", "Local\\dead"));
    EXPECT_EQ("FM_OK 1", user.ask("list_dead", "Local\\dead"));
    EXPECT_EQ("FM_OK 0", user.ask("list_dead", "Local\\alive"));
    EXPECT_EQ("FM_OK 1", user.ask("list", "Local\\alive"));
}

} // namespace fm::test
