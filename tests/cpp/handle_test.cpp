// Ownership: what moving, releasing, closing and duplicating do to a handle, and what a handle tells.
#include "support.hpp"

#include <type_traits>

static_assert(std::is_nothrow_move_constructible_v<fm::mapping> && std::is_nothrow_move_assignable_v<fm::mapping>);
static_assert(!std::is_copy_constructible_v<fm::mapping> && !std::is_copy_assignable_v<fm::mapping>);
static_assert(!std::is_convertible_v<fm_handle, fm::mapping>, "taking ownership is said aloud");
static_assert(!std::is_convertible_v<fm::handle, bool>);

namespace {

bool exists(const std::string &name) {
    fm_handle opened = nullptr;
    const fm_status status = fm_open(name.c_str(), FM_ACCESS_READ, &opened);
    if (status == FM_OK) fm_close(opened);
    return status == FM_OK;
}

} // namespace

TEST(handle, destructor_closes_and_the_name_ends) {
    const std::string name = unique_name();
    {
        const auto mapping = fm::mapping::create(name, 4096);
        EXPECT_TRUE(exists(name));
    }
    EXPECT_FALSE(exists(name));
}

TEST(handle, default_constructed_is_empty) {
    fm::mapping empty;
    EXPECT_FALSE(empty);
    EXPECT_EQ(empty.native_handle(), nullptr);
    EXPECT_NO_THROW(empty.close());
    EXPECT_EQ(error_of([&] { (void)empty.query(); }).reason(), fm::errc::invalid_handle);
}

TEST(handle, move_construction_takes_ownership) {
    const std::string name = unique_name();
    auto first = fm::mapping::create(name, 4096);
    const fm_handle native = first.native_handle();
    const fm::mapping second = std::move(first);
    EXPECT_FALSE(first); // NOLINT(bugprone-use-after-move): empty after a move is what is promised
    EXPECT_EQ(second.native_handle(), native);
    EXPECT_FALSE(second.existed());
    EXPECT_TRUE(exists(name));
}

TEST(handle, move_assignment_closes_what_was_held) {
    const std::string old_name = unique_name();
    const std::string new_name = unique_name();
    auto mapping = fm::mapping::create(old_name, 4096);
    mapping = fm::mapping::create(new_name, 4096);
    EXPECT_FALSE(exists(old_name));
    EXPECT_TRUE(exists(new_name));
}

TEST(handle, move_assignment_to_itself_keeps_it) {
    const std::string name = unique_name();
    auto mapping = fm::mapping::create(name, 4096);
    auto &same = mapping;
    mapping = std::move(same);
    EXPECT_TRUE(mapping);
    EXPECT_TRUE(exists(name));
}

TEST(handle, swap_exchanges) {
    auto first = fm::mapping::create_unnamed(4096);
    auto second = fm::mapping();
    const fm_handle native = first.native_handle();
    swap(static_cast<fm::handle &>(first), static_cast<fm::handle &>(second));
    EXPECT_FALSE(first);
    EXPECT_EQ(second.native_handle(), native);
}

TEST(handle, release_gives_up_ownership) {
    const std::string name = unique_name();
    fm_handle native = nullptr;
    {
        auto mapping = fm::mapping::create(name, 4096);
        native = mapping.release();
        EXPECT_FALSE(mapping);
    }
    EXPECT_TRUE(exists(name));
    const fm::mapping adopted(native);
    EXPECT_EQ(adopted.query().kind, fm::kind::mapping);
}

TEST(handle, close_is_idempotent_and_reports_a_stolen_handle) {
    auto mapping = fm::mapping::create_unnamed(4096);
    mapping.close();
    EXPECT_FALSE(mapping);
    EXPECT_NO_THROW(mapping.close());

    auto stolen = fm::mapping::create_unnamed(4096);
    ASSERT_EQ(fm_close(stolen.native_handle()), FM_OK);
    EXPECT_EQ(error_of([&] { stolen.close(); }).reason(), fm::errc::invalid_handle);
    EXPECT_FALSE(stolen);
}

TEST(handle, duplicate_keeps_the_object_alive) {
    const std::string name = unique_name();
    auto first = fm::mapping::create(name, 4096);
    const fm::mapping second = first.duplicate();
    first.close();
    EXPECT_TRUE(exists(name));
    EXPECT_EQ(second.name(), name);
    EXPECT_TRUE(second.existed());
}

TEST(handle, duplicate_with_fewer_rights_cannot_write) {
    const auto full = fm::mapping::create_unnamed(4096);
    const auto weak = full.duplicate({.access = fm::access::read});
    EXPECT_NO_THROW((void)weak.map(fm::access::read));
    EXPECT_EQ(error_of([&] { (void)weak.map(fm::access::write); }).reason(), fm::errc::access_denied);
    EXPECT_EQ(error_of([&] { (void)weak.duplicate({.access = fm::access::write}); }).reason(), fm::errc::access_denied);
}

TEST(handle, duplicate_can_be_made_inheritable) {
    const auto plain = fm::mapping::create_unnamed(4096);
    const auto inherited = plain.duplicate({.inheritable = true});
    EXPECT_FALSE(has(plain.query().flags, fm::flags::inheritable));
    EXPECT_TRUE(has(inherited.query().flags, fm::flags::inheritable));
}

TEST(handle, generic_handle_duplicates_and_queries) {
    const std::string name = unique_name();
    fm::handle any = fm::mapping::create(name, 4096);
    const fm::handle copy = any.duplicate();
    EXPECT_EQ(copy.query().kind, fm::kind::mapping);
    EXPECT_EQ(copy.name(), name);
}

TEST(handle, query_tells_what_it_is) {
    const std::string name = unique_name();
    const auto mapping = fm::mapping::create(name, 5000);
    const fm::info info = mapping.query();
    EXPECT_EQ(info.kind, fm::kind::mapping);
    EXPECT_EQ(info.size, 2 * fm::page_size());
    EXPECT_EQ(info.size, mapping.size());
    EXPECT_EQ(info.protection, fm::protection::read_write);
    EXPECT_EQ(info.flags, fm::flags::none);
    EXPECT_TRUE(has(info.access, fm::access::read | fm::access::write));
    EXPECT_EQ(info.holders.value_or(1), 1u);
    EXPECT_GT(info.created.value_or(fm::timestamp::max()), fm::timestamp(std::chrono::hours(24 * 365 * 50)));
}

TEST(handle, name_has_its_prefix_and_any_length) {
    const std::string bare = unique_name("");
    EXPECT_EQ(fm::mapping::create(bare, 4096).name(), "Local\\" + bare);
    const std::string longest = unique_name() + std::string(2000, 'x');
    EXPECT_EQ(fm::mapping::create(longest, 4096).name(), longest);
    EXPECT_EQ(fm::mapping::create_unnamed(4096).name(), "");
}
