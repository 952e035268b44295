// Two users and the objects that their threads wait for: what is open to others works for both, what is not is refused,
// and private objects' threads are registered where nobody else gets.
#include "process/users_posix.hpp"
#include "process/waitables.hpp"

namespace fm::test {

namespace {

class waitable_users : public two_users {
protected:
    std::string shared_registry() const { return folder() + "/filemap.registry-1"; }
    std::string registry_of(uint32_t user) const { return folder() + "/filemap-" + std::to_string(user) + "/registry-1"; }
    struct stat status_of(const std::string &path) const {
        struct stat status = {};
        if (stat(path.c_str(), &status) != 0) throw std::runtime_error("stat " + path);
        return status;
    }
};

} // namespace

TEST_F(waitable_users, an_event_for_all_is_waited_for_and_set_by_both) {
    puppet root(as(0)), other(as(nobody));
    ASSERT_EQ("FM_OK", root.ask("event", "a", global_, 0, 0, 0666));
    ASSERT_EQ("FM_OK", other.ask("open_event", "a", global_, "all"));
    other.tell("wait", "a");
    settle();
    EXPECT_EQ("FM_OK", root.ask("set", "a"));
    EXPECT_EQ("FM_OK", other.answer());
    root.tell("wait", "a");
    settle();
    EXPECT_EQ("FM_OK", other.ask("set", "a"));
    EXPECT_EQ("FM_OK", root.answer());
}

TEST_F(waitable_users, units_and_timers_for_all) {
    puppet root(as(0)), other(as(nobody));
    ASSERT_EQ("FM_OK", other.ask("semaphore", "s", global_, 0, 5, 0, 0666)); // made by the one who is not root
    ASSERT_EQ("FM_OK", other.ask("timer", "t", global_ + "-timer", 0, 0, 0666));
    ASSERT_EQ("FM_OK", root.ask("open_semaphore", "s", global_, "all"));
    ASSERT_EQ("FM_OK", root.ask("open_timer", "t", global_ + "-timer", "all"));
    root.tell("wait_all", patience_ms, "s", "t");
    settle();
    EXPECT_EQ("FM_OK", other.ask("release", "s", 1));
    EXPECT_EQ("FM_OK", other.ask("arm", "t", 20 * due_millisecond, 0));
    EXPECT_EQ("FM_OK", root.answer());
    other.tell("wait_any", patience_ms, "t", "s");
    settle();
    EXPECT_EQ("FM_OK", root.ask("release", "s", 1));
    EXPECT_EQ("FM_OK 1", other.answer());
}

TEST_F(waitable_users, m10_a_killed_owner_of_either_user) {
    for (const bool root_owns : {true, false}) {
        puppet owner(as(root_owns ? 0 : nobody)), waiter(as(root_owns ? nobody : 0)), late(as(root_owns ? nobody : 0));
        ASSERT_EQ("FM_OK", waiter.ask("mutex", "a", global_, 0, 0, 0666));
        ASSERT_EQ("FM_OK", late.ask("open_mutex", "a", global_, "all"));
        ASSERT_EQ("FM_OK", owner.ask("open_mutex", "a", global_, "all"));
        ASSERT_EQ("FM_OK", owner.ask("wait", "a"));
        for (puppet *each : {&waiter, &late}) {
            each->tell("wait", "a");
            each->tell("unlock", "a");
        }
        settle();
        owner.kill();
        EXPECT_EQ("killed", owner.wait());
        const reply one = waiter.answer(), two = late.answer();
        const bool one_is_told = (one == "FM_ABANDONED" && two == "FM_OK") || (one == "FM_OK" && two == "FM_ABANDONED");
        EXPECT_TRUE(one_is_told) << one << ", " << two;
        EXPECT_EQ("FM_OK", waiter.answer());
        EXPECT_EQ("FM_OK", late.answer());
    }
}

TEST_F(waitable_users, private_ones_are_refused) {
    puppet root(as(0)), other(as(nobody));
    ASSERT_EQ("FM_OK", root.ask("event", "a", global_, 0));
    for (const char *access : {"s", "m", "all"})
        EXPECT_EQ("FM_E_ACCESS_DENIED", other.ask("open_event", "a", global_, access));
    EXPECT_EQ("FM_E_ACCESS_DENIED", other.ask("event", "a", global_, 0));
    EXPECT_EQ("FM_E_ACCESS_DENIED", other.ask("event", "a", global_, 0, FM_CREATE_NEW));
    ASSERT_EQ("FM_OK", root.ask("event", "b", local_, 0, 0, 0666)); // a local one is the user's own in any case
    EXPECT_EQ("FM_E_NOT_FOUND", other.ask("open_event", "b", local_, "s"));
}

/// Waiting writes, too.
TEST_F(waitable_users, to_read_only_is_not_enough) {
    puppet root(as(0)), other(as(nobody));
    ASSERT_EQ("FM_OK", root.ask("event", "a", global_, FM_EVENT_MANUAL_RESET | FM_EVENT_SIGNALED, 0, 0644));
    for (const char *access : {"s", "m", "all"})
        EXPECT_EQ("FM_E_ACCESS_DENIED", other.ask("open_event", "a", global_, access));
    EXPECT_EQ("FM_OK", root.ask("wait", "a"));
}

TEST_F(waitable_users, both_kinds_of_object_are_waited_for_but_not_taken_together) {
    puppet root(as(0)), other(as(nobody));
    ASSERT_EQ("FM_OK", root.ask("event", "shared", global_, FM_EVENT_SIGNALED, 0, 0666));
    ASSERT_EQ("FM_OK", root.ask("event", "private", local_, FM_EVENT_SIGNALED));
    EXPECT_EQ("FM_E_NOT_SUPPORTED", root.ask("wait_all", 0, "shared", "private"));
    EXPECT_EQ("FM_E_NOT_SUPPORTED", root.ask("wait_all", 50, "private", "shared"));
    EXPECT_EQ("FM_OK 1", root.ask("ready", "shared")); // nothing was taken
    EXPECT_EQ("FM_OK 1", root.ask("ready", "private"));
    EXPECT_EQ("FM_OK 0", root.ask("wait_any", 0, "private", "shared"));
    EXPECT_EQ("FM_OK 1", root.ask("wait_any", 0, "private", "shared"));
    ASSERT_EQ("FM_OK", other.ask("open_event", "shared", global_, "m"));
    root.tell("wait_any", patience_ms, "private", "shared");
    settle();
    EXPECT_EQ("FM_OK", other.ask("set", "shared"));
    EXPECT_EQ("FM_OK 1", root.answer());
    root.tell("signal_and_wait", "private", "shared", patience_ms);
    settle();
    EXPECT_EQ("FM_OK", other.ask("set", "shared"));
    EXPECT_EQ("FM_OK", root.answer());
}

TEST_F(waitable_users, the_shared_registry_is_made_by_whoever_comes_first) {
    for (const uint32_t first : {nobody, 0u}) {
        std::filesystem::remove(shared_registry());
        puppet maker(as(first)), follower(as(first == 0 ? nobody : 0));
        ASSERT_EQ("FM_OK", maker.ask("mutex", "a", global_, 0, 0, 0666));
        EXPECT_EQ(first, status_of(shared_registry()).st_uid);
        EXPECT_EQ(0666u, status_of(shared_registry()).st_mode & 07777u);
        ASSERT_EQ("FM_OK", follower.ask("open_mutex", "a", global_, "all"));
        ASSERT_EQ("FM_OK", follower.ask("wait", "a"));
        EXPECT_EQ("FM_TIMED_OUT", maker.ask("wait", "a", 0));
        ASSERT_EQ("FM_OK", follower.ask("unlock", "a"));
        EXPECT_EQ("FM_OK", maker.ask("wait", "a", 0));
    }
}

TEST_F(waitable_users, both_make_the_shared_registry_at_once) {
    for (int round = 0; round < 10; ++round) {
        std::filesystem::remove(shared_registry());
        puppet root(as(0)), other(as(nobody));
        root.tell("mutex", "a", global_, 0, 0, 0666);
        other.tell("mutex", "a", global_, 0, 0, 0666);
        const reply one = root.answer(), two = other.answer();
        EXPECT_TRUE((one == "FM_OK" && two == "FM_EXISTED") || (one == "FM_EXISTED" && two == "FM_OK")) << one << ", " << two;
        ASSERT_EQ("FM_OK", root.ask("wait", "a"));
        EXPECT_EQ("FM_TIMED_OUT", other.ask("wait", "a", 0));
    }
}

TEST_F(waitable_users, private_threads_are_registered_privately) {
    puppet root(as(0)), other(as(nobody));
    for (puppet *each : {&root, &other}) {
        const std::string own = "Global\\" + unique_name();
        ASSERT_EQ("FM_OK", each->ask("mutex", "m", local_, FM_MUTEX_OWNED));
        ASSERT_EQ("FM_OK", each->ask("event", "e", own, 0)); // in the common folder, but for its user alone
        ASSERT_EQ("FM_OK", each->ask("semaphore", "s", "-", 0, 5));
        EXPECT_EQ("FM_TIMED_OUT", each->ask("wait_any", 10, "e", "s"));
    }
    EXPECT_FALSE(std::filesystem::exists(shared_registry()));
    for (const uint32_t user : {0u, nobody}) {
        EXPECT_EQ(user, status_of(registry_of(user)).st_uid);
        EXPECT_EQ(0600u, status_of(registry_of(user)).st_mode & 07777u);
    }
    ASSERT_EQ("FM_OK", root.ask("event", "shared", global_, 0, 0, 0666));
    EXPECT_EQ("FM_TIMED_OUT", root.ask("wait", "shared", 10));
    EXPECT_TRUE(std::filesystem::exists(shared_registry()));
}

TEST_F(waitable_users, who_uses_shared_ones_alone_has_no_other_registry) {
    puppet root(as(0)), other(as(nobody));
    ASSERT_EQ("FM_OK", root.ask("event", "a", global_, 0, 0, 0666));
    ASSERT_EQ("FM_OK", other.ask("open_event", "a", global_, "all"));
    EXPECT_EQ("FM_TIMED_OUT", other.ask("wait", "a", 10));
    EXPECT_FALSE(std::filesystem::exists(registry_of(nobody)));
}

TEST_F(waitable_users, a_token_of_another_user_is_refused) {
    puppet root(as(0)), other(as(nobody)), same(as(nobody));
    ASSERT_EQ("FM_OK", root.ask("event", "a", "-", 0));
    EXPECT_EQ("FM_E_ACCESS_DENIED", other.ask("import", "a", root.ask("export", "a", 0).news(), "none"));
    ASSERT_EQ("FM_OK", other.ask("event", "a", "-", 0));
    const std::string token = other.ask("export", "a", 0).news();
    EXPECT_EQ("FM_E_ACCESS_DENIED", root.ask("import", "b", token, "none"));
    ASSERT_EQ("FM_OK", same.ask("import", "a", token, "none"));
    EXPECT_EQ("FM_OK", other.ask("set", "a"));
    EXPECT_EQ("FM_OK", same.ask("wait", "a"));
}

TEST_F(waitable_users, a_crash_of_another_user_leaves_a_name_that_is_free) {
    puppet other(as(nobody)), root(as(0));
    ASSERT_EQ("FM_OK", other.ask("mutex", "a", global_, FM_MUTEX_OWNED, 0, 0666));
    other.kill();
    EXPECT_EQ("killed", other.wait());
    EXPECT_EQ("FM_E_NOT_FOUND", root.ask("open_mutex", "a", global_, "all"));
    EXPECT_EQ("FM_OK", root.ask("mutex", "a", global_, 0, 0, 0666));
    EXPECT_EQ("FM_OK", root.ask("wait", "a", 0)); // a new one, which nobody has abandoned
}

} // namespace fm::test
