// fm_read and fm_write: bounds, access, nothing to copy.
#include "support/test.hpp"

namespace fm::test {

TEST(read_write, whole_and_parts) {
    const view whole = mapped(unnamed(65536));
    std::string pattern(65536, '\0');
    for (std::size_t i = 0; i < pattern.size(); ++i) pattern[i] = static_cast<char>(i * 31 + i / 256);
    write_text(whole, 0, pattern);
    EXPECT_EQ(pattern, read_text(whole, 0, 65536));
    EXPECT_EQ(pattern, std::string(bytes_of(whole), 65536));
    for (const auto &[offset, size] :
         {std::pair<uint64_t, uint64_t>{0, 1}, {65535, 1}, {1, 65535}, {4095, 2}, {12345, 32}}) {
        EXPECT_EQ(pattern.substr(offset, size), read_text(whole, offset, size));
    }
}

TEST(read_write, bounds) {
    const view part = mapped(unnamed(65536), FM_ACCESS_WRITE, 100, 1000); // the mapping goes on, the view does not
    std::string bytes(2000, '#');
    const std::pair<uint64_t, uint64_t> bad[] = {{0, 1001},
                                                 {1000, 1},
                                                 {999, 2},
                                                 {1001, 0},
                                                 {UINT64_MAX, 1},
                                                 {1, UINT64_MAX},
                                                 {UINT64_MAX, 2},
                                                 {UINT64_MAX, 0},
                                                 {UINT64_C(1) << 32, 1},
                                                 {UINT64_C(1) << 63, 1}};
    for (const auto &[offset, size] : bad) {
        EXPECT_STATUS(FM_E_OUT_OF_RANGE, fm_read(part, offset, bytes.data(), size)) << offset << " " << size;
        EXPECT_STATUS(FM_E_OUT_OF_RANGE, fm_write(part, offset, bytes.data(), size)) << offset << " " << size;
    }
    EXPECT_EQ(std::string(2000, '#'), bytes);
    EXPECT_EQ(std::string(1000, '\0'), read_text(part, 0, 1000)); // nothing was copied, not even what fits
}

TEST(read_write, zero_bytes) {
    const view part = mapped(unnamed(), FM_ACCESS_WRITE, 0, 1000);
    EXPECT_STATUS(FM_OK, fm_read(part, 0, nullptr, 0));
    EXPECT_STATUS(FM_OK, fm_write(part, 0, nullptr, 0));
    EXPECT_STATUS(FM_OK, fm_read(part, 1000, nullptr, 0)); // the end itself is within
    EXPECT_STATUS(FM_OK, fm_write(part, 1000, nullptr, 0));
}

TEST(read_write, access) {
    const handle made = unnamed();
    const view reader = mapped(made, FM_ACCESS_READ), copy = mapped(made, FM_ACCESS_COPY), closed = mapped(made, 0);
    char byte = 'x';
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_write(reader, 0, &byte, 1));
    EXPECT_STATUS(FM_OK, fm_read(reader, 0, &byte, 1));
    EXPECT_EQ('\0', byte);
    EXPECT_STATUS(FM_OK, fm_write(copy, 0, "y", 1));
    EXPECT_EQ("y", read_text(copy, 0, 1));
    byte = 'x';
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_read(closed, 0, &byte, 1));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_write(closed, 0, &byte, 1));
    EXPECT_EQ('x', byte);
}

TEST(read_write, success_leaves_the_last_error) {
    const view part = mapped(unnamed());
    EXPECT_STATUS(FM_E_OUT_OF_RANGE, fm_write(part, 0, "x", 1000000));
    const std::string before = last_error();
    write_text(part, 0, "fine");
    EXPECT_EQ(before, last_error());
    EXPECT_EQ(0, fm_last_os_error());
}

TEST(read_write, data_and_size_of_a_view) {
    const view part = mapped(unnamed(65536), FM_ACCESS_WRITE, 3, 77);
    EXPECT_EQ(77u, fm_view_size(part));
    ASSERT_NE(nullptr, fm_view_data(part));
    std::memcpy(fm_view_data(part), "direct", 6);
    EXPECT_EQ("direct", read_text(part, 0, 6));
}

} // namespace fm::test
