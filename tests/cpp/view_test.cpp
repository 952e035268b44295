// Views: their memory as spans, copying of objects and sequences, and how long they last.
#include "support.hpp"

#include <array>
#include <numeric>
#include <vector>

static_assert(std::is_nothrow_move_constructible_v<fm::view> && std::is_nothrow_move_assignable_v<fm::view>);
static_assert(!std::is_copy_constructible_v<fm::view> && !std::is_copy_assignable_v<fm::view>);

namespace {

struct record {
    std::int32_t id;
    double value;
    bool operator==(const record &) const = default;
};

template <class T>
concept writable = requires(const fm::view &view, const T &value) { view.write(0, value); };
template <class T>
concept readable = requires(const fm::view &view) { view.read<T>(0); };

static_assert(writable<record> && writable<std::array<int, 4>> && writable<std::vector<int>> && writable<std::string>);
static_assert(!writable<const char *> && !readable<const char *>, "an address means nothing in another process");
static_assert(!readable<std::string_view> && !readable<std::string>);

} // namespace

TEST(view, spans_the_range_asked_for) {
    const auto mapping = fm::mapping::create_unnamed(8192);
    const auto view = mapping.map(fm::access::write, 100, 1000);
    EXPECT_EQ(view.size(), 1000u);
    EXPECT_EQ(view.bytes().data(), view.data());
    EXPECT_EQ(view.bytes().size(), 1000u);
    EXPECT_EQ(mapping.map(fm::access::read, 100).size(), 8192u - 100u);
}

TEST(view, two_views_show_the_same_memory) {
    const auto mapping = fm::mapping::create_unnamed(8192);
    const auto first = mapping.map(fm::access::write);
    const auto second = mapping.map(fm::access::read, 5000);
    first.bytes()[5003] = std::byte{77};
    EXPECT_EQ(second.bytes()[3], std::byte{77});
}

TEST(view, outlives_its_mapping) {
    auto mapping = fm::mapping::create_unnamed(4096);
    const auto view = mapping.map(fm::access::write);
    mapping.close();
    view.write(0, 5);
    EXPECT_EQ(view.as<int>()[0], 5);
}

TEST(view, move_leaves_an_empty_view) {
    const auto mapping = fm::mapping::create_unnamed(4096);
    auto first = mapping.map(fm::access::write);
    std::byte *const data = first.data();
    auto second = std::move(first);
    EXPECT_FALSE(first); // NOLINT(bugprone-use-after-move): empty after a move is what is promised
    EXPECT_EQ(first.data(), nullptr);
    EXPECT_TRUE(first.bytes().empty());
    EXPECT_EQ(second.data(), data);
    const fm_view replaced = second.native_handle();
    second = mapping.map(fm::access::read);
    EXPECT_EQ(fm_view_size(replaced), 0u);
    EXPECT_TRUE(second);
}

TEST(view, destructor_and_unmap_end_it) {
    const auto mapping = fm::mapping::create_unnamed(4096);
    fm_view native = nullptr;
    {
        const auto view = mapping.map(fm::access::read);
        native = view.native_handle();
    }
    EXPECT_EQ(fm_unmap(native), FM_E_INVALID_HANDLE);

    auto view = mapping.map(fm::access::read);
    native = view.native_handle();
    view.unmap();
    EXPECT_FALSE(view);
    EXPECT_EQ(fm_unmap(native), FM_E_INVALID_HANDLE);
    EXPECT_NO_THROW(view.unmap());
}

TEST(view, release_and_adopt) {
    const auto mapping = fm::mapping::create_unnamed(4096);
    auto view = mapping.map(fm::access::write, 16, 64);
    std::byte *const data = view.data();
    const fm::view adopted(view.release());
    EXPECT_FALSE(view);
    EXPECT_EQ(adopted.data(), data);
    EXPECT_EQ(adopted.size(), 64u);
}

TEST(view, unmap_reports_a_stolen_view) {
    auto view = fm::mapping::create_unnamed(4096).map(fm::access::read);
    ASSERT_EQ(fm_unmap(view.native_handle()), FM_OK);
    EXPECT_EQ(error_of([&] { view.unmap(); }).code(), fm::errc::invalid_handle);
}

TEST(view, typed_span_over_all_and_part) {
    const auto view = fm::mapping::create_unnamed(4096).map(fm::access::write, 0, 1002);
    const std::span<int> all = view.as<int>();
    EXPECT_EQ(all.size(), 250u);
    std::iota(all.begin(), all.end(), 0);
    const std::span<const int> part = view.as<const int>(40, 5);
    EXPECT_EQ(part.size(), 5u);
    EXPECT_EQ(part[0], 10);
    EXPECT_TRUE(view.as<int>(1000).empty());
    EXPECT_TRUE(view.as<char>(1002).empty());
}

TEST(view, typed_span_checks_range_and_alignment) {
    const auto view = fm::mapping::create_unnamed(4096).map(fm::access::write);
    EXPECT_EQ(error_of([&] { (void)view.as<int>(1); }).code(), fm::errc::not_aligned);
    EXPECT_EQ(error_of([&] { (void)view.as<int>(4097); }).code(), fm::errc::out_of_range);
    EXPECT_EQ(error_of([&] { (void)view.as<int>(0, 1025); }).code(), fm::errc::out_of_range);
    EXPECT_EQ(error_of([&] { (void)view.as<int>(0, fm::view::to_end - 1); }).code(), fm::errc::out_of_range);
    EXPECT_NO_THROW((void)view.as<char>(1));

    const auto odd = fm::mapping::create_unnamed(4096).map(fm::access::write, 1);
    EXPECT_EQ(error_of([&] { (void)odd.as<int>(); }).code(), fm::errc::not_aligned);
    EXPECT_NO_THROW((void)odd.as<int>(3));
}

TEST(view, objects_at_any_offset) {
    const auto view = fm::mapping::create_unnamed(4096).map(fm::access::write);
    const record written{7, 2.5};
    view.write(3, written);
    EXPECT_EQ(view.read<record>(3), written);
    EXPECT_EQ((view.read<std::array<char, 2>>(100)), (std::array<char, 2>{}));
}

TEST(view, sequences_and_arrays) {
    const auto view = fm::mapping::create_unnamed(4096).map(fm::access::write);
    const std::vector<int> written{1, 2, 3, 4};
    view.write(10, written);
    std::vector<int> back(4);
    view.read(10, back);
    EXPECT_EQ(back, written);
    std::array<int, 2> middle{};
    view.read(14, std::span(middle));
    EXPECT_EQ(middle, (std::array{2, 3}));

    view.write(100, "literal");
    EXPECT_STREQ(reinterpret_cast<const char *>(view.data() + 100), "literal");
    view.write(200, std::u16string_view(u"text"));
    std::u16string text(4, u' ');
    view.read(200, text);
    EXPECT_EQ(text, u"text");
    EXPECT_NO_THROW(view.write(0, std::vector<int>()));
}

TEST(view, copying_checks_range_and_access) {
    const auto mapping = fm::mapping::create_unnamed(4096);
    const auto writer = mapping.map(fm::access::write, 0, 100);
    EXPECT_EQ(error_of([&] { writer.write(97, 1); }).code(), fm::errc::out_of_range);
    EXPECT_EQ(error_of([&] { (void)writer.read<int>(97); }).code(), fm::errc::out_of_range);
    const auto reader = mapping.map(fm::access::read);
    EXPECT_EQ(error_of([&] { reader.write(0, 1); }).code(), fm::errc::access_denied);
    EXPECT_EQ(error_of([] { (void)fm::view().read<int>(0); }).code(), fm::errc::invalid_handle);
}

TEST(view, copy_on_write_stays_private) {
    const auto mapping = fm::mapping::create_unnamed(4096);
    const auto shared = mapping.map(fm::access::write);
    const auto copy = mapping.map(fm::access::copy);
    copy.write(0, 9);
    EXPECT_EQ(copy.read<int>(), 9);
    EXPECT_EQ(shared.read<int>(), 0);
}

TEST(view, flush_and_prefetch_check_their_range) {
    const auto view = fm::mapping::create_unnamed(8192).map(fm::access::write);
    EXPECT_NO_THROW(view.flush());
    EXPECT_NO_THROW(view.flush(100, 200));
    EXPECT_NO_THROW(view.prefetch());
    EXPECT_EQ(error_of([&] { view.flush(8192, 1); }).code(), fm::errc::out_of_range);
    EXPECT_EQ(error_of([&] { view.prefetch(8000, 1000); }).code(), fm::errc::out_of_range);
}

TEST(view, map_at_an_address) {
    const std::uint64_t granularity = fm::allocation_granularity();
    const auto mapping = fm::mapping::create_unnamed(4 * granularity);
    auto somewhere = mapping.map(fm::access::write, 0, granularity);
    somewhere.write(0, 3);
    void *const address = somewhere.data();
    EXPECT_EQ(error_of([&] { (void)mapping.map_at(address, fm::access::read, 0, granularity); }).code(),
              fm::errc::address_in_use);
    EXPECT_EQ(error_of([&] { (void)mapping.map_at(address, fm::access::read, 1, granularity); }).code(),
              fm::errc::not_aligned);
    somewhere.unmap();
    const auto there = mapping.map_at(address, fm::access::read, 0, granularity);
    EXPECT_EQ(there.data(), address);
    EXPECT_EQ(there.read<int>(), 3);
}
