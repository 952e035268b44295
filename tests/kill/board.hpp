// What driver and workers share: who holds which object of which name, and what was counted. Fixed widths, since 32-
// and 64-bit workers use one board.
#pragma once

#include <atomic>
#include <cstdint>

namespace fm::kill {

inline constexpr uint32_t most_workers = 32;
inline constexpr uint32_t most_names = 64;

/// A worker's place. What it says it holds it does hold: it writes after it has joined, and clears before it closes.
struct place {
    std::atomic<uint32_t> life;      ///< grows with each process that takes the place
    std::atomic<uint32_t> heartbeat; ///< grows while the process lives
    alignas(8) std::atomic<uint64_t> held[most_names];
};

struct board {
    std::atomic<uint32_t> stop;
    std::atomic<uint32_t> violations;
    alignas(8) std::atomic<uint64_t> next_id;
    std::atomic<uint64_t> creates, joins, reopens, forks, checks, views_outlived, sweeps;
    place places[most_workers];
    char first_violation[256];
};

/// What a worker is told on its command line.
struct orders {
    const char *board_path;
    uint32_t index;
    uint32_t names;
    uint32_t seed;
    uint32_t kill_one_in; ///< system calls; 0: only the driver kills
    bool global;          ///< half of the names in Global\.
    bool planted;         ///< pretend that exclusive locks are always granted
};

int work(const orders &given);

board *map_board(const char *path, bool create);

} // namespace fm::kill
