// Statements C on mappings of real files.
#include "support/files.hpp"
#include "support/test.hpp"

#include <exception>

namespace fm::test {

namespace {

fm_create_options by_path(const temp_file &file, uint32_t protection = 0) {
    fm_create_options with = options(0, protection);
    with.file_path = file.path().c_str();
    return with;
}

fm_create_options by_value(const open_file &file, uint32_t protection = 0) {
    fm_create_options with = options(FM_FILE, protection);
    with.file = file.value();
    return with;
}

bool can_open(const std::string &path, file_access access) {
    try {
        const open_file file(path, access);
        return true;
    } catch (const std::exception &) {
        return false;
    }
}

fm_status try_create(uint64_t size, const fm_create_options &with) {
    handle made;
    return fm_create(nullptr, size, &with, made.out());
}

} // namespace

TEST(create_file, c2_size_zero_takes_the_files_size) {
    for (const uint64_t size : {1u, 100u, 4096u, 5000u, 70000u}) {
        const temp_file file(size);
        const handle made = created("", 0, by_path(file));
        EXPECT_EQ(size, queried(made).size);
        EXPECT_TRUE(queried(made).flags & FM_FILE);
        EXPECT_EQ(size, fm_view_size(mapped(made)));
        EXPECT_EQ(size, file.size());
    }
}

TEST(create_file, c3_empty_file_and_size_zero) {
    const temp_file file;
    EXPECT_STATUS(FM_E_FILE_INVALID, try_create(0, by_path(file)));
    const open_file open(file.path(), file_access::read_write);
    EXPECT_STATUS(FM_E_FILE_INVALID, try_create(0, by_value(open)));
    EXPECT_EQ(0u, file.size());
}

TEST(create_file, c4_a_larger_size_extends_the_file_at_once) {
    temp_file file;
    file.write(0, "begin");
    const handle made = created("", 10000, by_path(file));
    EXPECT_EQ(10000u, file.size());
    EXPECT_EQ(10000u, queried(made).size);
    const view whole = mapped(made);
    EXPECT_EQ("begin", read_text(whole, 0, 5));
    write_text(whole, 9997, "end");
    EXPECT_EQ("end", read_text(mapped(made, FM_ACCESS_READ, 9997), 0, 3));
}

TEST(create_file, c4_an_empty_file_grows) {
    const temp_file file;
    const open_file open(file.path(), file_access::read_write);
    const handle made = created("", 4097, by_value(open));
    EXPECT_EQ(4097u, file.size());
    EXPECT_EQ(4097u, queried(made).size);
}

TEST(create_file, c5_a_read_only_mapping_cannot_grow_its_file) {
    const temp_file file(100);
    for (const uint32_t protection : {FM_PROTECT_READ, FM_PROTECT_WRITE_COPY}) {
        EXPECT_STATUS(FM_E_NO_MEMORY, try_create(101, by_path(file, protection)));
        EXPECT_STATUS(FM_E_NO_MEMORY, try_create(100000, by_path(file, protection)));
        EXPECT_STATUS(FM_OK, try_create(100, by_path(file, protection)));
    }
    EXPECT_EQ(100u, file.size());
}

TEST(create_file, c6_a_smaller_size_is_all_that_can_be_mapped) {
    temp_file file(10000);
    file.write(4990, "0123456789abcdef");
    const handle made = created("", 5000, by_path(file));
    EXPECT_EQ(5000u, queried(made).size);
    EXPECT_EQ(10000u, file.size());
    EXPECT_EQ("0123456789", read_text(mapped(made, FM_ACCESS_READ, 4990, 10), 0, 10));
    EXPECT_STATUS(FM_E_OUT_OF_RANGE, try_map(made, FM_ACCESS_READ, 4990, 11));
    EXPECT_STATUS(FM_E_OUT_OF_RANGE, try_map(made, FM_ACCESS_READ, 5000, 1));
}

TEST(create_file, c8_a_file_mapping_keeps_its_exact_size) {
    const temp_file file(12345);
    const std::string name = unique_name();
    const handle made = created(name, 0, by_path(file));
    EXPECT_EQ(12345u, queried(made).size);
    const handle other = opened(name, FM_ACCESS_READ);
    EXPECT_EQ(12345u, queried(other).size);
    EXPECT_EQ(12345u, fm_view_size(mapped(other, FM_ACCESS_READ)));
    EXPECT_STATUS(FM_E_OUT_OF_RANGE, try_map(other, FM_ACCESS_READ, 0, 12346));
}

TEST(create_file, c9_an_existing_object_ignores_the_file_given) {
    temp_file mapped_file(100), other_file(20000);
    mapped_file.write(0, "mapped");
    const std::string name = unique_name();
    const handle first = created(name, 0, by_path(mapped_file));
    const fm_create_options with = by_path(other_file);
    handle again;
    ASSERT_STATUS(FM_EXISTED, fm_create(name.c_str(), 0, &with, again.out()));
    EXPECT_EQ(100u, queried(again).size);
    EXPECT_EQ("mapped", read_text(mapped(again), 0, 6));
}

TEST(create_file, c11_write_copy_is_read) {
    temp_file file(100);
    file.write(0, "original");
    const open_file reading(file.path(), file_access::read);
    const handle made = created("", 0, by_value(reading, FM_PROTECT_WRITE_COPY));
    EXPECT_STATUS(FM_OK, try_map(made, FM_ACCESS_READ));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, try_map(made, FM_ACCESS_WRITE));
    const view copy = mapped(made, FM_ACCESS_COPY);
    write_text(copy, 0, "changed!");
    EXPECT_EQ("changed!", read_text(copy, 0, 8));
    EXPECT_EQ("original", file.read(0, 8));
}

TEST(create_file, c12_c13_the_file_handle_must_allow_the_protection) {
    const temp_file file(4096);
    const open_file nothing(file.path(), file_access::none), reading(file.path(), file_access::read),
        writing(file.path(), file_access::read_write);
    for (const uint32_t protection : {FM_PROTECT_READ, FM_PROTECT_READ_WRITE, FM_PROTECT_WRITE_COPY}) {
        SCOPED_TRACE(protection);
        const bool writes = protection == FM_PROTECT_READ_WRITE;
        EXPECT_STATUS(FM_E_ACCESS_DENIED, try_create(0, by_value(nothing, protection)));
        EXPECT_STATUS(writes ? FM_E_ACCESS_DENIED : FM_OK, try_create(0, by_value(reading, protection)));
        EXPECT_STATUS(FM_OK, try_create(0, by_value(writing, protection)));
    }
    EXPECT_STATUS(FM_E_ACCESS_DENIED, try_create(8192, by_value(reading))); // and nothing has grown
    EXPECT_EQ(4096u, file.size());
}

TEST(create_file, c17_large_pages_are_for_memory) {
    const temp_file file(4 << 20);
    fm_create_options with = by_path(file);
    with.flags = FM_LARGE_PAGES;
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, try_create(0, with));
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, try_create(std::max<uint64_t>(2 << 20, fm_large_page_size()), with));
}

TEST(create_file, c21_reserve_means_nothing_for_a_file) {
    temp_file file(5000);
    file.write(0, "here");
    fm_create_options with = by_path(file);
    with.flags = FM_RESERVE;
    const handle made = created("", 0, with);
    EXPECT_EQ("here", read_text(mapped(made), 0, 4));
    EXPECT_STATUS(FM_OK, fm_commit(made, 0, 0));
}

TEST(create_file, the_callers_file_is_only_borrowed) {
    temp_file file(100);
    open_file open(file.path(), file_access::read_write);
    handle made = created("", 0, by_value(open));
    made.close();
    made = created("", 0, by_value(open)); // it is still open
    open.close();
    const view whole = mapped(made); // and need not be
    write_text(whole, 0, "written");
    EXPECT_STATUS(FM_OK, fm_flush(whole, 0, 0));
    EXPECT_EQ("written", file.read(0, 7));
}

TEST(create_file, named_mapping_of_a_file_is_shared_by_name) {
    temp_file file(5000);
    const std::string name = unique_name();
    handle made = created(name, 0, by_path(file));
    const handle other = opened(name);
    EXPECT_TRUE(queried(other).flags & FM_FILE);
    write_text(mapped(made), 4990, "0123456789");
    EXPECT_EQ("0123456789", read_text(mapped(other), 4990, 10));
    const view reader = mapped(opened(name, FM_ACCESS_READ), FM_ACCESS_READ);
    EXPECT_EQ("0123456789", read_text(reader, 4990, 10));
}

TEST(create_file, name_of_a_file_mapping_dies_and_the_file_stays) {
    temp_file file(100);
    const std::string name = unique_name();
    handle made = created(name, 0, by_path(file));
    write_text(mapped(made), 0, "stays");
    made.close();
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
    EXPECT_EQ("stays", file.read(0, 5));
    EXPECT_EQ(100u, file.size());
}

TEST(create_file, missing_folder_or_file) {
    const std::string missing = unused_path(), deep = missing + "/file";
    for (const std::string &path : {missing, deep}) {
        fm_create_options with = options();
        with.file_path = path.c_str();
        fm_handle none = poison<fm_handle>();
        const std::string name = unique_name();
        EXPECT_STATUS(FM_E_NOT_FOUND, fm_create(name.c_str(), 4096, &with, &none));
        EXPECT_EQ(poison<fm_handle>(), none);
        EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
        EXPECT_NE(std::string::npos, last_error().find("fm_open")) << last_error();
    }
}

TEST(create_file, a_folder_is_no_file) {
    const std::string folder = temp_folder();
    fm_create_options with = options(0, FM_PROTECT_READ);
    with.file_path = folder.c_str();
    const fm_status read = try_create(4096, with);
    with.protection = FM_PROTECT_READ_WRITE;
    const fm_status write = try_create(4096, with);
    if (on_windows()) { // CreateFileW refuses folders with 5
        EXPECT_TRUE(read == FM_E_ACCESS_DENIED || read == FM_E_FILE_INVALID) << describe(read);
        EXPECT_TRUE(write == FM_E_ACCESS_DENIED || write == FM_E_FILE_INVALID) << describe(write);
    } else {
        EXPECT_STATUS(FM_E_FILE_INVALID, read);
        EXPECT_STATUS(FM_E_FILE_INVALID, write);
    }
}

TEST(create_file, a_file_that_is_not_open) {
    fm_create_options with = options(FM_FILE);
    for (const int64_t bad : {INT64_C(-1), INT64_C(0x7ffffff0), INT64_C(0x7fffffff00000000), INT64_MIN}) {
        with.file = bad;
        fm_handle none = poison<fm_handle>();
        const fm_status status = fm_create(nullptr, 4096, &with, &none);
        EXPECT_LT(status, 0) << bad;
        EXPECT_EQ(poison<fm_handle>(), none);
    }
}

TEST(create_file, file_and_path_contradict_each_other) {
    const temp_file file(100);
    const open_file open(file.path(), file_access::read_write);
    fm_create_options with = by_value(open);
    with.file_path = file.path().c_str();
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, try_create(0, with));
    with.flags = 0; // `file` alone says it too, unless it is 0
    EXPECT_STATUS(FM_E_INVALID_ARGUMENT, try_create(0, with));
}

TEST(create_file, a_read_only_file_is_mapped_for_writing_by_none_but_who_may_write_it) {
    temp_file file(100);
    make_read_only(file.path());
    const bool may_write = can_open(file.path(), file_access::read_write); // root may, also in Wine
    EXPECT_STATUS(may_write ? FM_OK : FM_E_ACCESS_DENIED, try_create(0, by_path(file)));
    EXPECT_STATUS(may_write ? FM_OK : FM_E_ACCESS_DENIED, try_create(200, by_path(file)));
    EXPECT_EQ(may_write ? 200u : 100u, file.size());
    EXPECT_STATUS(FM_OK, try_create(0, by_path(file, FM_PROTECT_READ)));
}

TEST(create_file, a_path_that_is_not_utf8) {
    for (const char *path : {"\xff", "/tmp/\xc3", "\xed\xa0\x80"}) {
        fm_create_options with = options();
        with.file_path = path;
        fm_handle none = poison<fm_handle>();
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_create(nullptr, 4096, &with, &none));
        EXPECT_EQ(poison<fm_handle>(), none);
    }
}

} // namespace fm::test
