// What the parts of the benchmark program share: where it works, and the parts themselves.
#pragma once

#include "child.hpp"
#include "table.hpp"

#include <filemap.h>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench {

/// The directory of one run: few/ and many/ are namespaces (FILEMAP_DIR), bare/ is for files without filemap.
struct workplace {
    std::string few;
    std::string many;
    std::string bare;
    uint64_t many_objects;
    std::string run; ///< the directory's own name: no other run has it
};

inline constexpr uint64_t few_objects = 10;

/// The name of one of the objects that holders keep alive.
inline std::string object_name(uint64_t index) { return "object-" + std::to_string(index); }

/// Throws with the library's own sentence where a call failed.
inline void require(fm_status status) {
    if (status >= 0) return;
    char message[512];
    fm_last_error_message(message, sizeof message);
    throw std::runtime_error(message);
}

// Each registers its benchmarks and gives the rows that compare them.
std::vector<row> add_cycles(const workplace &where);
std::vector<row> add_copies();
std::vector<row> add_population(const workplace &where);
std::vector<row> add_waits(const workplace &where);

/// Processes that hold `count` objects alive in a namespace, in the role "hold" (mappings) or "events".
std::vector<child> start_holders(const std::string &role, const std::string &directory, uint64_t count);
/// What a holder does that has its objects: says so, and keeps them until its input ends.
void keep_until_told();
/// Raises the limit of open descriptors as far as it goes, and tells it: an open object takes one.
uint64_t raise_descriptor_limit();

/// Runs the role that the command line names, in a child; nothing where it names none.
std::optional<int> run_role(int argc, char **argv);
std::optional<int> run_wait_role(const std::vector<std::string> &words);

} // namespace bench
