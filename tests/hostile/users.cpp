// A second user: what he may do with other users' objects in Global\, and what he may not, alive and dead.
#include "hostile/attempts.hpp"
#include "hostile/plant.hpp"
#include "process/puppet.hpp"
#include "support/files.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

namespace fm::test {

namespace {

constexpr uint32_t nobody = 65534, stranger = 65533;

class hostile_users : public testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(may_change_user()) << "these tests become another user, so they need root"; }
    child_options as(uint32_t user) const {
        child_options options;
        options.user = user;
        options.environment = {{"FILEMAP_DIR", folder_.path()}};
        return options;
    }
    std::string entry() const { return global_entry("shared", folder_.path()); }
    /// A dead entry of a user, with these permissions.
    void leave_dead(uint32_t user, unsigned permissions) {
        puppet owner(as(user));
        ASSERT_EQ("FM_OK", owner.ask("create", "a", name_, 8192, 0, 0, permissions));
        owner.kill();
        ASSERT_EQ("killed", owner.wait());
        ASSERT_TRUE(exists(entry()));
    }
    std::string message_of(puppet &whom, const std::string &command) {
        whom.send(command);
        return whom.receive().value_or("gone");
    }

    const shared_folder folder_;
    const std::string name_ = "Global\\shared";
};

/// Does as it is told with files that are not its user's, without the library: "plant path bytes-from" and "cut path".
int run_planter(const arguments &) {
    while (const auto line = hear()) {
        const std::string verb = line->substr(0, line->find(' ')), rest = line->substr(line->find(' ') + 1);
        const std::string path = rest.substr(0, rest.find(' '));
        static std::unique_ptr<living> planted;
        if (verb == "plant") planted = std::make_unique<living>(path, read_file(rest.substr(rest.find(' ') + 1)));
        say(verb == "plant" || truncate(path.c_str(), 0) == 0 ? "done" : "failed");
    }
    return 0;
}

const role registered("planter", run_planter);

/// An entry that another program of this user made, and holds.
class planted_by : public living {
public:
    planted_by(uint32_t user, const std::string &path, unsigned permissions, const std::string &bytes)
        : living(path, bytes) {
        const bool given = chown(path.c_str(), user, user) == 0 && chmod(path.c_str(), permissions) == 0;
        if (!given) throw std::runtime_error("chown " + path);
    }
};

std::string global_image(const std::function<void(control &)> &change = [](control &) {}) {
    return image_of("shared", [&](control &c) {
        c.where = FM_LIST_GLOBAL;
        change(c);
    });
}

} // namespace

TEST_F(hostile_users, a_living_entry_allows_what_its_permissions_say) {
    const struct { unsigned permissions; const char *read, *write; } rows[] = {
        {0600, "FM_E_ACCESS_DENIED", "FM_E_ACCESS_DENIED"}, {0660, "FM_E_ACCESS_DENIED", "FM_E_ACCESS_DENIED"},
        {0644, "FM_OK", "FM_E_ACCESS_DENIED"}, {0666, "FM_OK", "FM_OK"},
    };
    for (const auto &row : rows) {
        SCOPED_TRACE(row.permissions);
        const planted_by owner(nobody, entry(), row.permissions, global_image());
        puppet other(as(stranger));
        EXPECT_EQ(row.read, other.ask("open", "a", name_, "r"));
        EXPECT_EQ(row.write, other.ask("open", "b", name_, "w"));
        EXPECT_EQ(row.write == std::string("FM_OK") ? "FM_EXISTED" : row.write, other.ask("create", "c", name_, 4096));
        EXPECT_TRUE(exists(entry()));
        if (row.read != std::string("FM_OK")) continue;
        ASSERT_EQ("FM_OK", other.ask("map", "a", "r"));
        EXPECT_EQ("FM_OK dddd", other.ask("read", "a", 0, 4));
        EXPECT_EQ("FM_E_ACCESS_DENIED", other.ask("map", "a", "w"));
    }
    EXPECT_EQ(global_image(), read_file(entry()));
}

TEST_F(hostile_users, a_living_entry_that_is_none) {
    const std::pair<const char *, std::string> rows[] = {
        {"FM_E_CORRUPT", "garbage"}, {"FM_E_CORRUPT", std::string(8192, 'g')},
        {"FM_E_VERSION", global_image([](control &c) { c.layout = 9; })},
        {"FM_E_WRONG_KIND", image_of("shared", [](control &c) {
             c.where = FM_LIST_GLOBAL;
             c.kind = FM_KIND_MUTEX;
             c.data_bytes = 0;
         }).substr(4096)},
    };
    for (const auto &[status, bytes] : rows) {
        for (const unsigned permissions : {0644u, 0666u}) {
            const planted_by owner(nobody, entry(), permissions, bytes);
            puppet other(as(stranger));
            EXPECT_EQ(status, other.ask("open", "a", name_, "r"));
            EXPECT_EQ(status, other.ask("create", "a", name_, 4096, 0, 0, 0666));
            EXPECT_EQ("FM_OK 0 0", other.ask("sweep"));
            EXPECT_EQ(bytes, read_file(entry()));
        }
    }
}

/// What is no entry cannot be a dead one of another user's, to be cut and made anew.
TEST_F(hostile_users, a_pipe_or_a_link_of_another_user) {
    const std::string target = folder_.path() + "/target";
    write_file(target, "kept");
    ASSERT_EQ(0, chmod(target.c_str(), 0666));
    const std::function<int()> plants[] = {
        [&] { return mkfifo(entry().c_str(), 0666); },
        [&] { return symlink(target.c_str(), entry().c_str()); },
        [&] { return mkdir(entry().c_str(), 0777); },
    };
    for (const auto &plant : plants) {
        ASSERT_EQ(0, plant());
        ASSERT_EQ(0, lchown(entry().c_str(), nobody, nobody));
        for (const uint32_t user : {stranger, 0u}) {
            puppet other(as(user));
            EXPECT_EQ("FM_E_CORRUPT", other.ask("open", "a", name_, "r"));
            EXPECT_EQ("FM_E_CORRUPT", other.ask("create", "a", name_, 4096, 0, 0, 0666));
            EXPECT_EQ("FM_OK 0 0", other.ask("sweep"));
        }
        EXPECT_TRUE(exists(entry()));
        EXPECT_EQ("kept", read_file(target));
        std::filesystem::remove(entry());
    }
}

TEST_F(hostile_users, garbage_of_another_user_is_dead_too) {
    write_file(entry(), "garbage");
    ASSERT_EQ(0, chown(entry().c_str(), nobody, nobody));
    ASSERT_EQ(0, chmod(entry().c_str(), 0666));
    puppet other(as(stranger)), owner(as(nobody));
    EXPECT_EQ("FM_E_NOT_FOUND", other.ask("open", "a", name_, "r"));
    ASSERT_EQ("FM_OK", other.ask("create", "a", name_, 4096, 0, 0, 0666));
    ASSERT_EQ("FM_OK", other.ask("map", "a", "w"));
    EXPECT_EQ("FM_OK ....", other.ask("read", "a", 0, 4));
    EXPECT_EQ("FM_EXISTED", owner.ask("create", "a", name_, 4096));
    EXPECT_EQ("FM_OK", other.ask("close", "a"));
    EXPECT_EQ("FM_OK", owner.ask("close", "a"));
    EXPECT_FALSE(exists(entry())) << "its owner was the last to close it";
}

TEST_F(hostile_users, a_dead_entry_is_not_found) {
    leave_dead(0, 0666);
    puppet other(as(nobody));
    EXPECT_EQ("FM_E_NOT_FOUND", other.ask("open", "a", name_, "r"));
    EXPECT_TRUE(exists(entry())); // it cannot be removed by him
    EXPECT_EQ("FM_OK 0", other.ask("list", name_));
    EXPECT_EQ("FM_OK 0 1", other.ask("sweep"));
}

TEST_F(hostile_users, a_dead_entry_is_made_anew_with_the_same_permissions) {
    leave_dead(0, 0666);
    puppet other(as(nobody)), third(as(stranger));
    ASSERT_EQ("FM_OK", other.ask("create", "a", name_, 4096, 0, 0, 0666));
    EXPECT_EQ("FM_OK 4096", other.ask("size", "a"));
    ASSERT_EQ("FM_OK", other.ask("map", "a", "w"));
    EXPECT_EQ("FM_OK ....", other.ask("read", "a", 0, 4));
    EXPECT_EQ("FM_OK", other.ask("write", "a", 0, "anew"));
    ASSERT_EQ("FM_OK", third.ask("open", "a", name_, "all"));
    ASSERT_EQ("FM_OK", third.ask("map", "a", "w"));
    EXPECT_EQ("FM_OK anew", third.ask("read", "a", 0, 4));
    puppet owner(as(0));
    EXPECT_EQ("FM_EXISTED", owner.ask("create", "a", name_, 4096));
}

TEST_F(hostile_users, a_dead_entry_is_not_made_private) {
    leave_dead(0, 0666);
    puppet other(as(nobody));
    for (const char *permissions : {"0", "0600", "0660"}) {
        const std::string answer = message_of(other, "create a Global\\shared 4096 0 0 " + std::string(permissions));
        EXPECT_EQ(0u, answer.find("FM_E_ACCESS_DENIED")) << answer;
        EXPECT_NE(std::string::npos, answer.find("user 0")) << answer;
    }
    puppet owner(as(0));
    EXPECT_EQ("FM_E_NOT_FOUND", owner.ask("open", "a", name_, "r"));
    EXPECT_FALSE(exists(entry())); // its owner's next use removes it
    EXPECT_EQ("FM_OK", other.ask("create", "a", name_, 4096));
}

TEST_F(hostile_users, a_dead_entry_that_may_only_be_read) {
    leave_dead(0, 0644);
    puppet other(as(nobody));
    const std::string answer = message_of(other, "create a Global\\shared 4096 0 0 0644");
    EXPECT_EQ(0u, answer.find("FM_E_ACCESS_DENIED")) << answer;
    EXPECT_NE(std::string::npos, answer.find("user 0")) << answer;
    EXPECT_EQ("FM_E_NOT_FOUND", other.ask("open", "a", name_, "r"));
}

TEST_F(hostile_users, a_dead_entry_that_is_still_viewed_is_not_cut) {
    puppet owner(as(nobody)), viewer(as(nobody)), other(as(stranger));
    ASSERT_EQ("FM_OK", owner.ask("create", "a", name_, 8192, 0, 0, 0666));
    ASSERT_EQ("FM_OK", viewer.ask("open", "a", name_, "all"));
    ASSERT_EQ("FM_OK", viewer.ask("map", "a", "w"));
    ASSERT_EQ("FM_OK", viewer.ask("write", "a", 5000, "kept"));
    const std::string bytes = read_file(entry());
    ASSERT_EQ("FM_OK", viewer.ask("close", "a"));
    owner.kill();
    ASSERT_EQ("killed", owner.wait());
    EXPECT_EQ("FM_E_ACCESS_DENIED", other.ask("create", "a", name_, 4096, 0, 0, 0666));
    EXPECT_EQ("FM_OK kept", viewer.ask("read", "a", 5000, 4));
    EXPECT_EQ(bytes, read_file(entry()));
    EXPECT_EQ("FM_OK", viewer.ask("unmap", "a"));
    EXPECT_EQ("FM_OK", other.ask("create", "a", name_, 4096, 0, 0, 0666));
}

TEST_F(hostile_users, permissions_that_leave_out_the_owner) {
    for (const unsigned permissions : {0444u, 0440u, 0060u, 0006u, 0222u}) {
        SCOPED_TRACE(permissions);
        puppet owner(as(nobody));
        ASSERT_EQ("FM_OK", owner.ask("create", "a", name_, 4096, 0, 0, permissions));
        ASSERT_EQ("FM_OK", owner.ask("map", "a", "w"));
        EXPECT_EQ("FM_OK", owner.ask("write", "a", 0, "own"));
        EXPECT_EQ("FM_OK", owner.ask("close", "a"));
        EXPECT_FALSE(exists(entry())) << "the last handle is closed, and the entry is left";
        EXPECT_EQ("FM_OK", owner.ask("create", "b", name_, 4096)) << "the name is lost";
        owner.kill();
        EXPECT_EQ("killed", owner.wait());
        std::filesystem::remove(entry());
    }
}

/// A Global entry that says it maps this file.
std::string entry_over(const std::string &file) {
    struct stat status = {};
    if (stat(file.c_str(), &status) != 0) throw std::runtime_error("stat " + file);
    control block;
    block.data_bytes = 0;
    block.flags = FM_FILE;
    block.where = FM_LIST_GLOBAL;
    block.file_device = device_number(status.st_dev);
    block.file_inode = status.st_ino;
    block.name_bytes = 6;
    block.path_bytes = static_cast<uint32_t>(file.size());
    return image(block, 0, "shared" + file);
}

/// An entry says that it maps a file which only this user may write. Others made it, or may have written it: opening it
/// must not lend them that right.
TEST_F(hostile_users, an_entry_that_points_to_a_private_file) {
    temp_file secret(4096);
    secret.write(0, "private");
    ASSERT_EQ(0, chmod(secret.path().c_str(), 0600));
    const std::pair<uint32_t, unsigned> makers[] = {{nobody, 0644}, {nobody, 0666}, {0, 0666}, {0, 0660}};
    for (const auto &[user, permissions] : makers) {
        SCOPED_TRACE(permissions);
        const planted_by maker(user, entry(), permissions, entry_over(secret.path()));
        if (user == 0) {
            ASSERT_EQ(0, chown(entry().c_str(), 0, nobody));
        }
        puppet victim(as(0));
        EXPECT_EQ("FM_E_ACCESS_DENIED", victim.ask("create", "a", name_, 4096));
        EXPECT_EQ("FM_E_ACCESS_DENIED", victim.ask("open", "a", name_, "r"));
        EXPECT_EQ("FM_E_ACCESS_DENIED", victim.ask("open", "a", name_, "w"));
    }
}

/// What the last test must not forbid: a file is shared with those whom its own permissions let in.
TEST_F(hostile_users, a_file_is_shared_as_its_permissions_say) {
    temp_file file(4096);
    file.write(0, "shared");
    const struct { unsigned file, entry; const char *read, *write; } rows[] = {
        {0600, 0666, "FM_E_ACCESS_DENIED", "FM_E_ACCESS_DENIED"},
        {0644, 0666, "FM_OK", "FM_E_ACCESS_DENIED"},
        {0666, 0644, "FM_OK", "FM_E_ACCESS_DENIED"},
        {0666, 0666, "FM_OK", "FM_OK"},
    };
    for (const auto &row : rows) {
        SCOPED_TRACE(row.file);
        ASSERT_EQ(0, chmod(file.path().c_str(), row.file));
        puppet owner(as(0)), other(as(nobody));
        const uint32_t permissions = row.entry;
        ASSERT_EQ("FM_OK", owner.ask("create_file", "a", name_, 0, file.path(), FM_PROTECT_READ_WRITE, 0, permissions));
        EXPECT_EQ("FM_OK", owner.ask("open", "b", name_, "w"));
        EXPECT_EQ(row.read, other.ask("open", "a", name_, "r"));
        EXPECT_EQ(row.write, other.ask("open", "b", name_, "w"));
        EXPECT_EQ("exit 0", other.leave());
        EXPECT_EQ("exit 0", owner.leave());
    }
}

/// The library reads and writes another user's memory; that he takes it away must not be the end of this process.
TEST_F(hostile_users, memory_that_its_owner_takes_away) {
    puppet owner(as(nobody)), victim(as(stranger));
    ASSERT_EQ("FM_OK", owner.ask("create", "a", name_, 8192, 0, 0, 0666));
    ASSERT_EQ("FM_OK", victim.ask("open", "a", name_, "all"));
    ASSERT_EQ("FM_OK", victim.ask("map", "a", "w"));
    child attacker("planter", {}, as(nobody));
    attacker.send("cut " + entry());
    attacker.expect("done");
    EXPECT_EQ("FM_E_IN_PAGE", victim.ask("read", "a", 5000, 4));
    EXPECT_EQ("FM_E_IN_PAGE", victim.ask("write", "a", 5000, "text"));
    EXPECT_EQ("FM_OK", victim.ask("close", "a"));
    EXPECT_EQ("exit 0", victim.leave());
}

} // namespace fm::test
