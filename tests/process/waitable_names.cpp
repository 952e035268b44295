// Names, lifetime and tokens of events, mutexes, semaphores and timers between processes: as those of mappings.
#include "process/puppet.hpp"
#include "process/waitables.hpp"

namespace fm::test {

namespace {

/// One kind as the puppets speak of it: how one is created, and how it is made ready.
struct kind {
    const char *name;
    const char *create; ///< what follows the name
    const char *make_ready;
    fm_status(FM_CALL *open)(const char *name, uint32_t access, fm_handle *out);
};

std::ostream &operator<<(std::ostream &out, const kind &one) { return out << one.name; }

// dllimport functions are no constants, so these stand between.
fm_status FM_CALL open_event(const char *name, uint32_t access, fm_handle *out) { return fm_event_open(name, access, out); }
fm_status FM_CALL open_mutex(const char *name, uint32_t access, fm_handle *out) { return fm_mutex_open(name, access, out); }
fm_status FM_CALL open_units(const char *name, uint32_t access, fm_handle *out) {
    return fm_semaphore_open(name, access, out);
}
fm_status FM_CALL open_timer(const char *name, uint32_t access, fm_handle *out) { return fm_timer_open(name, access, out); }

const kind kinds[] = {{"event", "0", "set a", open_event},
                      {"mutex", "0", "owner a", open_mutex}, // it is ready from the beginning
                      {"semaphore", "0 5", "release a", open_units},
                      {"timer", "0", "arm a 0", open_timer}};

class waitable_names : public testing::TestWithParam<kind> {
protected:
    reply create(puppet &one, const char *slot = "a") { return one.ask(GetParam().name, slot, name_, GetParam().create); }
    reply open(puppet &one, const char *slot = "a") { return one.ask(opener_, slot, name_, "all"); }
    fm_status try_open() {
        handle opened;
        return GetParam().open(name_.c_str(), FM_ACCESS_ALL, opened.out());
    }

    const std::string name_ = unique_name();
    const std::string opener_ = std::string("open_") + GetParam().name;
};

std::string kind_name(const testing::TestParamInfo<kind> &info) { return info.param.name; }

} // namespace

TEST_P(waitable_names, n3_n5_seen_by_all_and_only_once) {
    puppet one, two;
    EXPECT_EQ("FM_E_NOT_FOUND", open(two));
    ASSERT_EQ("FM_OK", create(one));
    EXPECT_EQ("FM_EXISTED", create(two));
    EXPECT_EQ("FM_OK", open(two, "b"));
    EXPECT_EQ("FM_OK Local\\" + name_, two.ask("name", "a"));
    EXPECT_EQ("FM_OK 1", two.ask("list", "Local\\" + name_));
    ASSERT_TRUE(one.ask(GetParam().make_ready).ok());
    EXPECT_EQ("FM_OK", two.ask("wait", "a")); // it is the same one
}

TEST_P(waitable_names, n2_the_name_belongs_to_one_kind) {
    puppet one, two;
    ASSERT_EQ("FM_OK", create(one));
    for (const kind &other : kinds) {
        if (std::string(other.name) == GetParam().name) continue;
        EXPECT_EQ("FM_E_WRONG_KIND", two.ask(other.name, "x", name_, other.create)) << other;
        EXPECT_EQ("FM_E_WRONG_KIND", two.ask(std::string("open_") + other.name, "x", name_, "all")) << other;
    }
    EXPECT_EQ("FM_E_WRONG_KIND", two.ask("create", "x", name_, 4096));
    EXPECT_EQ("FM_E_WRONG_KIND", two.ask("open", "x", name_, "r"));
    EXPECT_EQ("FM_OK", one.ask("close", "a"));
    EXPECT_EQ("FM_OK", two.ask("create", "x", name_, 4096)); // nobody's refusal has left it in use
    EXPECT_EQ("FM_E_WRONG_KIND", create(one));
    EXPECT_EQ("FM_E_WRONG_KIND", open(one));
}

TEST_P(waitable_names, n18_the_name_ends_with_the_last_handle) {
    puppet one, two;
    ASSERT_EQ("FM_OK", create(one));
    ASSERT_EQ("FM_OK", open(two));
    EXPECT_EQ("FM_OK", one.ask("close", "a"));
    EXPECT_STATUS(FM_OK, try_open());
    EXPECT_EQ("FM_OK", two.ask("close", "a"));
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open());
    EXPECT_EQ("FM_OK", create(two)); // a new one
}

TEST_P(waitable_names, n19_exit_and_kill_end_what_was_open) {
    for (const bool kill : {false, true}) {
        puppet one;
        ASSERT_EQ("FM_OK", create(one));
        EXPECT_STATUS(FM_OK, try_open());
        if (kill) one.kill();
        EXPECT_EQ(kill ? "killed" : "exit 0", kill ? one.wait() : one.leave());
        EXPECT_STATUS(FM_E_NOT_FOUND, try_open());
    }
    puppet other;
    EXPECT_EQ("FM_OK 0", other.ask("list_dead", "Local\\" + name_));
    EXPECT_EQ("FM_OK", create(other));
}

TEST_P(waitable_names, n19_what_others_hold_stays) {
    puppet creator, holder;
    ASSERT_EQ("FM_OK", create(creator));
    ASSERT_EQ("FM_OK", open(holder));
    ASSERT_TRUE(holder.ask(GetParam().make_ready).ok());
    creator.kill();
    EXPECT_EQ("killed", creator.wait());
    EXPECT_EQ("FM_OK", holder.ask("wait", "a"));
    EXPECT_STATUS(FM_OK, try_open());
    holder.kill();
    EXPECT_EQ("killed", holder.wait());
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open());
}

TEST_P(waitable_names, a_waiter_that_is_killed_lets_its_handle_go) {
    puppet creator, waiter;
    ASSERT_EQ("FM_OK", create(creator));
    ASSERT_EQ("FM_OK", open(waiter));
    if (std::string(GetParam().name) == "mutex") {
        ASSERT_EQ("FM_OK", creator.ask("wait", "a"));
    }
    waiter.tell("wait", "a");
    settle();
    EXPECT_EQ("FM_OK", creator.ask("close", "a"));
    EXPECT_STATUS(FM_OK, try_open()); // who waits holds it
    waiter.kill();
    EXPECT_EQ("killed", waiter.wait());
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open());
}

TEST_P(waitable_names, a_new_object_of_the_name_is_another_one) {
    puppet one, two;
    ASSERT_EQ("FM_OK", create(one));
    ASSERT_TRUE(one.ask(GetParam().make_ready).ok());
    ASSERT_EQ("FM_OK", one.ask("wait", "a")); // a mutex is owned now
    one.kill();
    EXPECT_EQ("killed", one.wait());
    ASSERT_EQ("FM_OK", create(two));
    const bool mutex = std::string(GetParam().name) == "mutex";
    EXPECT_EQ(mutex ? "FM_OK" : "FM_TIMED_OUT", two.ask("wait", "a", 0)); // and nothing of the old one is known
}

TEST_P(waitable_names, an_unnamed_one_by_duplication) {
    puppet one, two;
    ASSERT_EQ("FM_OK", one.ask(GetParam().name, "a", "-", GetParam().create));
    const std::string token = one.ask("export", "a", 0).news();
    ASSERT_EQ("FM_OK", two.ask("import", "a", token, "none"));
    ASSERT_TRUE(one.ask(GetParam().make_ready).ok());
    EXPECT_EQ("FM_OK", two.ask("wait", "a"));
    ASSERT_TRUE(two.ask(GetParam().make_ready).ok());
    if (std::string(GetParam().name) == "mutex") {
        ASSERT_EQ("FM_OK", two.ask("unlock", "a"));
    }
    EXPECT_EQ("FM_OK", one.ask("wait", "a"));
    one.kill();
    EXPECT_EQ("killed", one.wait());
    const bool mutex = std::string(GetParam().name) == "mutex";
    EXPECT_EQ(mutex ? "FM_ABANDONED" : "FM_TIMED_OUT", two.ask("wait", "a", 0)); // it lives on, and one has ended
    puppet three;
    EXPECT_EQ("FM_E_NOT_FOUND", three.ask("import", "a", token, "none"));
}

TEST_P(waitable_names, a_token_gives_at_most_the_rights_exported) {
    puppet one, two;
    ASSERT_EQ("FM_OK", one.ask(GetParam().name, "a", "-", GetParam().create));
    ASSERT_EQ("FM_OK", one.ask("duplicate", "a", "waiting", "s"));
    ASSERT_EQ("FM_OK", one.ask("duplicate", "a", "modifying", "m"));
    const std::string waiting = one.ask("export", "waiting", 0).news(), modifying = one.ask("export", "modifying", 0).news();
    ASSERT_EQ("FM_OK", two.ask("import", "a", modifying, "none"));
    EXPECT_EQ("FM_E_ACCESS_DENIED", two.ask("wait", "a", 0));
    EXPECT_EQ("FM_E_ACCESS_DENIED", two.ask("import", "b", waiting, "m"));
    ASSERT_TRUE(two.ask(GetParam().make_ready).ok());
    ASSERT_EQ("FM_OK", two.ask("import", "a", waiting, "s"));
    EXPECT_EQ("FM_OK", two.ask("wait", "a"));
    const bool by_right = std::string(GetParam().name) != "mutex"; // its owner needs none
    if (by_right) {
        EXPECT_EQ("FM_E_ACCESS_DENIED", two.ask(GetParam().make_ready));
    }
}

TEST_P(waitable_names, an_inherited_one_of_a_parent_that_lives_or_not) {
    puppet parent;
    ASSERT_EQ("FM_OK", parent.ask(GetParam().name, "a", "-", GetParam().create, FM_INHERITABLE));
    const std::string token = parent.ask("export", "a", 0).news();
    fm_token parsed;
    ASSERT_STATUS(FM_OK, fm_token_from_text(token.c_str(), &parsed));
    handle mine; // this process passes it on to a child of its own
    ASSERT_STATUS(FM_OK, fm_import_token(&parsed, 0, mine.out()));
    const handle heritable = duplicated(mine, 0, FM_DUPLICATE_SAME_ACCESS | FM_DUPLICATE_INHERITABLE);
    fm_token exported;
    char text[FM_TOKEN_TEXT_SIZE];
    ASSERT_STATUS(FM_OK, fm_export_token(heritable, 0, &exported));
    ASSERT_STATUS(FM_OK, fm_token_to_text(&exported, text, sizeof text));
    child_options inheriting;
    inheriting.inherit = true;
    inheriting.environment = {{"FM_TEST_TOKEN", text}};
    puppet heir(inheriting);
    ASSERT_EQ("FM_OK", heir.ask("import_variable", "a", "FM_TEST_TOKEN", "none"));
    ASSERT_TRUE(parent.ask(GetParam().make_ready).ok());
    EXPECT_EQ("FM_OK", heir.ask("wait", "a"));
    parent.kill();
    EXPECT_EQ("killed", parent.wait());
    mine.close();
    EXPECT_EQ("FM_OK 0", heir.ask("list", "Local\\" + name_)); // it has no name, and works on
    if (std::string(GetParam().name) == "mutex") {
        EXPECT_EQ("FM_OK", heir.ask("unlock", "a"));
    }
    ASSERT_TRUE(heir.ask(GetParam().make_ready).ok());
    EXPECT_EQ("FM_OK", heir.ask("wait", "a"));
}

INSTANTIATE_TEST_SUITE_P(kinds, waitable_names, testing::ValuesIn(kinds), kind_name);

TEST(waitable_processes, n18_a_name_used_as_one_kind_after_another) {
    const std::string name = unique_name();
    for (int round = 0; round < 3; ++round) {
        for (const kind &each : kinds) {
            puppet one, two;
            ASSERT_EQ("FM_OK", one.ask(each.name, "a", name, each.create)) << each;
            ASSERT_EQ("FM_OK", two.ask(std::string("open_") + each.name, "a", name, "all")) << each;
            one.kill();
            EXPECT_EQ("killed", one.wait());
            if (round == 1) {
                EXPECT_EQ("FM_OK", two.ask("close", "a"));
            }
            EXPECT_EQ("exit 0", two.leave());
        }
    }
}

TEST(waitable_processes, create_new_has_one_winner) {
    std::vector<puppet> children(4);
    for (int round = 0; round < 10; ++round) {
        const std::string name = unique_name();
        for (puppet &each : children) each.tell("semaphore", "a", name, 1, 1, FM_CREATE_NEW);
        unsigned won = 0, lost = 0;
        for (puppet &each : children) {
            const reply answer = each.answer();
            won += answer == "FM_OK";
            lost += answer == "FM_E_EXISTS";
        }
        EXPECT_EQ(1u, won);
        EXPECT_EQ(3u, lost);
        for (puppet &each : children) each.ask("close", "a");
    }
}

/// Whoever is quicker makes it: all have the same one, and what it says is there from the beginning.
TEST(waitable_processes, create_or_open_gives_all_the_same_object) {
    std::vector<puppet> children(4);
    for (int round = 0; round < 10; ++round) {
        const std::string name = unique_name();
        for (puppet &each : children) {
            each.tell("semaphore", "a", name, 2, 7);
            each.tell("wait", "a", 0);
        }
        unsigned made = 0, taken = 0;
        for (puppet &each : children) {
            made += each.answer() == "FM_OK";
            taken += each.answer() == "FM_OK";
        }
        EXPECT_EQ(1u, made);
        EXPECT_EQ(2u, taken);
        for (puppet &each : children) EXPECT_EQ("FM_OK", each.ask("close", "a"));
    }
}

} // namespace fm::test
