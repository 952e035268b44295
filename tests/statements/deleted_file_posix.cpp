// A mapped file that is deleted or replaced: only Linux allows it (V20: Windows keeps the file while it is mapped).
#include "support/files.hpp"
#include "support/test.hpp"

#include <cstdio>

namespace fm::test {

TEST(open, a_file_mapping_that_lost_its_file) {
    temp_file file(100);
    fm_create_options with = options();
    with.file_path = file.path().c_str();
    const std::string name = unique_name();
    const handle made = created(name, 0, with);
    const view kept = mapped(made);
    write_text(kept, 0, "kept");
    file.remove();
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(FM_E_FILE_INVALID, fm_open(name.c_str(), FM_ACCESS_READ, &none));
    EXPECT_EQ(poison<fm_handle>(), none);
    EXPECT_EQ("kept", read_text(kept, 0, 4));
    EXPECT_EQ("kept", read_text(mapped(made, FM_ACCESS_READ), 0, 4));
}

TEST(open, a_file_mapping_whose_file_was_replaced) {
    temp_file file(100), replacement(100);
    fm_create_options with = options();
    with.file_path = file.path().c_str();
    const std::string name = unique_name();
    const handle made = created(name, 0, with);
    ASSERT_EQ(0, std::rename(replacement.path().c_str(), file.path().c_str()));
    EXPECT_STATUS(FM_E_FILE_INVALID, try_open(name));
    handle again;
    EXPECT_STATUS(FM_E_FILE_INVALID, fm_create(name.c_str(), 0, &with, again.out()));
    EXPECT_STATUS(FM_OK, try_map(made, FM_ACCESS_WRITE));
}

} // namespace fm::test
