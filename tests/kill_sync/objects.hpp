// The objects of a loop, by number: their handles, and what the library knows of them inside.
#pragma once

#include "board.hpp"

#include "filemap.h"
#include "platform/linux/sync/object.hpp"

namespace fm::kill_sync {

/// How a loop's object begins. Where it is a token, whoever takes it gives it back.
struct object_plan {
    uint32_t kind;
    uint32_t units;      ///< semaphore; event, timer: 1 = begins ready
    bool manual = false; ///< event, timer
};

class object_set {
public:
    /// The driver makes them, and writes their kinds on the board.
    void create(board &shared, const object_plan *plans, uint32_t count);
    /// A worker opens the first ones; false where one cannot be opened.
    bool open(const board &shared, uint32_t count);
    void close();
    ~object_set() { close(); }
    object_set() = default;
    object_set(const object_set &) = delete;
    object_set &operator=(const object_set &) = delete;

    uint32_t count() const { return count_; }
    fm_handle handle(uint32_t number) const { return handles_[number]; }
    const sync::object &inside(uint32_t number) const { return *inside_[number]; }
    uint32_t kind(uint32_t number) const { return inside_[number]->kind; }

    /// The state as it counts, and whether a wait by a stranger would succeed.
    sync::state peek(uint32_t number) const;
    bool ready(uint32_t number, sync::state seen) const;
    /// How many tokens it has to give.
    uint32_t tokens(uint32_t number) const;
    /// Gives one back.
    fm_status give(uint32_t number) const;
    bool is_mine(uint32_t number) const;

private:
    void look_inside();

    fm_handle handles_[most_objects] = {};
    const sync::object *inside_[most_objects] = {};
    uint32_t count_ = 0;
};

} // namespace fm::kill_sync
