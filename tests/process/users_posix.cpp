// Two users: who sees, opens and imports whose objects, and who reads which file.
#include "process/users_posix.hpp"
#include "support/files.hpp"

#include <unistd.h>

namespace fm::test {

using users = two_users;

TEST_F(users, local_objects_are_the_users_own) {
    puppet root(as(0)), other(as(nobody));
    ASSERT_EQ("FM_OK", root.ask("create", "a", local_, 4096, 0, 0, 0666));
    EXPECT_EQ("FM_E_NOT_FOUND", other.ask("open", "a", local_, "r"));
    EXPECT_EQ("FM_OK", other.ask("create", "a", local_, 8192)); // another object
    EXPECT_EQ("FM_OK", root.ask("open", "b", local_, "r"));
    EXPECT_EQ("FM_OK 4096", root.ask("size", "b"));
    EXPECT_EQ("FM_OK 1", other.ask("list", local_));
}

TEST_F(users, global_object_for_all) {
    puppet root(as(0)), other(as(nobody));
    ASSERT_EQ("FM_OK", root.ask("create", "a", global_, 4096, 0, 0, 0666));
    ASSERT_EQ("FM_OK", other.ask("open", "a", global_, "all"));
    ASSERT_EQ("FM_OK", other.ask("map", "a", "w"));
    ASSERT_EQ("FM_OK", root.ask("map", "a", "w"));
    EXPECT_EQ("FM_OK", other.ask("write", "a", 0, "greetings"));
    EXPECT_EQ("FM_OK greetings", root.ask("read", "a", 0, 9));
    EXPECT_EQ("FM_EXISTED", other.ask("create", "b", global_, 4096));
}

TEST_F(users, global_object_of_nobody_for_root_too) {
    puppet root(as(0)), other(as(nobody));
    ASSERT_EQ("FM_OK", other.ask("create", "a", global_, 4096, 0, 0, 0666));
    EXPECT_EQ("FM_OK", root.ask("open", "a", global_, "all"));
    EXPECT_EQ("FM_EXISTED", root.ask("create", "b", global_, 4096));
}

TEST_F(users, global_object_to_read) {
    puppet root(as(0)), other(as(nobody));
    ASSERT_EQ("FM_OK", root.ask("create", "a", global_, 4096, 0, 0, 0644));
    EXPECT_EQ("FM_E_ACCESS_DENIED", other.ask("open", "a", global_, "w"));
    EXPECT_EQ("FM_E_ACCESS_DENIED", other.ask("create", "a", global_, 4096));
    ASSERT_EQ("FM_OK", other.ask("open", "a", global_, "r"));
    EXPECT_EQ("FM_OK", other.ask("map", "a", "r"));
    EXPECT_EQ("FM_E_ACCESS_DENIED", other.ask("map", "a", "w"));
    EXPECT_EQ("FM_OK", other.ask("map", "a", "c"));
}

TEST_F(users, global_object_of_one_user_alone) {
    puppet root(as(0)), other(as(nobody));
    ASSERT_EQ("FM_OK", root.ask("create", "a", global_, 4096, 0, 0, 0600));
    EXPECT_EQ("FM_E_ACCESS_DENIED", other.ask("open", "a", global_, "r"));
    EXPECT_EQ("FM_E_ACCESS_DENIED", other.ask("create", "a", global_, 4096));
    EXPECT_EQ("FM_E_ACCESS_DENIED", other.ask("create", "a", global_, 4096, 0, FM_CREATE_NEW));
}

TEST_F(users, the_default_is_this_user_alone) {
    puppet root(as(0)), other(as(nobody));
    ASSERT_EQ("FM_OK", root.ask("create", "a", global_, 4096));
    EXPECT_EQ("FM_E_ACCESS_DENIED", other.ask("open", "a", global_, "r"));
}

TEST_F(users, global_name_ends_with_the_last_handle_of_another_user) {
    puppet root(as(0)), other(as(nobody)), third(as(nobody));
    ASSERT_EQ("FM_OK", root.ask("create", "a", global_, 4096, 0, 0, 0666));
    ASSERT_EQ("FM_OK", other.ask("open", "a", global_, "all"));
    ASSERT_EQ("FM_OK", root.ask("close", "a"));
    EXPECT_EQ("FM_OK", third.ask("open", "a", global_, "r")); // a user who does not own it holds it
    EXPECT_EQ("FM_OK", third.ask("close", "a"));
    EXPECT_EQ("FM_OK", other.ask("close", "a")); // the last closer may not remove the owner's file
    EXPECT_EQ("FM_E_NOT_FOUND", third.ask("open", "a", global_, "r"));
    EXPECT_EQ("FM_E_NOT_FOUND", root.ask("open", "a", global_, "r"));
    EXPECT_EQ("FM_OK", other.ask("create", "a", global_, 8192, 0, 0, 0666)); // and the name is free
    EXPECT_EQ("FM_OK 8192", other.ask("size", "a"));
    EXPECT_EQ("FM_OK", root.ask("open", "b", global_, "r"));
}

TEST_F(users, a_read_only_last_closer_leaves_a_name_that_is_free) {
    puppet root(as(0)), other(as(nobody));
    ASSERT_EQ("FM_OK", root.ask("create", "a", global_, 4096, 0, 0, 0644));
    ASSERT_EQ("FM_OK", other.ask("open", "a", global_, "r"));
    ASSERT_EQ("FM_OK", root.ask("close", "a"));
    EXPECT_EQ("FM_OK", root.ask("open", "a", global_, "r"));
    EXPECT_EQ("FM_OK", root.ask("close", "a"));
    EXPECT_EQ("FM_OK", other.ask("close", "a"));
    EXPECT_EQ("FM_E_NOT_FOUND", other.ask("open", "a", global_, "r"));
    EXPECT_EQ("FM_OK", root.ask("create", "a", global_, 8192));
}

TEST_F(users, a_token_of_another_user_is_refused) {
    puppet root(as(0)), other(as(nobody)), same(as(nobody));
    ASSERT_EQ("FM_OK", root.ask("create", "a", "-", 4096));
    EXPECT_EQ("FM_E_ACCESS_DENIED", other.ask("import", "a", root.ask("export", "a", 0).news(), "none"));
    ASSERT_EQ("FM_OK", other.ask("create", "b", "-", 4096));
    const std::string theirs = other.ask("export", "b", 0).news();
    EXPECT_EQ("FM_OK", same.ask("import", "a", theirs, "none"));
    EXPECT_EQ("FM_E_ACCESS_DENIED", root.ask("import", "b", theirs, "none")); // root is another user, too
}

TEST_F(users, files_that_the_user_may_not_read_or_write) {
    temp_file file(100);
    ASSERT_EQ(0, chmod(file.path().c_str(), 0600));
    puppet other(as(nobody));
    EXPECT_EQ("FM_E_ACCESS_DENIED", other.ask("create_file", "a", "-", 0, file.path(), FM_PROTECT_READ));
    ASSERT_EQ(0, chmod(file.path().c_str(), 0644));
    EXPECT_EQ("FM_OK", other.ask("create_file", "a", "-", 0, file.path(), FM_PROTECT_READ));
    EXPECT_EQ("FM_E_ACCESS_DENIED", other.ask("create_file", "b", "-", 0, file.path(), FM_PROTECT_READ_WRITE));
    EXPECT_EQ("FM_E_ACCESS_DENIED", other.ask("create_file", "b", "-", 200, file.path(), FM_PROTECT_READ_WRITE));
    EXPECT_EQ(100u, file.size());
}

TEST_F(users, a_crash_of_another_user_leaves_a_name_that_is_free) {
    puppet other(as(nobody)), root(as(0));
    ASSERT_EQ("FM_OK", other.ask("create", "a", global_, 4096, 0, 0, 0666));
    ASSERT_EQ("FM_OK", other.ask("create", "b", local_, 4096));
    other.kill();
    EXPECT_EQ("killed", other.wait());
    EXPECT_EQ("FM_E_NOT_FOUND", root.ask("open", "a", global_, "r"));
    EXPECT_EQ("FM_OK", root.ask("create", "a", global_, 4096));
}

} // namespace fm::test
