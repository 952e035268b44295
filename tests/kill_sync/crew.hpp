// The workers of a loop: starts them by exec, kills them, and replaces whoever has ended.
#pragma once

#include "board.hpp"

#include <functional>
#include <random>
#include <string>
#include <sys/types.h>
#include <vector>

namespace fm::kill_sync {

struct settings {
    uint32_t seconds = 1, seed = 1, kills_per_second = 600, least_kills = 0;
    fault planted = fault::none;
    std::vector<std::string> workers;
};

/// Which of the workers pretend that the kernel has no futex_waitv.
enum class fallback { nobody, everybody, some };

class crew {
public:
    crew(const settings &chosen, board &shared, std::string board_path, loop which, fallback who = fallback::nobody)
        : chosen_(chosen), board_(shared), board_path_(std::move(board_path)), which_(which), fallback_(who), dice_(chosen.seed) {}
    ~crew() { end(); }
    crew(const crew &) = delete;
    crew &operator=(const crew &) = delete;

    /// Starts a process with that many threads; its number.
    uint32_t hire(uint32_t seats);
    void kill(uint32_t process);
    void kill_somebody();
    /// `account` is told of each seat of the dead, before somebody else gets it.
    void reap(const std::function<void(const seat &)> &account);
    void end();

    uint32_t size() const { return static_cast<uint32_t>(processes_.size()); }
    uint32_t seats() const { return seats_; }
    seat &first_seat_of(uint32_t process) { return board_.seats[processes_[process].first]; }
    std::minstd_rand &dice() { return dice_; }
    uint64_t kills_from_outside() const { return from_outside_; }
    uint64_t kills_at_points() const { return at_points_; }

private:
    struct member {
        pid_t id = 0;
        uint32_t first = 0, seats = 0;
    };

    void start(member &one);
    void bury(member &one, int end, const std::function<void(const seat &)> &account);

    const settings &chosen_;
    board &board_;
    std::string board_path_;
    loop which_;
    fallback fallback_;
    std::minstd_rand dice_;
    std::vector<member> processes_;
    uint32_t seats_ = 0, started_ = 0;
    uint64_t from_outside_ = 0, at_points_ = 0;
};

/// Kill points at which one in so many passes is a death, so that each is reached often.
void spread_kills(board &shared, bool on);

} // namespace fm::kill_sync
