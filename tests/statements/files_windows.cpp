// What only Windows knows of files: opening them exclusively, and the right to execute.
#include "support/files.hpp"
#include "support/test.hpp"

#include <exception>

namespace fm::test {

TEST(create_file, a_sharing_violation_is_a_denied_access) {
    const temp_file file(100);
    const open_file exclusive(file.path(), file_access::exclusive);
    fm_create_options with = options();
    with.file_path = file.path().c_str();
    const std::string name = unique_name();
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_create(name.c_str(), 0, &with, &none));
    EXPECT_EQ(poison<fm_handle>(), none);
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
}

TEST(create_file, c12_executable_protection_needs_the_right_to_execute) {
    const temp_file file(4096);
    const open_file writing(file.path(), file_access::read_write);
    fm_create_options with = options(FM_FILE, FM_PROTECT_EXECUTE_READ);
    with.file = writing.value();
    handle made;
    const fm_status status = fm_create(nullptr, 0, &with, made.out());
    const bool wine = differs_under_wine("C12: Wine does not ask a file for the right to execute");
    EXPECT_STATUS(wine ? FM_OK : FM_E_ACCESS_DENIED, status);
}

TEST(views, v20_a_mapped_file_stays_until_its_last_view_ends) {
    temp_file file(5000);
    fm_create_options with = options();
    with.file_path = file.path().c_str();
    view last;
    {
        const handle made = created("", 0, with);
        last = mapped(made);
    }
    bool removed = true;
    try {
        file.remove();
    } catch (const std::exception &) {
        removed = false;
    }
    if (differs_under_wine("V20: Wine lets a mapped file be deleted")) {
        EXPECT_TRUE(removed);
    } else {
        EXPECT_FALSE(removed);
    }
}

} // namespace fm::test
