// Namespaces that are not as they should be: the folder that FILEMAP_DIR names, and this user's own directory in it.
// Each in a child, since a process settles on its namespace once.
#include "hostile/attempts.hpp"
#include "hostile/plant.hpp"
#include "process/puppet.hpp"

#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace fm::test {

namespace {

constexpr uint32_t nobody = 65534;

/// An answer with its message, which comparing replies leaves out.
struct told {
    std::string status, message;
};

template <class... Words>
told ask(puppet &whom, const Words &...words) {
    whom.tell(words...);
    const std::string line = whom.receive().value_or("gone");
    const std::size_t tab = line.find('\t');
    return {line.substr(0, tab), tab == std::string::npos ? "" : line.substr(tab + 1)};
}

class hostile_namespace : public testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(may_change_user()) << "these tests become another user, so they need root"; }

    child_options in(const std::string &folder, uint32_t user = 0) const {
        child_options options;
        options.user = user;
        options.environment = {{"FILEMAP_DIR", folder}};
        return options;
    }
    child_options here(uint32_t user = 0) const { return in(folder_.path(), user); }
    std::string own(uint32_t user = 0) const { return folder_.path() + "/filemap-" + std::to_string(user); }

    /// Nothing named can be made; each message names the place. Without names the library works.
    void refused(const child_options &options, const std::string &status, const std::string &hint) {
        puppet victim(options);
        const told made = ask(victim, "create", "a", "Local\\x", 4096);
        const told opened = ask(victim, "open", "b", "Local\\x", "r");
        EXPECT_EQ(status, made.status) << made.message;
        EXPECT_NE(std::string::npos, made.message.find(hint)) << made.message;
        EXPECT_TRUE(opened.status == status || opened.status == "FM_E_NOT_FOUND") << opened.status << opened.message;
        EXPECT_EQ("FM_OK", ask(victim, "create", "c", "-", 4096).status);
        const std::string swept = ask(victim, "sweep").status, listed = ask(victim, "list", "Local\\x").status;
        EXPECT_TRUE(swept == status || swept == "FM_OK 0 0") << swept;
        EXPECT_TRUE(listed == status || listed == "FM_OK 0") << listed;
        EXPECT_EQ("exit 0", victim.leave());
    }

    const shared_folder folder_;
};

} // namespace

TEST_F(hostile_namespace, own_directory_planted_by_another_user) {
    std::filesystem::create_directory(own(nobody)); // root's
    for (const mode_t mode : {0777, 0700}) {
        ASSERT_EQ(0, chmod(own(nobody).c_str(), mode));
        refused(here(nobody), "FM_E_ACCESS_DENIED", mode == 0777 ? "belongs to user 0" : own(nobody));
    }
    EXPECT_TRUE(std::filesystem::is_empty(own(nobody)));
    std::filesystem::create_directory(own());
    ASSERT_EQ(0, chown(own().c_str(), nobody, nobody));
    ASSERT_EQ(0, chmod(own().c_str(), 0700));
    refused(here(), "FM_E_ACCESS_DENIED", "belongs to user 65534");
    EXPECT_TRUE(std::filesystem::is_empty(own()));
}

TEST_F(hostile_namespace, own_directory_open_to_others) {
    std::filesystem::create_directory(own());
    for (const mode_t mode : {0777, 0770, 0701, 01777}) {
        ASSERT_EQ(0, chmod(own().c_str(), mode));
        refused(here(), "FM_E_ACCESS_DENIED", "0700");
    }
    EXPECT_TRUE(std::filesystem::is_empty(own()));
}

TEST_F(hostile_namespace, own_directory_is_a_link) {
    const std::string elsewhere = folder_.path() + "/elsewhere";
    std::filesystem::create_directory(elsewhere);
    ASSERT_EQ(0, chmod(elsewhere.c_str(), 0700)); // all would be well but for the link
    std::filesystem::create_symlink(elsewhere, own());
    refused(here(), "FM_E_SYSTEM", own());
    EXPECT_TRUE(std::filesystem::is_empty(elsewhere));
    std::filesystem::remove(elsewhere);
    refused(here(), "FM_E_SYSTEM", own());
    EXPECT_FALSE(exists(elsewhere));
}

TEST_F(hostile_namespace, own_directory_is_a_file_or_a_pipe) {
    write_file(own(), "a file");
    refused(here(), "FM_E_SYSTEM", own());
    EXPECT_EQ("a file", read_file(own()));
    puppet victim(here());
    EXPECT_EQ("FM_OK", victim.ask("create", "a", "Global\\x", 4096)); // the other namespace is not touched by it
    std::filesystem::remove(own());
    ASSERT_EQ(0, mkfifo(own().c_str(), 0700));
    refused(here(), "FM_E_SYSTEM", own());
}

TEST_F(hostile_namespace, folder_is_missing_or_no_folder) {
    const std::string missing = folder_.path() + "/missing";
    const std::string file = folder_.path() + "/file", link = folder_.path() + "/link";
    refused(in(missing), "FM_E_SYSTEM", missing);
    EXPECT_FALSE(exists(missing));
    write_file(file, "x");
    refused(in(file), "FM_E_SYSTEM", file);
    refused(in(file + "/below"), "FM_E_SYSTEM", file);
    std::filesystem::create_symlink(missing, link);
    refused(in(link), "FM_E_SYSTEM", link);
    refused(in("/" + std::string(5000, 'x')), "FM_E_SYSTEM", "xxxx");
    refused(in(missing + "%s%n%s"), "FM_E_SYSTEM", "%s%n%s");
}

TEST_F(hostile_namespace, folder_may_not_be_written) {
    ASSERT_EQ(0, chmod(folder_.path().c_str(), 0755));
    refused(here(nobody), "FM_E_ACCESS_DENIED", folder_.path());
    puppet victim(here(nobody));
    const told made = ask(victim, "create", "a", "Global\\x", 4096);
    EXPECT_EQ("FM_E_ACCESS_DENIED", made.status);
    EXPECT_NE(std::string::npos, made.message.find(folder_.path())) << made.message;
    EXPECT_EQ("FM_E_NOT_FOUND", victim.ask("open", "a", "Global\\x", "r"));
    ASSERT_EQ(0, chmod(folder_.path().c_str(), 0700));
    refused(here(nobody), "FM_E_ACCESS_DENIED", folder_.path());
}

TEST_F(hostile_namespace, removed_while_in_use) {
    puppet victim(here());
    ASSERT_EQ("FM_OK", victim.ask("create", "a", "Local\\x", 4096));
    ASSERT_EQ("FM_OK", victim.ask("map", "a", "w"));
    std::filesystem::remove_all(folder_.path());
    EXPECT_EQ("FM_OK", victim.ask("write", "a", 0, "still-there"));
    EXPECT_EQ("FM_OK", victim.ask("map", "a", "w"));
    EXPECT_EQ("FM_OK still-there", victim.ask("read", "a", 0, 11));
    EXPECT_EQ("FM_E_SYSTEM", victim.ask("create", "b", "Local\\y", 4096));
    EXPECT_EQ("FM_OK", victim.ask("close", "a"));
    ASSERT_EQ(0, mkdir(folder_.path().c_str(), 01777));
    EXPECT_EQ("FM_OK", victim.ask("create", "b", "Local\\y", 4096)); // and back
    EXPECT_EQ("exit 0", victim.leave());
}

} // namespace fm::test
