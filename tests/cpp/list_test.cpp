// Listing, sweeping, flags and what the library tells of itself.
#include "support.hpp"

#include <algorithm>
#include <optional>
#include <ranges>

static_assert(std::ranges::input_range<fm::object_list>);
static_assert(fm::bits(fm::access::read | fm::access::write) == (FM_ACCESS_READ | FM_ACCESS_WRITE));
static_assert(fm::has(fm::access::read | fm::access::write, fm::access::write));
static_assert(!fm::has(fm::access::read, fm::access::read | fm::access::write));
static_assert((fm::flags::reserve & ~fm::flags::reserve) == fm::flags::none);

namespace {

std::optional<fm::listed_object> find(const std::string &name, fm::list_flags which) {
    fm::object_list list(which);
    const auto found = std::ranges::find(list, name, &fm::listed_object::name);
    if (found == list.end()) return std::nullopt;
    return *found;
}

} // namespace

TEST(list, shows_a_live_object_and_forgets_a_closed_one) {
    const std::string name = unique_name();
    auto mapping = fm::mapping::create(name, 12288);
    const auto found = find(name, fm::list_flags::none);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->kind, fm::kind::mapping);
    EXPECT_EQ(found->size, 12288u);
    EXPECT_EQ(found->namespace_of, fm::list_flags::local);
    EXPECT_FALSE(found->dead);
    EXPECT_EQ(found->holders.value_or(1), 1u);
    mapping.close();
    EXPECT_FALSE(find(name, fm::list_flags::none).has_value());
}

TEST(list, keeps_to_the_namespace_asked_for) {
    const std::string name = unique_name();
    const auto mapping = fm::mapping::create(name, 4096);
    EXPECT_TRUE(find(name, fm::list_flags::local).has_value());
    EXPECT_FALSE(find(name, fm::list_flags::global).has_value());
}

TEST(list, shows_each_object_once_in_a_range_for) {
    const std::string first = unique_name();
    const std::string second = unique_name() + std::string(500, 'n');
    const auto one = fm::mapping::create(first, 4096);
    const auto two = fm::mapping::create(second, 4096);
    int ones = 0;
    int twos = 0;
    for (const fm::listed_object &object : fm::object_list(fm::list_flags::local)) {
        ones += object.name == first;
        twos += object.name == second;
    }
    EXPECT_EQ(ones, 1);
    EXPECT_EQ(twos, 1);
}

TEST(list, works_with_range_adaptors) {
    const std::string name = unique_name();
    const auto mapping = fm::mapping::create(name, 4096);
    fm::object_list list(fm::list_flags::local);
    auto names = list | std::views::filter([&](const fm::listed_object &object) { return object.name == name; }) |
                 std::views::transform(&fm::listed_object::name);
    EXPECT_EQ(std::ranges::distance(names), 1);
}

TEST(list, unknown_flags_are_refused) {
    EXPECT_EQ(error_of([] { (void)fm::object_list(static_cast<fm::list_flags>(0x100)); }).code(),
              fm::errc::invalid_argument);
}

TEST(sweep, leaves_live_objects_alone) {
    const std::string name = unique_name();
    const auto mapping = fm::mapping::create(name, 4096);
    (void)fm::sweep();
    EXPECT_TRUE(find(name, fm::list_flags::local).has_value());
    EXPECT_EQ(fm::mapping::open(name).size(), 4096u);
}

TEST(library, tells_version_and_sizes) {
    EXPECT_EQ(fm::version(), std::uint32_t{FM_VERSION});
    EXPECT_EQ(fm::version_string(), fm_version_string());
    EXPECT_EQ(fm::page_size(), fm_page_size());
    EXPECT_EQ(fm::allocation_granularity() % fm::page_size(), 0u);
    EXPECT_EQ(fm::large_page_size() % fm::page_size(), 0u);
}

TEST(flags, combine_and_take_away) {
    fm::access rights = fm::access::read;
    rights |= fm::access::write;
    EXPECT_TRUE(has(rights, fm::access::read | fm::access::write));
    rights &= ~fm::access::read;
    EXPECT_EQ(rights, fm::access::write);
}
