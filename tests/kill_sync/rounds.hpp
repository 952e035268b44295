// Rounds: waiters fall asleep, one thing happens to an object while some of them are killed, and what follows is
// compared with what has to. The number of the round stands on the board; who has had it waits for the next.
#pragma once

#include "loops.hpp"
#include "tasks.hpp"

namespace fm::kill_sync {

/// Waits until the driver has gone on to another round, and takes part in that; its number.
uint32_t await_round(actor &self);
/// Waits for an order; 0 where the worker shall stop.
uint32_t await_order(actor &self);

/// The driver's side: waiters, then signallers, each a process of its own.
class rounds {
public:
    rounds(const stage &where, loop which, const object_plan *plans, uint32_t count);

    board &shared() { return shared_; }
    object_set &objects() { return objects_; }
    crew &workers() { return crew_; }
    uint32_t roll(uint32_t sides) { return static_cast<uint32_t>(crew_.dice()() % sides); }

    void hire_waiters(uint32_t processes, uint32_t seats_each);
    void hire_signallers(uint32_t count);
    uint32_t waiter_processes() const { return waiter_processes_; }
    uint32_t waiters() const { return waiters_; }
    const seat &waiter(uint32_t number) const { return shared_.seats[number]; }

    /// Everybody is there, and has done with the round before. False where somebody does not come, which is said.
    bool gather();
    /// A new round, of the kind that the number says: everybody waits in it. False as for gather().
    bool go(uint32_t number);
    bool begin(uint32_t number) { return gather() && go(number); }
    /// Permits to die at a kill point, in this round.
    void permit(int32_t deaths) { shared_.permits = deaths; }
    /// Kills a process of waiters: nothing is known of its waiters in this round.
    void kill_waiters(uint32_t process);
    bool spared(uint32_t waiter) const { return !killed_[waiter]; }
    uint32_t killed() const;
    bool nobody_left() const { return killed() == waiters_; }

    /// Has the signaller do it, and waits until it has, or is dead; true where the signal was given.
    void order(uint32_t signaller, uint32_t command);
    bool await_signaller(uint32_t signaller, bool &dead);

    /// Looks after workers and sleepers, again and again, until it holds or the time is up; then says `what`.
    bool await(const std::function<bool()> &holds, const char *what);
    uint32_t lucky() const; ///< waiters, of those who were spared, that have taken something in this round
    uint32_t unlucky() const { return waiters_ - killed() - lucky(); }

    bool goes_on() const { return monotonic() < end_ && !where_.enough_found(); }
    void dawdle();
    outcome tell(std::string remarks);

private:
    void tend();
    bool all(doing what, uint32_t count) const;

    const stage where_;
    board &shared_;
    object_set objects_;
    watch watch_;
    crew crew_;
    int64_t end_;
    uint32_t waiter_processes_ = 0, waiters_ = 0;
    bool killed_[most_seats] = {};
    bool died_[most_seats] = {};   ///< signallers that died before they answered
    bool let_go_[most_seats] = {}; ///< and had given the signal
};

} // namespace fm::kill_sync
