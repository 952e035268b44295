// Statements V: views. The table of protections is in protection_table.cpp, what lies above 4 GiB in large.cpp; V17,
// which needs a process that may fault, in tests/process/faults.cpp.
#include "support/files.hpp"
#include "support/test.hpp"

namespace fm::test {

namespace {

char *address_plus(const view &of, int64_t bytes) {
    return bytes_of(of) + bytes;
}

fm_status try_map_at(fm_handle mapping, void *address, uint64_t offset = 0, uint64_t size = 0) {
    view made;
    return fm_map_at(mapping, FM_ACCESS_WRITE, offset, size, address, made.out());
}

fm_create_options by_path(const temp_file &file, uint32_t protection = 0) {
    fm_create_options with = options(0, protection);
    with.file_path = file.path().c_str();
    return with;
}

} // namespace

TEST(views, v1_write_includes_read) {
    const handle made = unnamed();
    for (const uint32_t access : {FM_ACCESS_WRITE, FM_ACCESS_READ | FM_ACCESS_WRITE, FM_ACCESS_ALL}) {
        const view both = mapped(made, access);
        write_text(both, 0, "text");
        EXPECT_EQ("text", read_text(both, 0, 4));
    }
}

TEST(views, v2_read_handle_gives_no_writable_view) {
    const std::string name = unique_name();
    const handle made = created(name);
    EXPECT_STATUS(FM_E_ACCESS_DENIED, try_map(opened(name, FM_ACCESS_READ), FM_ACCESS_WRITE));
}

TEST(views, v3_write_handle_gives_no_read_view) {
    const std::string name = unique_name();
    const handle made = created(name);
    const handle writer = opened(name, FM_ACCESS_WRITE);
    EXPECT_STATUS(FM_E_ACCESS_DENIED, try_map(writer, FM_ACCESS_READ));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, try_map(writer, FM_ACCESS_COPY));
    const view written = mapped(writer, FM_ACCESS_WRITE);
    write_text(written, 0, "both");
    EXPECT_EQ("both", read_text(written, 0, 4)); // for a view, writing includes reading
}

TEST(views, v4_access_zero_reserves_addresses) {
    const handle made = unnamed();
    const view closed = mapped(made, 0, 0, 100);
    EXPECT_NE(nullptr, fm_view_data(closed));
    EXPECT_EQ(100u, fm_view_size(closed));
    char byte = 'x';
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_read(closed, 0, &byte, 1));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_write(closed, 0, &byte, 1));
    EXPECT_EQ('x', byte);
    EXPECT_STATUS(FM_E_ACCESS_DENIED, try_map(duplicated(made, 0), 0));
}

TEST(views, v5_any_offset_shows_exactly_the_bytes_asked_for) {
    const handle made = unnamed(300000);
    const view whole = mapped(made);
    for (uint64_t offset = 0; offset < 300000; offset += 1009) {
        const std::string here = std::to_string(offset);
        write_text(whole, offset, here);
        const view part = mapped(made, FM_ACCESS_READ, offset, here.size());
        EXPECT_EQ(here.size(), fm_view_size(part));
        EXPECT_EQ(here, std::string(bytes_of(part), here.size()));
    }
}

TEST(views, v6_size_zero_reaches_to_the_end) {
    const handle made = unnamed(300000);
    const uint64_t size = queried(made).size;
    EXPECT_EQ(size, fm_view_size(mapped(made)));
    EXPECT_EQ(size - 65536, fm_view_size(mapped(made, FM_ACCESS_READ, 65536)));
    EXPECT_EQ(1u, fm_view_size(mapped(made, FM_ACCESS_READ, size - 1)));
}

TEST(views, v7_range_must_lie_within_the_mapping) {
    const handle made = unnamed(65536);
    const std::pair<uint64_t, uint64_t> bad[] = {{0, 65537},
                                                 {1, 65536},
                                                 {65536, 0},
                                                 {65536, 1},
                                                 {65537, 0},
                                                 {UINT64_MAX, 0},
                                                 {UINT64_MAX, 1},
                                                 {1, UINT64_MAX},
                                                 {0, UINT64_MAX},
                                                 {UINT64_MAX, UINT64_MAX},
                                                 {UINT64_C(1) << 32, 1},
                                                 {UINT64_C(1) << 63, UINT64_C(1) << 63}};
    for (const auto &[offset, size] : bad) {
        fm_view none = poison<fm_view>();
        EXPECT_STATUS(FM_E_OUT_OF_RANGE, fm_map(made, FM_ACCESS_READ, offset, size, &none)) << offset << " " << size;
        EXPECT_EQ(poison<fm_view>(), none);
    }
    EXPECT_STATUS(FM_OK, try_map(made, FM_ACCESS_READ, 65535, 1));
}

TEST(views, v8_size_need_not_be_whole_pages) {
    const handle made = unnamed(65536);
    for (const uint64_t size : {UINT64_C(1), UINT64_C(100), fm_page_size() - 1, fm_page_size() + 1}) {
        const view part = mapped(made, FM_ACCESS_WRITE, 0, size);
        EXPECT_EQ(size, fm_view_size(part));
        bytes_of(part)[size - 1] = 'x';
        EXPECT_STATUS(FM_E_OUT_OF_RANGE, fm_write(part, size, "x", 1));
    }
}

TEST(views, v9_at_an_address) {
    const uint64_t step = fm_allocation_granularity();
    const handle made = unnamed(4 * step);
    view first = mapped(made);
    char *address = bytes_of(first);
    write_text(first, step, "second step");

    EXPECT_STATUS(FM_E_ADDRESS_IN_USE, try_map_at(made, address));
    EXPECT_STATUS(FM_E_ADDRESS_IN_USE, try_map_at(made, address_plus(first, static_cast<int64_t>(step)), 0, step));
    EXPECT_STATUS(FM_E_ADDRESS_IN_USE, try_map_at(made, address_plus(first, -static_cast<int64_t>(step)), 0, 4 * step));
    EXPECT_EQ("second step", read_text(first, step, 11)); // nothing was replaced

    first.close();
    view placed;
    ASSERT_STATUS(FM_OK, fm_map_at(made, FM_ACCESS_READ, step, step, address, placed.out()));
    EXPECT_EQ(address, fm_view_data(placed));
    EXPECT_EQ(step, fm_view_size(placed));
    EXPECT_EQ("second step", read_text(placed, 0, 11));
}

TEST(views, v9_address_and_offset_must_be_aligned) {
    const uint64_t step = fm_allocation_granularity();
    const handle made = unnamed(4 * step);
    view probe = mapped(made);
    char *free_address = bytes_of(probe);
    probe.close();
    EXPECT_STATUS(FM_E_NOT_ALIGNED, try_map_at(made, free_address + 1));
    EXPECT_STATUS(FM_E_NOT_ALIGNED, try_map_at(made, free_address + step / 2));
    EXPECT_STATUS(FM_E_NOT_ALIGNED, try_map_at(made, free_address, 1, 1));
    EXPECT_STATUS(FM_E_NOT_ALIGNED, try_map_at(made, free_address, step / 2, step));
    fm_view none = poison<fm_view>();
    EXPECT_STATUS(FM_E_NOT_ALIGNED, fm_map_at(made, FM_ACCESS_READ, 1, 0, free_address, &none));
    EXPECT_STATUS(FM_E_OUT_OF_RANGE, fm_map_at(made, FM_ACCESS_READ, 4 * step, 0, free_address, &none));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_map_at(made, FM_ACCESS_EXECUTE, 0, 0, free_address, &none));
    EXPECT_EQ(poison<fm_view>(), none);
}

TEST(views, v9_where_no_user_memory_can_be) {
    const handle made = unnamed(65536);
    const uintptr_t top = ~static_cast<uintptr_t>(0xffff);
    const fm_status status = try_map_at(made, reinterpret_cast<void *>(top));
    EXPECT_TRUE(status == FM_E_ADDRESS_IN_USE || status == FM_E_NO_MEMORY) << describe(status);
}

TEST(views, v10_at_no_address_is_plain_map) {
    const handle made = unnamed(65536);
    view anywhere;
    ASSERT_STATUS(FM_OK, fm_map_at(made, FM_ACCESS_WRITE, 123, 7, nullptr, anywhere.out()));
    EXPECT_EQ(7u, fm_view_size(anywhere));
    write_text(anywhere, 0, "at 123!");
    EXPECT_EQ("at 123!", read_text(mapped(made), 123, 7));
}

TEST(views, v11_two_views_are_coherent) {
    const handle made = unnamed(200000);
    const view one = mapped(made), two = mapped(made), part = mapped(made, FM_ACCESS_READ, 100001, 10);
    EXPECT_NE(fm_view_data(one), fm_view_data(two));
    bytes_of(one)[100001] = 'a';
    EXPECT_EQ('a', bytes_of(two)[100001]);
    EXPECT_EQ('a', bytes_of(part)[0]);
    bytes_of(two)[100002] = 'b';
    EXPECT_EQ('b', bytes_of(one)[100002]);
    EXPECT_EQ("ab", read_text(part, 0, 2));
}

TEST(views, v11_views_of_two_handles_are_coherent) {
    const std::string name = unique_name();
    const handle made = created(name);
    const view one = mapped(made), two = mapped(opened(name)),
               three = mapped(duplicated(made, FM_ACCESS_READ), FM_ACCESS_READ);
    write_text(two, 5, "seen");
    EXPECT_EQ("seen", read_text(one, 5, 4));
    EXPECT_EQ("seen", read_text(three, 5, 4));
}

TEST(views, v12_mappings_of_one_file_are_coherent) {
    const temp_file file(70000);
    const handle first = created("", 0, by_path(file)), second = created(unique_name(), 0, by_path(file));
    const view one = mapped(first), two = mapped(second), late = mapped(second, FM_ACCESS_READ, 65536);
    write_text(one, 65540, "both see it");
    EXPECT_EQ("both see it", read_text(two, 65540, 11));
    EXPECT_EQ("both see it", read_text(late, 4, 11));
    write_text(two, 0, "and back");
    EXPECT_EQ("and back", read_text(one, 0, 8));
}

TEST(views, v13_copy_on_write_is_private) {
    temp_file file(9000);
    file.write(0, "original");
    for (const uint32_t protection : {FM_PROTECT_READ_WRITE, FM_PROTECT_WRITE_COPY, FM_PROTECT_READ}) {
        const handle made = created("", 0, by_path(file, protection));
        view copy = mapped(made, FM_ACCESS_COPY);
        const view other_copy = mapped(made, FM_ACCESS_COPY), reader = mapped(made, FM_ACCESS_READ);
        EXPECT_EQ("original", read_text(copy, 0, 8));
        write_text(copy, 0, "private!");
        EXPECT_STATUS(FM_OK, fm_flush(copy, 0, 0)); // there is nothing to write
        EXPECT_EQ("private!", read_text(copy, 0, 8));
        EXPECT_EQ("original", read_text(other_copy, 0, 8));
        EXPECT_EQ("original", read_text(reader, 0, 8));
        copy.close();
        EXPECT_EQ("original", file.read(0, 8));
        EXPECT_EQ("original", read_text(mapped(made, FM_ACCESS_COPY), 0, 8));
    }
}

TEST(views, v13_copy_of_memory_sees_pages_it_has_not_written) {
    const handle made = unnamed(4 * fm_page_size());
    const view shared = mapped(made), copy = mapped(made, FM_ACCESS_COPY);
    write_text(shared, 0, "one");
    EXPECT_EQ("one", read_text(copy, 0, 3));
    write_text(copy, 0, "two");
    EXPECT_EQ("one", read_text(shared, 0, 3));
}

TEST(views, v18_pages_that_are_gone_are_a_status) {
    const uint64_t step = fm_allocation_granularity();
    temp_file file(4 * step);
    file.write(0, "here");
    const handle made = created("", 0, by_path(file));
    const view whole = mapped(made);
    const bool cut = file.resize(step);
    char bytes[8] = "#######";
    if (cut) {
        EXPECT_STATUS(FM_E_IN_PAGE, fm_read(whole, 2 * step, bytes, 4));
        EXPECT_STATUS(FM_E_IN_PAGE, fm_write(whole, 2 * step, "lost", 4));
        EXPECT_STATUS(FM_E_IN_PAGE, fm_read(whole, step - 4, bytes, 8)); // half here, half gone
    }
    EXPECT_EQ("here", read_text(whole, 0, 4));
    if (on_windows() && differs_under_wine("V21: Wine lets the host cut a mapped file")) return;
    EXPECT_EQ(!on_windows(), cut); // V21: Windows refuses to cut what is mapped (1224)
}

TEST(views, v19_view_outlives_its_handle_in_either_order) {
    const std::string name = unique_name();
    handle made = created(name);
    view kept = mapped(made);
    write_text(kept, 0, "kept");
    made.close();
    EXPECT_EQ("kept", read_text(kept, 0, 4));
    EXPECT_EQ(std::string("kept"), std::string(bytes_of(kept), 4));
    write_text(kept, 0, "more");
    EXPECT_STATUS(FM_OK, fm_flush(kept, 0, 0));
    EXPECT_STATUS(FM_OK, fm_prefetch(kept, 0, 0));
    kept.close();

    handle again = created(name);
    view brief = mapped(again);
    brief.close();
    EXPECT_STATUS(FM_OK, try_map(again, FM_ACCESS_WRITE));
    again.close();
}

TEST(views, v20_file_view_outlives_file_and_handle) {
    temp_file file(5000);
    handle made = created("", 0, by_path(file));
    const view kept = mapped(made);
    made.close();
    write_text(kept, 4990, "0123456789");
    EXPECT_STATUS(FM_OK, fm_flush(kept, 0, 0));
    EXPECT_EQ("0123456789", file.read(4990, 10));
}

TEST(views, prefetch_checks_its_range) {
    const view part = mapped(unnamed(65536), FM_ACCESS_READ, 0, 10000);
    EXPECT_STATUS(FM_OK, fm_prefetch(part, 0, 0));
    EXPECT_STATUS(FM_OK, fm_prefetch(part, 4097, 100));
    EXPECT_STATUS(FM_OK, fm_prefetch(part, 9999, 1));
    EXPECT_STATUS(FM_E_OUT_OF_RANGE, fm_prefetch(part, 0, 10001));
    EXPECT_STATUS(FM_E_OUT_OF_RANGE, fm_prefetch(part, 10001, 0));
    EXPECT_STATUS(FM_E_OUT_OF_RANGE, fm_prefetch(part, 1, UINT64_MAX));
}

} // namespace fm::test
