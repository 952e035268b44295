// The kill test of synchronisation: runs the loops one after the other, and tells what the survivors found.
// docs/synchronisation.md says what each kill leads to.
//
//   filemap_kill_sync [--seconds=N for each loop] [--loop=NAME ...] [--seed=N] [--kills-per-second=N] [--least-kills=N]
//                     [--planted=lost_wake_up|living_owner|half_taken_set] [--worker=PATH ...]

#include "loops.hpp"
#include "worker.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace fm::kill_sync;

struct entry {
    const char *name;
    loop which;
    fallback who;
    bool only_long = false; ///< left out where each has a second or less
};
constexpr entry entries[] = {
    {"mutexes", loop::mutexes, fallback::nobody},
    {"events", loop::events, fallback::nobody},
    {"semaphores", loop::semaphores, fallback::nobody},
    {"timers", loop::timers, fallback::nobody},
    {"any", loop::any, fallback::nobody},
    {"all", loop::all, fallback::nobody},
    {"latency", loop::latency, fallback::nobody},
    {"threads", loop::threads, fallback::nobody},
    {"slots", loop::slots, fallback::nobody},
    {"mutexes_without_waitv", loop::mutexes, fallback::everybody},
    {"semaphores_without_waitv", loop::semaphores, fallback::everybody},
    {"all_without_waitv", loop::all, fallback::everybody},
    {"mutexes_mixed", loop::mutexes, fallback::some},
    {"semaphores_mixed", loop::semaphores, fallback::some},
    {"all_mixed", loop::all, fallback::some},
    {"any_mixed", loop::any, fallback::some, true},
    {"events_mixed", loop::events, fallback::some, true},
    {"timers_mixed", loop::timers, fallback::some, true},
    {"threads_mixed", loop::threads, fallback::some, true},
};

struct plan {
    settings chosen;
    std::vector<std::string> loops; ///< none: all
    bool wants(const entry &one) const {
        if (loops.empty()) return chosen.seconds > 1 || !one.only_long;
        return std::find(loops.begin(), loops.end(), one.name) != loops.end();
    }
};

bool take(const std::string &argument, const char *option, uint32_t &value) {
    std::string prefix = std::string("--") + option + "=";
    if (!argument.starts_with(prefix)) return false;
    value = static_cast<uint32_t>(std::strtoul(argument.c_str() + prefix.size(), nullptr, 10));
    return true;
}

bool plant(const std::string &name, plan &made) {
    if (name == "lost_wake_up") made.chosen.planted = fault::lost_wake_up, made.loops = {"events"};
    else if (name == "living_owner") made.chosen.planted = fault::living_owner, made.loops = {"mutexes"};
    else if (name == "half_taken_set") made.chosen.planted = fault::half_taken_set, made.loops = {"all"};
    else return false;
    return true;
}

bool parse(int count, char **arguments, plan &made) {
    settings &chosen = made.chosen;
    for (int i = 1; i < count; ++i) {
        std::string argument = arguments[i];
        bool known = take(argument, "seconds", chosen.seconds) || take(argument, "seed", chosen.seed) ||
                     take(argument, "kills-per-second", chosen.kills_per_second) || take(argument, "least-kills", chosen.least_kills);
        if (argument.starts_with("--planted=")) known = plant(argument.substr(10), made);
        if (argument.starts_with("--loop=")) made.loops.push_back(argument.substr(7)), known = true;
        if (argument.starts_with("--worker=")) chosen.workers.push_back(argument.substr(9)), known = true;
        if (!known) return std::fprintf(stderr, "filemap_kill_sync: unknown option %s\n", argument.c_str()), false;
    }
    if (chosen.workers.empty()) chosen.workers.push_back("/proc/self/exe");
    return true;
}

outcome run(const entry &one, const stage &where) {
    switch (one.which) {
    case loop::events: return run_events(where);
    case loop::timers: return run_timers(where);
    case loop::latency: return run_latency(where);
    default: return run_traffic(where, one.which);
    }
}

unsigned long long wide(uint64_t number) { return number; }

void tell(const entry &one, const outcome &seen, uint32_t violations) {
    std::printf("%-24s %8llu operations, %5llu kills (%llu from outside, %llu at points), %llu abandoned, slept on what was ready "
                "%.2f ms at most (%llu above 5 ms), %u violations; %s\n",
                one.name, wide(seen.operations), wide(seen.from_outside + seen.at_points), wide(seen.from_outside),
                wide(seen.at_points), wide(seen.reports), static_cast<double>(seen.longest) / 1e6, wide(seen.late), violations,
                seen.remarks.c_str());
    std::fflush(stdout);
}

/// Everything that is there but registries, after one use by a process that has not used it yet.
unsigned left_behind(const std::filesystem::path &folder) {
    pid_t process = ::fork();
    if (process == 0) {
        fm_handle none = nullptr;
        ::_exit(fm_open("Local\\nothing", FM_ACCESS_READ, &none) == FM_E_NOT_FOUND ? 0 : 1);
    }
    int end = 0;
    ::waitpid(process, &end, 0);
    unsigned count = end != 0;
    if (end != 0) std::printf("a new process cannot look a name up\n");
    for (const auto &file : std::filesystem::recursive_directory_iterator(folder)) {
        std::string name = file.path().filename();
        if (file.is_directory() || name == "board" || name == "registry-1" || name == "filemap.registry-1") continue;
        std::printf("left behind: %s\n", name.c_str());
        ++count;
    }
    return count;
}

int run_all(const plan &made, const std::filesystem::path &folder) {
    std::string path = folder / "board";
    uint64_t kills = 0, operations = 0;
    uint32_t violations = 0;
    std::string first;
    uint64_t at[point_count] = {};
    for (const entry &one : entries) {
        if (!made.wants(one)) continue;
        board *shared = map_board(path.c_str(), true);
        shared->fault_planted = static_cast<uint32_t>(made.chosen.planted);
        outcome seen = run(one, {made.chosen, *shared, path, int64_t(made.chosen.seconds) * 1'000'000'000, one.who});
        tell(one, seen, shared->violations.load());
        for (uint32_t i = 0; i < std::min(shared->violations.load(), kept_violations); ++i) {
            if (first.empty()) first = shared->violation_texts[i];
            std::printf("    ! %s\n", shared->violation_texts[i]);
        }
        violations += shared->violations.load();
        kills += seen.from_outside + seen.at_points;
        operations += seen.operations;
        for (uint32_t i = 0; i < point_count; ++i) at[i] += shared->kills_at[i].load();
    }
    unsigned left = left_behind(folder);
    std::printf("%llu operations, %llu kills, %u violations, %u files left behind\nkills at points:", wide(operations),
                wide(kills), violations, left);
    for (uint32_t i = 0; i < point_count; ++i) std::printf(" %s %llu", name_of(static_cast<fm::sync::point>(i)), wide(at[i]));
    std::printf("\n");
    if (violations != 0) std::printf("first violation: %s\n", first.c_str());
    if (kills < made.chosen.least_kills) std::printf("only %llu kills, %u are the least\n", wide(kills), made.chosen.least_kills);
    return violations != 0 || left != 0 || kills < made.chosen.least_kills;
}

} // namespace

int main(int count, char **arguments) {
    if (count == 7 && std::strcmp(arguments[1], "--work") == 0) {
        auto number = [&](int i) { return static_cast<uint32_t>(std::strtoul(arguments[i], nullptr, 10)); };
        return work({arguments[2], static_cast<loop>(number(3)), number(4), number(5), number(6)});
    }
    plan made;
    if (!parse(count, arguments, made)) return 2;
    const char *given = std::getenv("FILEMAP_DIR");
    std::filesystem::path folder = given != nullptr ? given : "/dev/shm";
    folder /= "filemap-kill-sync-" + std::to_string(::getpid());
    std::filesystem::create_directory(folder);
    ::setenv("FILEMAP_DIR", folder.c_str(), 1);
    int result = run_all(made, folder);
    std::filesystem::remove_all(folder);
    return result;
}
