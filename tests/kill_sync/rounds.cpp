// The rules of rounds.hpp.

#include "rounds.hpp"

#include <sched.h>
#include <unistd.h>

namespace fm::kill_sync {

namespace {

constexpr int64_t hopeless = 10'000'000'000; // ns; the watch speaks up long before

} // namespace

uint32_t await_round(actor &self) {
    uint32_t last = self.shared().round.load();
    self.turn_to(doing::parked);
    while (self.shared().round.load() == last && !self.stopped()) ::usleep(40);
    self.own().number = self.shared().round.load();
    return self.shared().round.load();
}

uint32_t await_order(actor &self) {
    self.turn_to(doing::parked);
    while (self.own().command.load() == self.own().answered.load() && !self.stopped()) ::usleep(40);
    return self.stopped() ? 0 : self.own().command.load();
}

rounds::rounds(const stage &where, loop which, const object_plan *plans, uint32_t count)
    : where_(where), shared_(where.shared), watch_(shared_, objects_),
      crew_(where.chosen, shared_, where.board_path, which, where.who), end_(monotonic() + where.length) {
    objects_.create(shared_, plans, count);
    for (auto &chance : shared_.one_in) chance = 5; // of the few permits that a round has
    shared_.delay_one_in = 100;
}

void rounds::hire_waiters(uint32_t processes, uint32_t seats_each) {
    waiter_processes_ = processes;
    waiters_ = processes * seats_each;
    for (uint32_t i = 0; i < processes; ++i) crew_.hire(seats_each);
}

void rounds::hire_signallers(uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) crew_.hire(1);
}

void rounds::tend() {
    crew_.reap([this](const seat &dead) {
        auto number = static_cast<uint32_t>(&dead - shared_.seats);
        killed_[number] = true;
        if (dead.answered.load() == dead.command.load()) return;
        died_[number] = true;
        let_go_[number] = dead.let_go.load() != 0;
    });
    watch_.look();
}

bool rounds::await(const std::function<bool()> &holds, const char *what) {
    int64_t give_up = monotonic() + hopeless;
    uint32_t violations = shared_.violations.load();
    for (uint32_t turn = 0; !holds(); ++turn) {
        tend();
        if (shared_.violations.load() != violations) return false;
        if (monotonic() > give_up) return violation(shared_, "in vain: %s", what), false;
        if (turn % 4 == 3) ::usleep(50);
        else ::sched_yield();
    }
    return true;
}

bool rounds::all(doing what, uint32_t count) const {
    for (uint32_t i = 0; i < count; ++i)
        if (doing_of(shared_.seats[i]) != what) return false;
    return true;
}

bool rounds::gather() {
    return await([this] { return all(doing::parked, crew_.seats()); }, "everybody is there");
}

bool rounds::go(uint32_t number) {
    for (bool &killed : killed_) killed = false;
    shared_.round = number;
    if (!await([this] { return all(doing::waiting, waiters_) || killed() != 0; }, "everybody waits")) return false;
    if (roll(2) == 0) ::usleep(roll(200)); // so that they sleep, or do not yet
    return true;
}

void rounds::kill_waiters(uint32_t process) {
    uint32_t each = waiters_ / waiter_processes_;
    for (uint32_t i = 0; i < each; ++i) killed_[process * each + i] = true;
    crew_.kill(process);
}

uint32_t rounds::killed() const {
    uint32_t sum = 0;
    for (uint32_t i = 0; i < waiters_; ++i) sum += killed_[i];
    return sum;
}

uint32_t rounds::lucky() const {
    uint32_t sum = 0, round = shared_.round.load();
    for (uint32_t i = 0; i < waiters_; ++i) {
        const seat &one = shared_.seats[i];
        sum += !killed_[i] && one.number.load() == round && one.got.load() == round;
    }
    return sum;
}

void rounds::order(uint32_t signaller, uint32_t command) {
    uint32_t number = waiters_ + signaller;
    died_[number] = let_go_[number] = false;
    shared_.seats[number].command.store(command);
}

bool rounds::await_signaller(uint32_t signaller, bool &dead) {
    uint32_t number = waiters_ + signaller;
    const seat &one = shared_.seats[number];
    await([&] { return died_[number] || one.command.load() == one.answered.load(); }, "a signaller answers");
    dead = died_[number];
    return !dead || let_go_[number];
}

void rounds::dawdle() {
    if (roll(2) == 0) ::sched_yield();
    for (uint32_t left = roll(20000); left > 0; --left) __builtin_ia32_pause();
}

outcome rounds::tell(std::string remarks) {
    crew_.end();
    outcome result;
    result.operations = shared_.operations.exchange(0);
    for (record &inside : shared_.records) result.reports += inside.reports.exchange(0);
    result.from_outside = crew_.kills_from_outside();
    result.at_points = crew_.kills_at_points();
    result.longest = watch_.longest();
    result.late = watch_.late();
    result.remarks = std::move(remarks);
    return result;
}

} // namespace fm::kill_sync
