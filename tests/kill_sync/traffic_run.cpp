// The driver of the loops in which everybody takes objects and gives them back, in short epochs: everybody works and
// some are killed; then all who are left come to rest, and what is there is compared with what the dead took.

#include "loops.hpp"
#include "tasks.hpp"

#include "platform/linux/sync/reservation.hpp"

#include <atomic>
#include <memory>
#include <thread>
#include <unistd.h>

namespace fm::kill_sync {

namespace {

constexpr object_plan never{FM_KIND_EVENT, 0, true}, always{FM_KIND_EVENT, 1, true}, mutex{FM_KIND_MUTEX, 0},
    event{FM_KIND_EVENT, 1}, timer{FM_KIND_TIMER, 1};
constexpr object_plan units(uint32_t count) { return {FM_KIND_SEMAPHORE, count}; }

void create_objects(board &shared, object_set &objects, loop which) {
    static const object_plan mutexes[] = {mutex, mutex, never, always}, semaphores[] = {units(3), never, always},
                             any[] = {units(2), units(1), event, event, mutex, mutex, never, timer},
                             slots[] = {mutex, mutex, units(2), units(2)},
                             all[] = {units(3), units(3), mutex, event, units(2)};
    switch (which) {
    case loop::mutexes:
    case loop::threads: return objects.create(shared, mutexes, 4);
    case loop::semaphores: return objects.create(shared, semaphores, 3);
    case loop::slots: return objects.create(shared, slots, 4);
    case loop::any: return objects.create(shared, any, 8);
    default: return objects.create(shared, all, 5);
    }
}

/// Reads all objects of the sets, and once more: where nothing has changed in between, that is how they were.
class observer {
public:
    observer(board &shared, const object_set &objects) : board_(shared), objects_(objects), thread_([this] { run(); }) {}
    ~observer() {
        done_ = true;
        thread_.join();
    }
    uint64_t seen() const { return seen_; }

private:
    void run() {
        while (!done_.load()) {
            for (int i = 0; i < 200; ++i) look();
            ::usleep(100);
        }
    }

    void look() {
        sync::state first[most_objects], second[most_objects];
        for (uint32_t i = 0; i < objects_.count(); ++i) first[i] = objects_.peek(i);
        for (uint32_t i = 0; i < objects_.count(); ++i) second[i] = objects_.peek(i);
        for (uint32_t i = 0; i < objects_.count(); ++i)
            if (first[i] != second[i]) return;
        seen_.fetch_add(1, std::memory_order_relaxed);
        uint32_t more = sync::payload_of(first[0]), less = sync::payload_of(first[1]);
        if (more < less) violation(board_, "a half-taken set was seen: %u of object 0 and %u of object 1", more, less);
    }

    board &board_;
    const object_set &objects_;
    std::atomic<bool> done_{false};
    std::atomic<uint64_t> seen_{0};
    std::thread thread_;
};

class traffic {
public:
    traffic(const stage &where, loop which)
        : where_(where), shared_(where.shared), watch_(shared_, objects_), books_(shared_, objects_),
          which_(which), crew_(where.chosen, shared_, where.board_path, which, where.who) {
        create_objects(shared_, objects_, which);
        for (uint32_t i = 0; i < objects_.count(); ++i)
            if (objects_.kind(i) != FM_KIND_MUTEX && !objects_.inside(i).manual) wanted_[i] = objects_.tokens(i);
    }

    outcome run(bool observed) {
        bool kills = where_.chosen.planted != fault::half_taken_set && where_.chosen.planted != fault::living_owner;
        spread_kills(shared_, kills);
        if (which_ == loop::slots && kills)
            for (uint32_t i = 0; i <= static_cast<uint32_t>(sync::point::slot_alive); ++i) shared_.one_in[i] = 20;
        shared_.delay_one_in = 500;
        shared_.park = 1; // nobody begins before the books are open
        for (uint32_t i = 0; i < 5; ++i) crew_.hire(1 + i % 2);
        std::unique_ptr<observer> eyes;
        if (observed) eyes = std::make_unique<observer>(shared_, objects_);
        int64_t end = monotonic() + where_.length;
        for (uint32_t turn = 0; monotonic() < end && !where_.enough_found(); ++turn)
            epoch(kills, turn % 2 == 0, end);
        crew_.end();
        return tell(eyes.get());
    }

private:
    outcome tell(const observer *eyes) {
        outcome result;
        result.operations = shared_.operations.exchange(0);
        for (record &inside : shared_.records) result.reports += inside.reports.exchange(0);
        result.from_outside = crew_.kills_from_outside();
        result.at_points = crew_.kills_at_points();
        result.longest = watch_.longest();
        result.late = watch_.late();
        result.remarks = std::to_string(books_.epochs()) + " epochs, " + std::to_string(books_.exact()) + " of them exact; " +
                         std::to_string(books_.owners_died()) + " owners died, " +
                         std::to_string(books_.tokens_lost()) + " tokens lost";
        if (which_ == loop::slots)
            result.remarks += ", " + std::to_string(shared_.notes[0].load()) + " slots claimed, " + std::to_string(doublings_) +
                              " times there were not enough";
        if (eyes != nullptr) result.remarks += ", " + std::to_string(eyes->seen()) + " looks at all objects";
        return result;
    }

    void epoch(bool kills, bool from_outside, int64_t end) {
        books_.open();
        shared_.only_alone = !from_outside;
        shared_.park = 0;
        int64_t begun = monotonic(), over = std::min(begun + 60'000'000, end);
        uint64_t allowed = 0;
        for (int64_t now = begun; now < over; now = monotonic()) {
            step();
            auto due = static_cast<uint64_t>(static_cast<double>(now - begun) / 1e9 * where_.chosen.kills_per_second);
            for (; kills && allowed < due; ++allowed) {
                if (from_outside && allowed % 2 == 0) crew_.kill_somebody();
                else if (shared_.permits.load() < 4) shared_.permits.fetch_add(1);
            }
            if (which_ == loop::slots) narrow();
            ::usleep(200);
        }
        shared_.permits = 0;
        shared_.park = 1;
        int64_t give_up = monotonic() + 20'000'000'000;
        while (!everybody_parked()) {
            step();
            if (monotonic() > give_up) return violation(shared_, "somebody does not come to rest");
            ::usleep(100);
        }
        books_.close();
        refill();
    }

    /// So few slots that they are used again and again, and are not enough: then they become twice as many.
    void narrow() {
        sync::registry_header &header = objects_.inside(0).home->header();
        if (header.window.load() > 4) ++doublings_, header.window = 4;
    }

    void step() {
        crew_.reap([this](const seat &dead) { books_.account(dead); });
        watch_.look();
        add_what_is_gone();
    }

    bool everybody_parked() const {
        for (uint32_t i = 0; i < crew_.seats(); ++i)
            if (doing_of(shared_.seats[i]) != doing::parked) return false;
        return true;
    }

    /// Everybody sleeps in a wait, or is parked; the sum of what they have begun, 0 where that is not so.
    uint64_t all_asleep() const {
        uint64_t sum = 0;
        bool somebody = false;
        for (uint32_t i = 0; i < crew_.seats(); ++i) {
            const seat &one = shared_.seats[i];
            sum += one.operation.load();
            if (doing_of(one) == doing::parked) continue;
            bool waits = doing_of(one) == doing::waiting && one.held.load() == 0;
            if (!waits || look_at_task(one.process.load(), one.thread.load()) != task_state::asleep) return 0;
            somebody = true;
        }
        return somebody ? sum : 0;
    }

    /// Where everybody has slept for a while, longer than anybody dawdles: what was gone before it is gone with the dead.
    void add_what_is_gone() {
        constexpr int64_t a_while = 3'000'000;
        int64_t now = monotonic();
        if (now - asked_ < a_while) return;
        uint64_t sum = all_asleep();
        bool still = sum != 0 && sum == asleep_;
        for (uint32_t i = 0; i < objects_.count(); ++i) {
            if (!still || !has(gone_, i)) continue;
            objects_.give(i);
            books_.added(i);
        }
        gone_ = 0;
        for (uint32_t i = 0; i < objects_.count(); ++i)
            if (sum != 0 && !still && wanted_[i] != 0 && objects_.tokens(i) == 0) gone_ |= 1u << i;
        asleep_ = still ? 0 : sum;
        asked_ = now;
    }

    /// As at the beginning: first what is too much, from the last one on, then what is missing, from the first one on.
    void refill() {
        for (uint32_t i = objects_.count(); i-- > 0;)
            while (objects_.kind(i) == FM_KIND_SEMAPHORE && objects_.tokens(i) > wanted_[i]) fm_wait(objects_.handle(i), 0);
        for (uint32_t i = 0; i < objects_.count(); ++i)
            while (objects_.tokens(i) < wanted_[i]) objects_.give(i);
    }

    const stage &where_;
    board &shared_;
    object_set objects_;
    watch watch_;
    ledger books_;
    loop which_;
    crew crew_;
    uint64_t doublings_ = 0; ///< how often the slots had to become many, from few
    uint32_t wanted_[most_objects] = {};
    uint64_t asleep_ = 0; ///< what everybody had begun when they were seen asleep; `gone_`: what was gone then
    uint32_t gone_ = 0;
    int64_t asked_ = 0;
};

} // namespace

outcome run_traffic(const stage &where, loop which) {
    traffic all(where, which);
    return all.run(which == loop::all);
}

} // namespace fm::kill_sync
