// Tokens between processes: unnamed objects by inheritance and by duplication.
#include "process/puppet.hpp"
#include "support/files.hpp"
#include "support/test.hpp"

namespace fm::test {

namespace {

std::string token_of(fm_handle of, int64_t target = 0) {
    fm_token token;
    EXPECT_STATUS(FM_OK, fm_export_token(of, target, &token));
    char text[FM_TOKEN_TEXT_SIZE];
    EXPECT_STATUS(FM_OK, fm_token_to_text(&token, text, sizeof text));
    return text;
}

/// A child that inherits, with the token in its environment.
child_options heir_with(const std::string &token) {
    child_options options;
    options.inherit = true;
    options.environment = {{"FM_TEST_TOKEN", token}};
    return options;
}

handle inheritable(uint64_t size = 65536) {
    return created("", size, options(FM_INHERITABLE));
}

} // namespace

TEST(tokens, duplication_into_an_unrelated_process) {
    const handle made = unnamed(65536);
    write_text(mapped(made), 0, "from-parent");
    puppet other;
    ASSERT_EQ("FM_OK", other.ask("import", "a", token_of(made), "none"));
    EXPECT_EQ("FM_OK 65536", other.ask("size", "a"));
    ASSERT_EQ("FM_OK", other.ask("map", "a", "w"));
    EXPECT_EQ("FM_OK from-parent", other.ask("read", "a", 0, 11));
    EXPECT_EQ("FM_OK", other.ask("write", "a", 0, "from-child-"));
    EXPECT_EQ("from-child-", read_text(mapped(made), 0, 11));
}

TEST(tokens, duplication_out_of_another_process) {
    puppet other;
    ASSERT_EQ("FM_OK", other.ask("create", "a", "-", 65536));
    ASSERT_EQ("FM_OK", other.ask("map", "a", "w"));
    ASSERT_EQ("FM_OK", other.ask("write", "a", 0, "theirs"));
    const std::string text = other.ask("export", "a", 0).news();
    fm_token token;
    ASSERT_STATUS(FM_OK, fm_token_from_text(text.c_str(), &token));
    handle imported;
    ASSERT_STATUS(FM_OK, fm_import_token(&token, 0, imported.out()));
    EXPECT_EQ("theirs", read_text(mapped(imported), 0, 6));

    EXPECT_EQ("FM_OK", other.ask("close", "a")); // its own handle; ours stays
    EXPECT_EQ("theirs", read_text(mapped(imported), 0, 6));
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(FM_E_NOT_FOUND, fm_import_token(&token, 0, &none));
    EXPECT_EQ(poison<fm_handle>(), none);
}

TEST(tokens, between_two_children) {
    puppet one, two;
    ASSERT_EQ("FM_OK", one.ask("create", "a", "-", 4096));
    ASSERT_EQ("FM_OK", one.ask("map", "a", "w"));
    ASSERT_EQ("FM_OK", one.ask("write", "a", 0, "sibling"));
    const std::string token = one.ask("export", "a", 0).news();
    ASSERT_EQ("FM_OK", two.ask("import", "a", token, "r"));
    one.kill();
    EXPECT_EQ("killed", one.wait());
    ASSERT_EQ("FM_OK", two.ask("map", "a", "r")); // what was imported is its own
    EXPECT_EQ("FM_OK sibling", two.ask("read", "a", 0, 7));
    EXPECT_EQ("FM_E_ACCESS_DENIED", two.ask("map", "a", "w"));
}

TEST(tokens, of_a_file_mapping) {
    temp_file file(5000);
    file.write(4990, "0123456789");
    fm_create_options with = options();
    with.file_path = file.path().c_str();
    const handle made = created("", 0, with);
    puppet other;
    ASSERT_EQ("FM_OK", other.ask("import", "a", token_of(made), "none"));
    EXPECT_EQ("FM_OK 5000", other.ask("size", "a"));
    ASSERT_EQ("FM_OK", other.ask("map", "a", "r"));
    EXPECT_EQ("FM_OK 0123456789", other.ask("read", "a", 4990, 10));
}

TEST(tokens, of_a_named_object_holds_the_name) {
    const std::string name = unique_name();
    handle made = created(name);
    puppet other;
    ASSERT_EQ("FM_OK", other.ask("import", "a", token_of(made), "none"));
    EXPECT_EQ("FM_OK Local\\" + name, other.ask("name", "a"));
    made.close();
    EXPECT_STATUS(FM_OK, try_open(name));
    EXPECT_EQ("FM_OK", other.ask("close", "a"));
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
}

TEST(tokens, for_one_target_process) {
    const handle made = unnamed();
    puppet target, other;
    const std::string token = token_of(made, target.id());
    EXPECT_EQ("FM_E_ACCESS_DENIED", other.ask("import", "a", token, "none"));
    EXPECT_EQ("FM_OK", target.ask("import", "a", token, "none"));
}

TEST(tokens, rights_are_at_most_those_exported) {
    const handle made = unnamed();
    const handle reader = duplicated(made, FM_ACCESS_READ);
    puppet other;
    EXPECT_EQ("FM_E_ACCESS_DENIED", other.ask("import", "a", token_of(reader), "w"));
    ASSERT_EQ("FM_OK", other.ask("import", "a", token_of(reader), "none")); // 0 = the same as exported
    EXPECT_EQ("FM_OK", other.ask("map", "a", "r"));
    EXPECT_EQ("FM_E_ACCESS_DENIED", other.ask("map", "a", "w"));
}

TEST(tokens, of_an_ended_process) {
    puppet gone, other;
    ASSERT_EQ("FM_OK", gone.ask("create", "a", "-", 4096));
    const std::string token = gone.ask("export", "a", 0).news();
    gone.kill();
    EXPECT_EQ("killed", gone.wait());
    EXPECT_EQ("FM_E_NOT_FOUND", other.ask("import", "a", token, "none"));
}

TEST(tokens, of_a_closed_handle) {
    handle made = unnamed();
    const std::string token = token_of(made);
    made.close();
    const handle in_its_place = unnamed();
    puppet other;
    EXPECT_EQ("FM_E_NOT_FOUND", other.ask("import", "a", token, "none"));
}

TEST(tokens, inheritance_by_the_environment) {
    const handle made = inheritable();
    write_text(mapped(made), 0, "heritage");
    puppet heir(heir_with(token_of(made)));
    ASSERT_EQ("FM_OK", heir.ask("import_variable", "a", "FM_TEST_TOKEN", "none"));
    ASSERT_EQ("FM_OK", heir.ask("map", "a", "w"));
    EXPECT_EQ("FM_OK heritage", heir.ask("read", "a", 0, 8));
    EXPECT_EQ("FM_OK", heir.ask("write", "a", 0, "returned"));
    EXPECT_EQ("returned", read_text(mapped(made), 0, 8));
}

TEST(tokens, inheritance_when_the_parent_has_closed_it) {
    handle made = inheritable();
    write_text(mapped(made), 0, "heritage");
    puppet heir(heir_with(token_of(made)));
    made.close();
    ASSERT_EQ("FM_OK", heir.ask("import_variable", "a", "FM_TEST_TOKEN", "none"));
    ASSERT_EQ("FM_OK", heir.ask("map", "a", "r"));
    EXPECT_EQ("FM_OK heritage", heir.ask("read", "a", 0, 8));
}

TEST(tokens, inheritance_lets_go_when_the_import_is_closed) {
    const std::string name = unique_name();
    handle made = created(name, 4096, options(FM_INHERITABLE));
    puppet heir(heir_with(token_of(made)));
    made.close();
    EXPECT_STATUS(FM_OK, try_open(name)); // the child holds what it has inherited
    ASSERT_EQ("FM_OK", heir.ask("import_variable", "a", "FM_TEST_TOKEN", "none"));
    EXPECT_EQ("FM_OK Local\\" + name, heir.ask("name", "a"));
    EXPECT_STATUS(FM_OK, try_open(name));
    EXPECT_EQ("FM_OK", heir.ask("close", "a")); // the import took it over
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
}

TEST(tokens, inheritance_ends_with_the_child) {
    const std::string name = unique_name();
    handle made = created(name, 4096, options(FM_INHERITABLE));
    puppet heir(heir_with(token_of(made)));
    made.close();
    EXPECT_STATUS(FM_OK, try_open(name));
    EXPECT_EQ("exit 0", heir.leave()); // it never imported
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
}

TEST(tokens, inheritance_of_an_inheritable_duplicate) {
    handle made = unnamed();
    handle heritable = duplicated(made, FM_ACCESS_READ, FM_DUPLICATE_INHERITABLE);
    write_text(mapped(made), 0, "weak");
    puppet heir(heir_with(token_of(heritable)));
    heritable.close();
    made.close();
    ASSERT_EQ("FM_OK", heir.ask("import_variable", "a", "FM_TEST_TOKEN", "none"));
    ASSERT_EQ("FM_OK", heir.ask("map", "a", "r"));
    EXPECT_EQ("FM_OK weak", heir.ask("read", "a", 0, 4));
    EXPECT_EQ("FM_E_ACCESS_DENIED", heir.ask("map", "a", "w"));
}

TEST(tokens, what_is_not_inheritable_is_not_inherited) {
    const std::string name = unique_name();
    handle made = created(name), nameless = unnamed();
    puppet heir(heir_with(token_of(nameless)));
    nameless.close();
    EXPECT_EQ("FM_E_NOT_FOUND", heir.ask("import_variable", "a", "FM_TEST_TOKEN", "none"));
    made.close();
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name)); // the child, which lives, holds nothing of it
    EXPECT_EQ("FM_E_NOT_FOUND", heir.ask("open", "b", name, "r"));
}

/// Leaves an unnamed object to a puppet that takes over the pipes, and ends.
int bequeath(const arguments &) {
    const handle made = inheritable();
    write_text(mapped(made), 0, "heritage");
    child_options options = heir_with(token_of(made));
    options.hand_over = true;
    const puppet heir(options);
    say("bequeathed");
    return 0;
}

const role registered("bequeath", bequeath);

TEST(tokens, inheritance_when_the_parent_has_ended) {
    child parent("bequeath");
    parent.expect("bequeathed");
    EXPECT_EQ("exit 0", parent.wait());
    parent.send("import_variable a FM_TEST_TOKEN none"); // the heir hears it
    EXPECT_EQ("FM_OK", parent.receive());
    parent.send("map a w");
    EXPECT_EQ("FM_OK", parent.receive());
    parent.send("read a 0 8");
    EXPECT_EQ("FM_OK heritage", parent.receive());
    parent.close_input();
    EXPECT_EQ(std::nullopt, parent.receive()); // the heir has ended
}

} // namespace fm::test
