// The table of section D.4: which view each protection allows, for memory, for names and for files.
#include "support/files.hpp"
#include "support/test.hpp"

#include <tuple>

namespace fm::test {

namespace {

struct row {
    const char *name;
    uint32_t protection;
    bool write, execute, execute_write; ///< reading and copying are always allowed
};

constexpr row rows[] = {
    {"read", FM_PROTECT_READ, false, false, false},
    {"read_write", FM_PROTECT_READ_WRITE, true, false, false},
    {"write_copy", FM_PROTECT_WRITE_COPY, false, false, false},
    {"execute_read", FM_PROTECT_EXECUTE_READ, false, true, false},
    {"execute_read_write", FM_PROTECT_EXECUTE_READ_WRITE, true, true, true},
    {"execute_write_copy", FM_PROTECT_EXECUTE_WRITE_COPY, false, true, false},
};

enum class backing { memory, name, file };

class protection_table : public testing::TestWithParam<std::tuple<row, backing>> {};

std::string name_of_case(const testing::TestParamInfo<protection_table::ParamType> &info) {
    constexpr const char *backings[] = {"memory", "name", "file"};
    return std::string(std::get<0>(info.param).name) + "_of_" + backings[static_cast<int>(std::get<1>(info.param))];
}

/// Checks one cell. A view that is given out must also do what it was asked for.
void check_cell(fm_handle mapping, const char *column, uint32_t access, bool allowed) {
    SCOPED_TRACE(column);
    fm_view got = poison<fm_view>();
    const fm_status status = fm_map(mapping, access, 0, 0, &got);
    EXPECT_STATUS(allowed ? FM_OK : FM_E_ACCESS_DENIED, status);
    if (status != FM_OK) {
        EXPECT_EQ(poison<fm_view>(), got);
        return;
    }
    const view held(got);
    char byte = 'x';
    EXPECT_STATUS(FM_OK, fm_read(held, 0, &byte, 1));
    const bool writable = (access & (FM_ACCESS_WRITE | FM_ACCESS_COPY | FM_ACCESS_ALL)) != 0;
    EXPECT_STATUS(writable ? FM_OK : FM_E_ACCESS_DENIED, fm_write(held, 0, &byte, 1));
}

} // namespace

TEST_P(protection_table, d4_allows_exactly_these_views) {
    const auto &[expected, where] = GetParam();
    const temp_file file(10000);
    fm_create_options with = options(0, expected.protection);
    if (where == backing::file) with.file_path = file.path().c_str();
    handle made;
    const std::string name = where == backing::name ? unique_name() : "";
    const fm_status status = fm_create(name.c_str(), where == backing::file ? 0 : 4096, &with, made.out());
    if (status == FM_E_NOT_SUPPORTED && expected.execute) {
        GTEST_SKIP() << "this system offers no executable pages there: " << last_error();
    }
    ASSERT_STATUS(FM_OK, status);
    check_cell(made, "read", FM_ACCESS_READ, true);
    check_cell(made, "write", FM_ACCESS_WRITE, expected.write);
    check_cell(made, "read and write", FM_ACCESS_READ | FM_ACCESS_WRITE, expected.write); // V1: the same
    check_cell(made, "all", FM_ACCESS_ALL, expected.write);
    check_cell(made, "copy", FM_ACCESS_COPY, true);
    check_cell(made, "execute", FM_ACCESS_EXECUTE, expected.execute);
    check_cell(made, "execute and read", FM_ACCESS_EXECUTE | FM_ACCESS_READ, expected.execute);
    check_cell(made, "execute and copy", FM_ACCESS_EXECUTE | FM_ACCESS_COPY, expected.execute);
    check_cell(made, "execute and write", FM_ACCESS_EXECUTE | FM_ACCESS_WRITE, expected.execute_write);
}

INSTANTIATE_TEST_SUITE_P(table, protection_table,
                         testing::Combine(testing::ValuesIn(rows),
                                          testing::Values(backing::memory, backing::name, backing::file)),
                         name_of_case);

} // namespace fm::test
