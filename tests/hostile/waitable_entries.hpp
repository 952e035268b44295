// Entries of events, mutexes, semaphores and timers, as the library writes them and then changed.
#pragma once

#include "hostile/attempts.hpp"
#include "hostile/plant.hpp"
#include "process/waitables.hpp"

#include <functional>

namespace fm::test {

/// The name of the one that is planted, and its entry.
inline const std::string planted_name = "Local\\planted";
const std::string &planted_path();

struct waitable_kind {
    const char *name;
    uint32_t number;
};
constexpr waitable_kind waitable_kinds[] = {
    {"event", FM_KIND_EVENT}, {"mutex", FM_KIND_MUTEX}, {"semaphore", FM_KIND_SEMAPHORE}, {"timer", FM_KIND_TIMER}};

/// Under the planted name.
fm_status create_planted_as(uint32_t kind, fm_handle *out);
fm_status open_planted_as(uint32_t kind, fm_handle *out);

/// The bytes of a sound entry, as the library writes them.
std::string genuine(uint32_t kind);
std::string changed(std::string bytes, const std::function<void(waitable_words &)> &change);

class hostile_waitables : public hostile {
protected:
    void SetUp() override;
    void TearDown() override;
};

} // namespace fm::test
