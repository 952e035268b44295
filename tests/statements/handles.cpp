// Statements U, F and H: unmapping, flushing, duplicating, closing.
#include "support/files.hpp"
#include "support/test.hpp"

namespace fm::test {

TEST(unmap, u2_second_unmap_is_an_error) {
    const handle made = unnamed();
    fm_view gone = mapped(made).release();
    EXPECT_STATUS(FM_OK, fm_unmap(gone));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_unmap(gone));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_unmap(nullptr));
    int own_memory = 0;
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_unmap(reinterpret_cast<fm_view>(&own_memory)));
    const view open = mapped(made);
    EXPECT_STATUS(FM_E_INVALID_HANDLE,
                  fm_unmap(reinterpret_cast<fm_view>(fm_view_data(open)))); // an address is no view
}

TEST(unmap, u3_what_was_written_reaches_the_file_without_a_flush) {
    const temp_file file(5000);
    fm_create_options with = options();
    with.file_path = file.path().c_str();
    view last;
    {
        const handle made = created("", 0, with);
        last = mapped(made);
        write_text(last, 4000, "written later");
    }
    last.close();
    EXPECT_EQ("written later", read_text(mapped(created("", 0, with)), 4000, 13));
}

TEST(flush, f1_f2_flush_writes_the_range) {
    temp_file file(200000);
    fm_create_options with = options();
    with.file_path = file.path().c_str();
    const handle made = created("", 0, with);
    const view whole = mapped(made);
    write_text(whole, 0, "first");
    write_text(whole, 199990, "last bytes");
    EXPECT_STATUS(FM_OK, fm_flush(whole, 0, 0)); // 0 = to the end
    EXPECT_EQ("first", file.read(0, 5));
    EXPECT_EQ("last bytes", file.read(199990, 10));
    const view part = mapped(made, FM_ACCESS_WRITE, 70001, 1000); // neither end on a page
    write_text(part, 990, "unaligned!");
    EXPECT_STATUS(FM_OK, fm_flush(part, 990, 10));
    EXPECT_EQ("unaligned!", file.read(70991, 10));
    EXPECT_STATUS(FM_OK, fm_flush(mapped(made, FM_ACCESS_READ), 0, 0));
}

TEST(flush, f2_memory_has_nothing_to_flush) {
    EXPECT_STATUS(FM_OK, fm_flush(mapped(unnamed()), 0, 0));
    EXPECT_STATUS(FM_OK, fm_flush(mapped(created(unique_name())), 0, 1));
}

TEST(flush, f3_flush_outside_a_view) {
    const view part = mapped(unnamed(65536), FM_ACCESS_WRITE, 0, 10000);
    EXPECT_STATUS(FM_E_OUT_OF_RANGE, fm_flush(part, 0, 10001));
    EXPECT_STATUS(FM_E_OUT_OF_RANGE, fm_flush(part, 10001, 0));
    EXPECT_STATUS(FM_E_OUT_OF_RANGE, fm_flush(part, 9999, 2));
    EXPECT_STATUS(FM_E_OUT_OF_RANGE, fm_flush(part, UINT64_MAX, 2));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_flush(nullptr, 0, 0));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_flush(poison<fm_view>(), 0, 0));
}

TEST(duplicate, h1_refers_to_the_same_object) {
    handle first = unnamed();
    const handle second = duplicated(first, 0, FM_DUPLICATE_SAME_ACCESS);
    write_text(mapped(first), 0, "same");
    first.close();
    EXPECT_EQ("same", read_text(mapped(second), 0, 4));
    EXPECT_EQ(FM_KIND_MAPPING, queried(second).kind);
}

TEST(duplicate, h2_same_access_ignores_access) {
    const std::string name = unique_name();
    const handle made = created(name);
    const handle reader = opened(name, FM_ACCESS_READ);
    const handle same = duplicated(reader, FM_ACCESS_WRITE | 0x40000000u, FM_DUPLICATE_SAME_ACCESS);
    EXPECT_STATUS(FM_OK, try_map(same, FM_ACCESS_READ));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, try_map(same, FM_ACCESS_WRITE));
    EXPECT_EQ(queried(reader).access, queried(same).access);
}

TEST(duplicate, h2_close_source_closes_it) {
    const std::string name = unique_name();
    const fm_handle source = created(name).release();
    handle moved;
    ASSERT_STATUS(FM_OK, fm_duplicate(source, 0, FM_DUPLICATE_SAME_ACCESS | FM_DUPLICATE_CLOSE_SOURCE, moved.out()));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_close(source));
    EXPECT_STATUS(FM_OK, try_open(name)); // the name went over without a gap
    moved.close();
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
}

TEST(duplicate, h2_close_source_closes_it_whatever_the_outcome) {
    const std::string name = unique_name();
    const handle made = created(name);
    fm_handle none = poison<fm_handle>();
    const fm_handle denied = opened(name, FM_ACCESS_READ).release();
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_duplicate(denied, FM_ACCESS_WRITE, FM_DUPLICATE_CLOSE_SOURCE, &none));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_close(denied));
    const fm_handle wrong = opened(name, FM_ACCESS_READ).release();
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_duplicate(wrong, FM_ACCESS_READ, FM_DUPLICATE_CLOSE_SOURCE, nullptr));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_close(wrong));
    EXPECT_EQ(poison<fm_handle>(), none);
}

TEST(duplicate, h3_fewer_rights_give_a_weaker_handle) {
    const handle made = unnamed();
    const handle reader = duplicated(made, FM_ACCESS_READ);
    EXPECT_STATUS(FM_OK, try_map(reader, FM_ACCESS_READ));
    EXPECT_STATUS(FM_OK, try_map(reader, FM_ACCESS_COPY));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, try_map(reader, FM_ACCESS_WRITE));
    const handle writer = duplicated(made, FM_ACCESS_WRITE);
    EXPECT_STATUS(FM_OK, try_map(writer, FM_ACCESS_WRITE));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, try_map(writer, FM_ACCESS_READ));
    const handle nothing = duplicated(made, 0);
    for (const uint32_t access : {FM_ACCESS_READ, FM_ACCESS_WRITE, FM_ACCESS_COPY}) {
        EXPECT_STATUS(FM_E_ACCESS_DENIED, try_map(nothing, access));
    }
    EXPECT_EQ(FM_KIND_MAPPING, queried(nothing).kind);
}

TEST(duplicate, h3_rights_cannot_come_back) {
    const handle made = unnamed();
    const handle reader = duplicated(made, FM_ACCESS_READ);
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_duplicate(reader, FM_ACCESS_WRITE, 0, &none));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_duplicate(reader, FM_ACCESS_READ | FM_ACCESS_WRITE, 0, &none));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_duplicate(duplicated(made, 0), FM_ACCESS_READ, 0, &none));
    EXPECT_EQ(poison<fm_handle>(), none);
}

TEST(duplicate, bad_arguments) {
    const handle made = unnamed();
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_duplicate(made, FM_ACCESS_READ, 0x8, &none));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_duplicate(made, FM_ACCESS_READ, 0x80000000u, &none));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_duplicate(made, 0x40u, 0, &none));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_duplicate(made, FM_ACCESS_READ, 0, nullptr));
    EXPECT_EQ(poison<fm_handle>(), none);
    EXPECT_STATUS(FM_OK, try_map(made, FM_ACCESS_WRITE)); // without CLOSE_SOURCE the source stays
}

TEST(close, h5_closing_twice_is_an_error) {
    const fm_handle gone = unnamed().release();
    EXPECT_STATUS(FM_OK, fm_close(gone));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_close(gone));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_close(nullptr));
}

} // namespace fm::test
