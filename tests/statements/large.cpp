// Sizes and offsets above 4 GiB, where four well-known libraries are wrong. The memory is reserved and the file sparse,
// so that hardly any of it is ever touched.
#include "support/files.hpp"
#include "support/test.hpp"

namespace fm::test {

namespace {

constexpr uint64_t gib = UINT64_C(1) << 30;
/// Offsets whose halves would be swapped, cut or carried wrongly by a faulty split into 32 bit.
constexpr uint64_t places[] = {4 * gib - 50, 4 * gib, 4 * gib + 65536 - 5, 5 * gib - 7, 5 * gib + 12345};

bool fits_the_address_space() {
    return sizeof(void *) > 4;
}

} // namespace

TEST(large, reserved_memory_of_6_gib) {
    const std::string name = unique_name();
    const handle made = created(name, 6 * gib, options(FM_RESERVE));
    EXPECT_EQ(6 * gib, queried(made).size);
    const handle other = opened(name);
    EXPECT_EQ(6 * gib, queried(other).size);
    for (const uint64_t place : places) {
        SCOPED_TRACE(place);
        const std::string text = std::to_string(place);
        ASSERT_STATUS(FM_OK, fm_commit(made, place, text.size()));
        const view written = mapped(made, FM_ACCESS_WRITE, place, text.size());
        write_text(written, 0, text);
        EXPECT_EQ(text, read_text(mapped(other, FM_ACCESS_READ, place, text.size()), 0, text.size()));
    }
    for (const uint64_t place : places) { // and none has landed on another
        const std::string text = std::to_string(place);
        EXPECT_EQ(text, read_text(mapped(other, FM_ACCESS_READ, place, text.size()), 0, text.size()));
    }
}

TEST(large, one_view_of_6_gib) {
    const handle made = created("", 6 * gib, options(FM_RESERVE));
    ASSERT_STATUS(FM_OK, fm_commit(made, 4 * gib - 65536, gib));
    if (!fits_the_address_space()) {
        fm_view none = poison<fm_view>();
        EXPECT_STATUS(FM_E_NO_MEMORY, fm_map(made, FM_ACCESS_WRITE, 0, 0, &none));
        EXPECT_STATUS(FM_E_NO_MEMORY, fm_map(made, FM_ACCESS_WRITE, 0, 4 * gib + 5, &none));
        EXPECT_EQ(poison<fm_view>(), none);
        return;
    }
    const view whole = mapped(made);
    EXPECT_EQ(6 * gib, fm_view_size(whole));
    write_text(whole, 4 * gib + 1, "above");
    EXPECT_EQ("above", read_text(mapped(made, FM_ACCESS_READ, 4 * gib + 1, 5), 0, 5));
    EXPECT_EQ("above", read_text(mapped(made, FM_ACCESS_READ, 12345), 4 * gib + 1 - 12345, 5));
    EXPECT_EQ(5 * gib, fm_view_size(mapped(made, FM_ACCESS_READ, 0, 5 * gib)));
    EXPECT_STATUS(FM_E_OUT_OF_RANGE, fm_write(whole, 6 * gib - 1, "xx", 2));
    EXPECT_STATUS(FM_E_OUT_OF_RANGE, try_map(made, FM_ACCESS_READ, 6 * gib, 1));
    EXPECT_STATUS(FM_E_OUT_OF_RANGE, try_map(made, FM_ACCESS_READ, 0, 6 * gib + 1));
}

TEST(large, commit_of_the_last_byte) {
    const handle made = created("", 6 * gib, options(FM_RESERVE));
    ASSERT_STATUS(FM_OK, fm_commit(made, 6 * gib - 1, 1));
    const view last = mapped(made, FM_ACCESS_WRITE, 6 * gib - 1);
    EXPECT_EQ(1u, fm_view_size(last));
    write_text(last, 0, "z");
    EXPECT_STATUS(FM_E_OUT_OF_RANGE, fm_commit(made, 6 * gib - 1, 2));
    EXPECT_STATUS(FM_E_OUT_OF_RANGE, fm_commit(made, 6 * gib, 1));
}

TEST(large, file_of_5_gib) {
    temp_file file(5 * gib);
    file.write(4 * gib + 7, "in the file");
    fm_create_options with = options();
    with.file_path = file.path().c_str();
    const handle made = created("", 0, with);
    EXPECT_EQ(5 * gib, queried(made).size);
    const view part = mapped(made, FM_ACCESS_WRITE, 4 * gib + 7, 11);
    EXPECT_EQ("in the file", read_text(part, 0, 11));
    write_text(part, 0, "from a view");
    EXPECT_STATUS(FM_OK, fm_flush(part, 0, 0));
    EXPECT_EQ("from a view", file.read(4 * gib + 7, 11));
    EXPECT_EQ(std::string(11, '\0'), file.read(7, 11));
    const view end = mapped(made, FM_ACCESS_READ, 5 * gib - 10);
    EXPECT_EQ(10u, fm_view_size(end));
    EXPECT_STATUS(FM_E_OUT_OF_RANGE, try_map(made, FM_ACCESS_READ, 5 * gib - 10, 11));
}

TEST(large, file_grows_beyond_4_gib) {
    temp_file file(100);
    fm_create_options with = options();
    with.file_path = file.path().c_str();
    const handle made = created(unique_name(), 4 * gib + 4097, with);
    EXPECT_EQ(4 * gib + 4097, file.size());
    EXPECT_EQ(4 * gib + 4097, queried(made).size);
    write_text(mapped(made, FM_ACCESS_WRITE, 4 * gib + 4094), 0, "end");
    EXPECT_EQ("end", file.read(4 * gib + 4094, 3));
}

} // namespace fm::test
