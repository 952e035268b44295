// Statements O: opening by name, and what the access asked for then allows.
#include "support/differences.hpp"
#include "support/test.hpp"

namespace fm::test {

TEST(open, o1_access_is_kept_in_the_handle_and_checked_when_mapping) {
    const std::string name = unique_name();
    const handle made = created(name);
    const handle reader = opened(name, FM_ACCESS_READ);
    EXPECT_STATUS(FM_OK, try_map(reader, FM_ACCESS_READ));
    EXPECT_STATUS(FM_OK, try_map(reader, FM_ACCESS_COPY));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, try_map(reader, FM_ACCESS_WRITE));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, try_map(reader, FM_ACCESS_ALL));
    EXPECT_EQ(0u, queried(reader).access & FM_ACCESS_WRITE);
    const handle both = opened(name, FM_ACCESS_READ | FM_ACCESS_WRITE);
    for (const uint32_t access : {FM_ACCESS_READ, FM_ACCESS_WRITE, FM_ACCESS_COPY, FM_ACCESS_ALL}) {
        EXPECT_STATUS(FM_OK, try_map(both, access));
    }
}

TEST(open, o1_opening_for_more_than_the_protection_allows_fails_at_the_latest_when_mapping) {
    const std::string name = unique_name();
    const handle made = created(name, 4096, options(0, FM_PROTECT_READ));
    handle writer;
    const fm_status opened = fm_open(name.c_str(), FM_ACCESS_WRITE, writer.out());
    const fm_status status = opened == FM_OK ? try_map(writer, FM_ACCESS_WRITE) : opened;
    EXPECT_STATUS(differs_under_wine(wine_forgets_protections) ? FM_OK : FM_E_ACCESS_DENIED, status);
}

TEST(open, o2_copy_is_read) {
    const std::string name = unique_name();
    const handle made = created(name);
    const handle copier = opened(name, FM_ACCESS_COPY);
    EXPECT_STATUS(FM_OK, try_map(copier, FM_ACCESS_COPY));
    EXPECT_STATUS(FM_OK, try_map(copier, FM_ACCESS_READ));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, try_map(copier, FM_ACCESS_WRITE));
}

TEST(open, o3_all_access) {
    const std::string name = unique_name();
    const handle made = created(name);
    const handle all = opened(name, FM_ACCESS_ALL);
    for (const uint32_t access : {FM_ACCESS_READ, FM_ACCESS_WRITE, FM_ACCESS_COPY, FM_ACCESS_ALL}) {
        EXPECT_STATUS(FM_OK, try_map(all, access));
    }
    const fm_status refused = differs_under_wine(wine_forgets_protections) ? FM_OK : FM_E_ACCESS_DENIED;
    EXPECT_STATUS(refused, try_map(all, FM_ACCESS_EXECUTE)); // the pages are not executable

    const std::string read_only = unique_name();
    const handle still = created(read_only, 4096, options(0, FM_PROTECT_READ));
    const handle all_of_it = opened(read_only, FM_ACCESS_ALL);
    EXPECT_STATUS(FM_OK, try_map(all_of_it, FM_ACCESS_READ));
    EXPECT_STATUS(refused, try_map(all_of_it, FM_ACCESS_WRITE));
}

TEST(open, access_is_neither_zero_nor_unknown) {
    const std::string name = unique_name();
    const handle made = created(name);
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(FM_E_ACCESS_DENIED, fm_open(name.c_str(), 0, &none));
    for (const uint32_t bad :
         {FM_ACCESS_WAIT, FM_ACCESS_MODIFY, 0x40u, 0x40000000u, FM_ACCESS_READ | 0x100u, 0x7fffffffu}) {
        EXPECT_STATUS(FM_E_INVALID_ARGUMENT, fm_open(name.c_str(), bad, &none)) << bad;
    }
    EXPECT_EQ(poison<fm_handle>(), none);
}

TEST(open, an_opener_sees_what_the_creator_made) {
    const std::string name = unique_name();
    const handle made = created(name, 3 * fm_page_size(), options(FM_RESERVE));
    const fm_info info = queried(opened(name, FM_ACCESS_READ));
    EXPECT_EQ(FM_KIND_MAPPING, info.kind);
    EXPECT_EQ(3 * fm_page_size(), info.size);
    EXPECT_TRUE(info.protection == FM_PROTECT_READ_WRITE || (on_windows() && info.protection == 0)) << info.protection;
    EXPECT_TRUE(info.flags & FM_RESERVE);
    EXPECT_TRUE(info.holders == FM_UNKNOWN_COUNT || info.holders == 2) << info.holders;
}

TEST(open, a_handle_may_do_nothing_that_mappings_do_not_know) {
    const std::string name = unique_name();
    const handle made = created(name);
    const uint32_t foreign = FM_ACCESS_WAIT | FM_ACCESS_MODIFY;
    EXPECT_EQ(0u, queried(made).access & foreign);
    EXPECT_EQ(0u, queried(opened(name)).access & foreign);
    EXPECT_EQ(0u, queried(duplicated(made, 0, FM_DUPLICATE_SAME_ACCESS)).access & foreign);
}

TEST(open, host_prefix_is_no_prefix_on_linux_and_reserved_on_windows) {
    const std::string name = unique_name();
    const handle made = created(name);
    EXPECT_STATUS(on_windows() ? FM_E_NOT_SUPPORTED : FM_OK, try_open("Host\\" + name));
}

} // namespace fm::test
