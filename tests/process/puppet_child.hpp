// The child's side of puppet.hpp, as its files share it: what a child holds, and how a command is taken apart. What the
// commands do stands in puppet.cpp (objects, mappings) and puppet_waitables.cpp.
#pragma once

#include "support/test.hpp"

#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>

namespace fm::test::child_side {

using words = std::istringstream;

/// What one child holds. It is never cleaned up: a child that ends leaves that to the system, as programs do.
struct state {
    std::map<std::string, fm_handle> handles;
    std::map<std::string, fm_view> views;
};

template <class T>
T next(words &line) {
    T value{};
    if (!(line >> value)) throw std::runtime_error("a word is missing in: " + line.str());
    return value;
}

inline uint64_t number(words &line, uint64_t otherwise) {
    std::string word;
    return line >> word ? std::stoull(word, nullptr, 0) : otherwise;
}

uint32_t access_from(words &line);

/// An answer: the status, and what was asked for with a success.
std::string told(fm_status status, const std::string &news = "");

/// The commands on events, mutexes, semaphores and timers, and the waits; nothing where the verb is none of them.
std::optional<std::string> obey_waitables(state &held, const std::string &verb, words &line);

} // namespace fm::test::child_side
