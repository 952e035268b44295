// The entry of every test program: a role of a child process, or the tests.
#include "support/child.hpp"

#include <gtest/gtest.h>

int main(int argc, char **argv) {
    if (const std::optional<int> code = fm::test::run_role(argc, argv)) return *code;
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
