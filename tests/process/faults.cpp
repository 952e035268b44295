// Statement V17: what a view's access does not allow faults when its address is used, as any memory would. The fault
// happens in a child.
#include "process/puppet.hpp"
#include "support/test.hpp"

namespace fm::test {

namespace {

/// A sanitizer would report the fault and end the child in a way of its own.
child_options faulting() {
    child_options options;
    const char *plain = "handle_segv=0:handle_sigbus=0";
    options.environment = {{"ASAN_OPTIONS", plain}, {"TSAN_OPTIONS", plain}, {"UBSAN_OPTIONS", plain}};
    return options;
}

} // namespace

TEST(faults, v17_writing_to_a_read_only_view) {
    puppet other(faulting());
    ASSERT_EQ("FM_OK", other.ask("create", "a", "-", 4096));
    ASSERT_EQ("FM_OK", other.ask("map", "a", "r"));
    EXPECT_EQ("FM_OK", other.ask("touch", "a"));
    EXPECT_EQ("gone", other.ask("poke", "a"));
    EXPECT_EQ("fault", other.wait());
}

TEST(faults, v17_reading_a_view_without_access) {
    puppet other(faulting());
    ASSERT_EQ("FM_OK", other.ask("create", "a", "-", 4096));
    ASSERT_EQ("FM_OK", other.ask("map", "a", "none"));
    EXPECT_EQ("gone", other.ask("touch", "a"));
    EXPECT_EQ("fault", other.wait());
}

TEST(faults, v17_a_fault_ends_names_as_any_end_does) {
    const std::string name = unique_name();
    puppet other(faulting());
    ASSERT_EQ("FM_OK", other.ask("create", "a", name, 4096));
    ASSERT_EQ("FM_OK", other.ask("map", "a", "r"));
    EXPECT_EQ("gone", other.ask("poke", "a"));
    EXPECT_EQ("fault", other.wait());
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
}

} // namespace fm::test
