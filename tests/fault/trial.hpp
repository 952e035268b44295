// One run of a scenario under a plan: what it did, what it left, and everything that is wrong with it.
#pragma once

#include "filemap.h"
#include "injection.hpp"

#include <cstring>
#include <functional>
#include <string>
#include <vector>

namespace fm::fault {

/// The namespace of this program alone, made before the library is used and removed at the end.
const std::string &own_folder();
/// Files of entries in it, whoever made them.
std::vector<std::string> entries();
/// Where the entry of Local\X lies, for an X of letters.
std::string entry_of(const std::string &rest);
/// Leaves what a crash would have left under Local\X.
void leave_dead(const std::string &rest, uint64_t size);

uint64_t open_descriptors();
/// Mappings of this program's namespace, of memory files and of its data file.
uint64_t mappings_of_objects();

template <class T>
T poison() {
    T value;
    std::memset(&value, 0x5a, sizeof value);
    return value;
}

template <class T>
bool untouched(const T &value) {
    T expected = poison<T>();
    return std::memcmp(&value, &expected, sizeof value) == 0;
}

class trial {
public:
    explicit trial(const plan &chosen) : plan_(chosen) {}

    /// The call under attack. Its status, and what the library says of it, are kept.
    fm_status act(const std::function<fm_status()> &call);
    /// A check that is part of every scenario; false becomes a problem.
    void check(bool holds, const std::string &what);
    /// Setting up and tearing down: must succeed.
    void must(fm_status status, const char *what);

    fm_status status() const { return status_; }
    const record &happened() const { return record_; }
    const std::string &message() const { return message_; }
    const std::vector<std::string> &problems() const { return problems_; }

private:
    plan plan_;
    record record_;
    fm_status status_ = FM_OK;
    std::string message_;
    std::vector<std::string> problems_;
};

struct scenario {
    const char *name;
    unsigned least_calls;   ///< fewer system calls than this mean that the scenario does not reach what it is about
    void (*play)(trial &);
    bool ends = false;      ///< the call under attack ends an entry: where that fails, it stays until a later use
};

const std::vector<scenario> &scenarios();
/// Those of events, mutexes, semaphores, timers and waiting, which are part of the above.
const std::vector<scenario> &waitable_scenarios();

} // namespace fm::fault
