// What driver and workers share: what each worker is doing, what it holds, how it died, and what was found wrong.
// Fixed widths, since 32- and 64-bit workers use one board.
#pragma once

#include "platform/linux/sync/kill_point.hpp"

#include <atomic>
#include <cstdint>

namespace fm::kill_sync {

inline constexpr uint32_t most_seats = 64, most_objects = 12, kept_violations = 8, most_slots = 1u << 14;
inline constexpr uint32_t point_count = static_cast<uint32_t>(sync::point::count);

enum class loop : uint32_t { mutexes, events, semaphores, timers, any, all, latency, threads, slots, count };
enum class fault : uint32_t { none, lost_wake_up, living_owner, half_taken_set };

enum class doing : uint32_t {
    nothing,
    waiting,   ///< for `members`, holding nothing
    again,     ///< acquiring a mutex that it holds
    holding,
    releasing, ///< the object `releasing`, which it holds until that has returned
    ending,    ///< the thread is about to end and to leave what it holds
    tallying,  ///< the same, and whether it has been counted is not certain
    signalling,
    parked,
};
enum class mode : uint32_t { one, any, all };

/// One thread of a worker. What it says it holds it does hold: it writes after it has taken, and clears afterwards.
struct alignas(64) seat {
    std::atomic<uint32_t> process, thread;  ///< 0 until it runs
    std::atomic<uint32_t> busy_with;        ///< doing
    std::atomic<uint32_t> operation;        ///< grows with everything it begins
    std::atomic<uint32_t> how, members;     ///< of a wait: mode, and one bit for each object
    std::atomic<uint32_t> held, releasing;
    std::atomic<uint32_t> command, answered; ///< rounds: what it shall do next, and what it has done
    // Written at a kill point, by the thread that dies there.
    std::atomic<uint32_t> died_at;          ///< 1 + point; 0: killed from outside
    std::atomic<uint32_t> took;             ///< objects that the operation under way had taken
    std::atomic<uint32_t> took_something;   ///< one of the members, but which cannot be told
    std::atomic<uint32_t> took_over;        ///< those of them that were abandoned
    std::atomic<uint32_t> let_go;           ///< 1: the signal under way was given
    alignas(8) std::atomic<int64_t> since;  ///< when it began what it does, monotonic ns
    std::atomic<int64_t> woke;              ///< when its last wait returned
    std::atomic<uint64_t> number;           ///< the round that it takes part in
    std::atomic<uint64_t> got;              ///< the last round in which it took something
};

/// What a mutex protects. `first` and `second` are not atomic: they are equal unless the last owner was killed.
struct alignas(64) record {
    alignas(8) std::atomic<uint64_t> holder; ///< process << 32 | thread; 0: nobody
    alignas(8) volatile uint64_t first;
    alignas(8) volatile uint64_t second;
    alignas(8) std::atomic<uint64_t> reports; ///< of abandonment
    alignas(8) std::atomic<uint64_t> ended;   ///< threads that ended while they owned it, their process alive
};

struct board {
    std::atomic<uint32_t> stop, park, round;
    std::atomic<uint32_t> delay_one_in; ///< kill points at which a worker only dawdles
    std::atomic<int32_t> permits;       ///< to die at a kill point; the driver hands them out
    std::atomic<uint32_t> only_alone;   ///< 1: only to those who are their process's only thread: nothing is uncertain then
    std::atomic<uint32_t> fault_planted;
    std::atomic<uint32_t> one_in[point_count]; ///< 0: nobody dies there
    std::atomic<uint32_t> violations;
    alignas(8) std::atomic<uint64_t> operations, reports;
    std::atomic<uint64_t> kills_at[point_count];
    std::atomic<uint64_t> notes[8]; ///< loops count what they like
    std::atomic<uint64_t> slot_users[most_slots]; ///< process << 32 | thread; 0: nobody who lives
    std::atomic<uint32_t> slot_numbers[most_slots]; ///< that its last user gave it
    uint32_t objects;
    uint32_t kinds[most_objects];
    record records[most_objects];
    seat seats[most_seats];
    char violation_texts[kept_violations][240];
};

board *map_board(const char *path, bool create);

/// Writes down what was found wrong.
[[gnu::format(printf, 2, 3)]] void violation(board &shared, const char *format, ...);

/// Makes a seat free for the next one; its operations go on counting.
void clear(seat &left);

inline doing doing_of(const seat &one) { return static_cast<doing>(one.busy_with.load()); }
inline bool has(uint32_t mask, uint32_t object) { return (mask >> object & 1) != 0; }

const char *name_of(sync::point where);

} // namespace fm::kill_sync
