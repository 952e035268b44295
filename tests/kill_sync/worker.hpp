// A worker process: one thread at each of its seats, until it is killed or told to stop.
#pragma once

#include "board.hpp"

namespace fm::kill_sync {

struct orders {
    const char *board_path;
    loop which;
    uint32_t first_seat, seats, seed;
};

int work(const orders &given);
/// Replaces the process's image by a new one for the same seats, from whatever thread.
[[noreturn]] void start_again();

} // namespace fm::kill_sync
