// What the tests of filemap.hpp share: names that nobody else uses, and a check for the error that a call throws.
#pragma once

#include <filemap.hpp>

#include "support/child.hpp"
#include "support/test.hpp"

/// A name that no other test, run or process uses.
inline std::string unique_name(const std::string &prefix = "Local\\") { return prefix + fm::test::unique_name(); }

/// Runs `body`, which must throw fm::error, and gives that error back.
template <class Body>
fm::error error_of(Body body) {
    try {
        body();
    } catch (const fm::error &why) {
        return why;
    }
    ADD_FAILURE() << "nothing was thrown";
    return fm::error(fm::errc::system, "nothing was thrown");
}
