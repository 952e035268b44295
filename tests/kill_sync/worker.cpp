// The rules of worker.hpp.

#include "worker.hpp"
#include "loops.hpp"

#include <csignal>
#include <iterator>
#include <string>
#include <sys/prctl.h>
#include <thread>
#include <unistd.h>

namespace fm::kill_sync {

namespace {

void work_at(actor &self, loop which) {
    switch (which) {
    case loop::events: return work_at_events(self);
    case loop::timers: return work_at_timers(self);
    case loop::latency: return work_at_latency(self);
    default: return work_in_traffic(self, which);
    }
}

const orders *own_orders = nullptr;

/// Of the loop `slots` most workers do not know the objects on which others leave what they were about to change.
uint32_t known_to(const orders &given, const board &shared) {
    return given.which == loop::slots && given.first_seat % 4 != 0 ? 2 : shared.objects;
}

/// A thread that ended with a mutex is counted, and followed by another one.
void keep_seat(board &shared, uint32_t number, const object_set &objects, const orders &given) {
    seat &own = shared.seats[number];
    if (own.process.load() == static_cast<uint32_t>(::getpid())) own.held = 0; // this process began anew
    for (uint32_t turn = 0; shared.stop.load() == 0; ++turn) {
        std::thread([&] {
            actor self(shared, own, objects, given.seed * 31 + number * 7 + turn, given.seats == 1);
            work_at(self, given.which);
        }).join();
        if (doing_of(own) != doing::ending) continue;
        own.busy_with = static_cast<uint32_t>(doing::tallying);
        for (uint32_t i = 0; i < objects.count(); ++i)
            if (has(own.held.load(), i)) shared.records[i].ended.fetch_add(1);
        own.held = 0;
        own.busy_with = static_cast<uint32_t>(doing::nothing);
    }
}

} // namespace

void start_again() {
    const orders &given = *own_orders;
    std::string words[] = {"filemap_kill_sync", "--work", given.board_path, std::to_string(static_cast<uint32_t>(given.which)),
                           std::to_string(given.first_seat), std::to_string(given.seats), std::to_string(given.seed + 1)};
    char *arguments[std::size(words) + 1] = {};
    for (std::size_t i = 0; i < std::size(words); ++i) arguments[i] = words[i].data();
    ::execv("/proc/self/exe", arguments);
    ::_exit(127);
}

int work(const orders &given) {
    own_orders = &given;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    board *shared = map_board(given.board_path, false);
    if (shared == nullptr) return 2;
    object_set objects;
    if (!objects.open(*shared, known_to(given, *shared))) return 3;
    install_hook(*shared, objects);
    std::vector<std::thread> threads;
    for (uint32_t i = 0; i < given.seats; ++i)
        threads.emplace_back([&, i] { keep_seat(*shared, given.first_seat + i, objects, given); });
    for (std::thread &one : threads) one.join();
    return 0;
}

} // namespace fm::kill_sync
