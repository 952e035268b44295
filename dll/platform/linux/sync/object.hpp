// An object as this process has it: its words, and what cannot change, which is not read from shared memory again.
#pragma once

#include "platform/linux/sync/participant.hpp"

namespace fm::sync {

struct object {
    words *shared = nullptr;
    registry *home = nullptr;
    uint32_t kind = FM_KIND_UNKNOWN;
    uint32_t part = 0; ///< which of the thread's participants is the one in `home`
    bool manual = false;
    uint32_t maximum = 0;
    uint64_t id = 0;

    std::atomic<state> &value() const { return shared->value; }
    /// What waiters sleep on.
    const void *word() const { return &shared->value; } // little endian: the low half
};

inline participant &take_part(const object &one) {
    participant &mine = detail::participants[one.part];
    return mine.own != nullptr ? mine : detail::begin_part(*one.home);
}

/// The calling thread's id; 0 where it has no slot, so owns nothing.
inline owner_id own_id(const object &one) {
    return detail::participants[one.part].id;
}

/// All objects that this process has mapped, by their ids: for settling what a dead thread left on them.
void remember_object(const object &one);
void forget_object(const object &one);
/// Settles what the slot's thread has reserved on the object; false where this process does not have the object.
bool settle_left_on(registry &home, uint32_t slot_index, uint64_t id);

} // namespace fm::sync
