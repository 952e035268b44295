// Makes the n-th system call or the n-th allocation of a piece of code fail. It knows which errors a call can really
// give, and nothing of what the library does with them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace fm::fault {

/// What shall fail: nothing, a system call with the errno that its list has in this column, or an allocation.
struct plan {
    enum class target { nothing, system_call, allocation } what = target::nothing;
    unsigned index = 0;  ///< which one, from 0
    unsigned column = 0; ///< which errno of those that fit the call
};

/// What happened while the plan was in force.
struct record {
    unsigned system_calls = 0; ///< only those that can fail
    unsigned allocations = 0;
    bool delivered = false;    ///< the failure was really given to the library
    uint32_t failed_call = 0;  ///< its number
    int failed_errno = 0;      ///< 0 for an allocation
    bool excuses_leftover = false; ///< the removing itself failed, or the entry could be opened for reading only

    std::string text() const;
};

/// Different errnos that one call can be made to fail with: columns 0 to this.
inline constexpr unsigned columns = 8;

/// Runs the code with the plan in force.
record run_with(const plan &chosen, const std::function<void()> &code);

} // namespace fm::fault
