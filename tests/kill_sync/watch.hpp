// Looks for survivors who sleep on what is ready. A thread counts as asleep on a ready object only while the object's
// state has not changed, the kernel says that it sleeps, and so does everybody else whose turn it might be: else it is
// the processor that is missing, not a wake-up.
#pragma once

#include "objects.hpp"

namespace fm::kill_sync {

inline constexpr int64_t longest_allowed = 50'000'000; ///< ns

class watch {
public:
    watch(board &shared, const object_set &objects) : board_(shared), objects_(objects) {}

    void look();
    int64_t longest() const { return longest_; }
    /// How many slept for more than 5 ms: nets are not meant to be needed.
    uint64_t late() const { return late_; }

private:
    struct object_view {
        sync::state seen = 0;
        int64_t ready_since = 0; ///< 0: not ready
    };
    struct sleeper {
        uint32_t operation = 0, samples = 0;
        int64_t since = 0, last = 0; ///< 0: not asleep
        bool counted = false, told = false;
    };

    void look_at_objects(int64_t now);
    int64_t ready_since(const seat &one) const;
    uint32_t awake_at(uint32_t number, int64_t now) const;
    void follow(uint32_t number, bool asleep, int64_t now);
    void judge(uint32_t number, int64_t blocked);

    board &board_;
    const object_set &objects_;
    object_view views_[most_objects];
    sleeper sleepers_[most_seats];
    int64_t longest_ = 0;
    uint64_t late_ = 0;
};

} // namespace fm::kill_sync
