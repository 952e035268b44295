// One thread of a worker at its seat: takes objects and gives them back by the C ABI, says on the board what it is
// doing, and checks what mutexes protect.
#pragma once

#include "hook.hpp"

#include <random>

namespace fm::kill_sync {

inline constexpr uint32_t most_members = 8;

struct request {
    mode how = mode::one;
    uint32_t count = 1;
    uint8_t members[most_members] = {};
    int64_t timeout_ns = FM_FOREVER;
};

class actor {
public:
    actor(board &shared, seat &own, const object_set &objects, uint32_t seed, bool alone);
    ~actor() { sit_down(nullptr, 0, false); }
    actor(const actor &) = delete;
    actor &operator=(const actor &) = delete;

    board &shared() { return board_; }
    seat &own() { return own_; }
    const object_set &objects() const { return objects_; }
    std::minstd_rand &dice() { return dice_; }
    bool alone() const { return alone_; } ///< the only seat of this process
    bool stopped() const { return board_.stop.load() != 0; }
    bool one_in(uint32_t sides) { return dice_() % sides == 0; }

    /// Waits; what it took, 0 where the time ran out. Mutexes are entered.
    uint32_t take(const request &wanted);
    /// Gives everything back, in the order of the numbers.
    void give_all();
    void give(uint32_t object);
    /// Acquires a mutex that it owns once more, and gives that back.
    void recurse(uint32_t mutex);
    void turn_to(doing what);

private:
    fm_status wait(const request &wanted, uint32_t &index);
    uint32_t abandoned_of(const request &wanted, fm_status status, uint32_t taken);
    void enter(uint32_t mutex, bool abandoned);
    void leave(uint32_t mutex);
    void expect_ok(fm_status status, const char *what, uint32_t object);

    board &board_;
    seat &own_;
    const object_set &objects_;
    uint64_t name_; ///< process << 32 | thread
    bool alone_;
    std::minstd_rand dice_;
};

} // namespace fm::kill_sync
