// Tokens of events, mutexes, semaphores and timers, in this process and in a child; and what a child and its parent
// share by name. Each test runs for each kind. Other processes that are killed: tests/process, tests/kill.
#include "statements/waitables.hpp"
#include "support/child.hpp"

#include <cstdlib>

namespace fm::test {

namespace {

class waitable_tokens : public testing::TestWithParam<object_kind> {
protected:
    const object_kind &kind = GetParam();
};

fm_token exported(fm_handle of, int64_t target = 0) {
    fm_token token;
    EXPECT_STATUS(FM_OK, fm_export_token(of, target, &token));
    return token;
}

std::string text_of(const fm_token &token) {
    char text[FM_TOKEN_TEXT_SIZE];
    EXPECT_STATUS(FM_OK, fm_token_to_text(&token, text, sizeof text));
    return text;
}

constexpr char token_variable[] = "FILEMAP_TEST_TOKEN";

fm_status opened_by(const arguments &how, fm_handle *out) {
    if (how[0] == "name") {
        for (const object_kind &kind : waitable_kinds()) {
            if (kind.name == how[1]) return kind.open(how[2].c_str(), FM_ACCESS_ALL, out);
        }
        return FM_E_WRONG_KIND;
    }
    const char *inherited = std::getenv(token_variable);
    fm_token token;
    const fm_status status =
        fm_token_from_text(how[0] == "inherited" && inherited ? inherited : how[1].c_str(), &token);
    return status < 0 ? status : fm_import_token(&token, 0, out);
}

/// A child that gets at an object, tells what it sees, waits for it when told to, makes it ready and ends.
int use_object(const arguments &how) {
    handle object;
    const fm_status status = opened_by(how, object.out());
    if (status != FM_OK) {
        say(describe(status));
        return 1;
    }
    say("kind " + std::to_string(queried(object).kind) + " ready " + std::to_string(queried(object).ready));
    hear(); // the parent has made it ready
    say(fm_status_name(fm_wait(object, patience_ns)));
    hear(); // the parent waits
    for (const object_kind &kind : waitable_kinds()) {
        if (kind.kind == queried(object).kind) say(fm_status_name(kind.modify(object)));
    }
    return 0;
}

const role use_object_role("statements.use_object", use_object);

/// A child that makes a named object, a mutex so that it owns it, and ends without closing it.
int make_and_end(const arguments &how) {
    fm_handle object = nullptr;
    fm_status status = FM_E_WRONG_KIND;
    for (const object_kind &kind : waitable_kinds()) {
        if (kind.name == how[0]) status = kind.create(how[1].c_str(), nullptr, &object);
    }
    if (how[0] == "mutex") status = status < 0 ? status : fm_wait(object, 0);
    say(fm_status_name(status));
    hear(); // the parent has looked
    return 0;
}

const role make_and_end_role("statements.make_and_end", make_and_end);

/// The child's side and this one, in turn: what one makes ready the other takes.
void share(const object_kind &kind, unready_object &object, child &other) {
    other.expect("kind " + std::to_string(kind.kind) + " ready 0");
    object.make_ready_for_another();
    other.send("ready");
    other.expect("FM_OK");
    EXPECT_STATUS(FM_TIMED_OUT, look(object));
    background waiting([&] { return fm_wait(object, patience_ns); });
    EXPECT_TRUE(waiting.still_waiting());
    other.send("make it ready");
    other.expect("FM_OK");
    EXPECT_STATUS(FM_OK, waiting.status());
    EXPECT_EQ("exit 0", other.wait());
}

} // namespace

TEST_P(waitable_tokens, import_in_the_same_process_gives_the_same_object) {
    const handle made = new_object(kind);
    const fm_token token = exported(made);
    handle imported;
    ASSERT_STATUS(FM_OK, fm_import_token(&token, 0, imported.out()));
    EXPECT_EQ(kind.kind, queried(imported).kind);
    EXPECT_EQ(every_right, queried(imported).access);
    EXPECT_EQ("", name_of(imported));
    if (kind.kind == FM_KIND_MUTEX) {
        EXPECT_STATUS(FM_OK, look(made));
        EXPECT_STATUS(FM_OK, fm_mutex_release(imported));
    } else {
        EXPECT_STATUS(FM_OK, kind.modify(made));
        EXPECT_STATUS(FM_OK, fm_wait(imported, patience_ns));
    }
}

TEST_P(waitable_tokens, an_import_holds_the_object_as_any_handle_does) {
    const std::string name = unique_name();
    handle made = new_object(kind, name), imported;
    const fm_token token = exported(made);
    ASSERT_STATUS(FM_OK, fm_import_token(&token, 0, imported.out()));
    EXPECT_EQ("Local\\" + name, name_of(imported));
    made.close();
    EXPECT_STATUS(FM_OK, try_open_as(kind, name));
    imported.close();
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open_as(kind, name));
}

TEST_P(waitable_tokens, a_token_holds_nothing_open) {
    handle made = new_object(kind);
    const fm_token token = exported(made);
    made.close();
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(FM_E_NOT_FOUND, fm_import_token(&token, 0, &none));
    const handle other = new_object(kind); // which may well get the same number from the system
    EXPECT_STATUS(FM_E_NOT_FOUND, fm_import_token(&token, 0, &none));
    EXPECT_EQ(poison<fm_handle>(), none);
}

TEST_P(waitable_tokens, rights_are_at_most_those_exported) {
    const handle made = new_object(kind), waiter = duplicated(made, FM_ACCESS_WAIT);
    const fm_token of_waiter = exported(waiter), of_all = exported(made);
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_import_token(&of_waiter, FM_ACCESS_MODIFY, &none));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_import_token(&of_waiter, every_right, &none));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_import_token(&of_all, FM_ACCESS_READ, &none));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_import_token(&of_all, 0x40u, &none));
    EXPECT_EQ(poison<fm_handle>(), none);
    handle same, weaker;
    ASSERT_STATUS(FM_OK, fm_import_token(&of_waiter, 0, same.out()));
    EXPECT_EQ(FM_ACCESS_WAIT, queried(same).access);
    ASSERT_STATUS(FM_OK, fm_import_token(&of_all, FM_ACCESS_MODIFY, weaker.out()));
    EXPECT_EQ(FM_ACCESS_MODIFY, queried(weaker).access);
    EXPECT_STATUS(FM_E_ACCESS_DENIED, look(weaker));
}

TEST_P(waitable_tokens, for_another_process_alone) {
    const handle made = new_object(kind);
    const fm_token token = exported(made, process_id() + 1);
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_import_token(&token, 0, &none));
    EXPECT_EQ(poison<fm_handle>(), none);
}

TEST_P(waitable_tokens, a_child_imports_an_unnamed_object) {
    unready_object object(kind);
    child other("statements.use_object", {"token", text_of(exported(object))});
    share(kind, object, other);
}

TEST_P(waitable_tokens, a_child_inherits_an_unnamed_object) {
    unready_object object(kind);
    const handle inheritable = duplicated(object, 0, FM_DUPLICATE_SAME_ACCESS | FM_DUPLICATE_INHERITABLE);
    child_options options;
    options.inherit = true;
    options.environment = {{token_variable, text_of(exported(inheritable))}};
    child other("statements.use_object", {"inherited"}, options);
    share(kind, object, other);
}

TEST_P(waitable_tokens, a_child_opens_a_named_object) {
    const std::string name = unique_name();
    unready_object object(kind, name);
    child other("statements.use_object", {"name", kind.name, name});
    share(kind, object, other);
    EXPECT_STATUS(FM_OK, try_open_as(kind, name)); // the child's end took nothing with it (N19)
}

TEST_P(waitable_tokens, n19_the_end_of_a_process_closes_its_handles) {
    const std::string name = unique_name();
    child other("statements.make_and_end", {kind.name, name});
    other.expect("FM_OK");
    EXPECT_STATUS(FM_OK, try_open_as(kind, name));
    other.send("end");
    EXPECT_EQ("exit 0", other.wait());
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open_as(kind, name));
}

TEST(waitable_processes, m4_a_process_that_ends_abandons_its_mutex) {
    const std::string name = unique_name();
    child other("statements.make_and_end", {"mutex", name});
    other.expect("FM_OK");
    handle mutex;
    ASSERT_STATUS(FM_OK, fm_mutex_open(name.c_str(), FM_ACCESS_ALL, mutex.out()));
    EXPECT_STATUS(FM_TIMED_OUT, look(mutex));
    const uint32_t owner = queried(mutex).owner;
    EXPECT_TRUE(owner == other.id() || (on_windows() && owner == 0)) << owner;
    background waiting([&] {
        const fm_status status = fm_wait(mutex, patience_ns);
        EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
        return status;
    });
    EXPECT_TRUE(waiting.still_waiting());
    other.send("end");
    EXPECT_STATUS(FM_ABANDONED, waiting.status());
    EXPECT_EQ("exit 0", other.wait());
    EXPECT_STATUS(FM_OK, look(mutex));
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
}

INSTANTIATE_TEST_SUITE_P(kinds, waitable_tokens, testing::ValuesIn(waitable_kinds()), kind_name);

} // namespace fm::test
