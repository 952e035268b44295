// The driver of the kill test: keeps some workers going, kills them at random, replaces each at once, and tells at the
// end what the survivors found. docs/lifetime.md has the invariants.
//
//   filemap_kill [--seconds=N] [--processes=N] [--names=N] [--seed=N] [--kill-one-in=N] [--kills-per-second=N]
//                [--least-kills=N] [--global] [--planted] [--worker=PATH ...]

#include "board.hpp"

#include "filemap.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <random>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace fm::kill;
using steady = std::chrono::steady_clock;

struct settings {
    uint32_t seconds = 5, processes = 6, names = 16, seed = 1, kill_one_in = 150, kills_per_second = 200, least_kills = 0;
    bool global = false, planted = false;
    std::vector<std::string> workers;
};

bool take(const std::string &argument, const char *option, uint32_t &value) {
    std::string prefix = std::string("--") + option + "=";
    if (!argument.starts_with(prefix)) return false;
    value = static_cast<uint32_t>(std::strtoul(argument.c_str() + prefix.size(), nullptr, 10));
    return true;
}

bool parse(int count, char **arguments, settings &chosen) {
    for (int i = 1; i < count; ++i) {
        std::string argument = arguments[i];
        bool known = take(argument, "seconds", chosen.seconds) || take(argument, "processes", chosen.processes) ||
                     take(argument, "names", chosen.names) || take(argument, "seed", chosen.seed) ||
                     take(argument, "kill-one-in", chosen.kill_one_in) || take(argument, "least-kills", chosen.least_kills) ||
                     take(argument, "kills-per-second", chosen.kills_per_second);
        if (argument == "--global") known = chosen.global = true;
        if (argument == "--planted") known = chosen.planted = true;
        if (argument.starts_with("--worker=")) chosen.workers.push_back(argument.substr(9)), known = true;
        if (!known) return std::fprintf(stderr, "filemap_kill: unknown option %s\n", argument.c_str()), false;
    }
    chosen.processes = std::clamp(chosen.processes, 1u, most_workers);
    chosen.names = std::clamp(chosen.names, 1u, most_names);
    if (chosen.workers.empty()) chosen.workers.push_back("/proc/self/exe");
    return true;
}

class driver {
public:
    driver(const settings &chosen, std::string board_path)
        : chosen_(chosen), board_path_(std::move(board_path)), board_(*map_board(board_path_.c_str(), true)),
          running_(chosen.processes), dice_(chosen.seed) {}

    void run() {
        for (uint32_t i = 0; i < chosen_.processes; ++i) start(i);
        auto begun = steady::now(), end = begun + std::chrono::seconds(chosen_.seconds);
        while (steady::now() < end) {
            reap();
            auto elapsed = std::chrono::duration<double>(steady::now() - begun).count();
            if (sent_ < elapsed * chosen_.kills_per_second) kill_one();
            ::usleep(200);
        }
        board_.stop.store(1);
        for (pid_t process : running_) ::waitpid(process, nullptr, 0);
        while (::waitpid(-1, nullptr, 0) > 0) {} // their children, which we have adopted
    }

    uint64_t kills() const { return kills_; }
    board &shared() { return board_; }

private:
    void start(uint32_t index) {
        board_.places[index].life.fetch_add(1);
        const std::string &worker = chosen_.workers[(started_++) % chosen_.workers.size()];
        std::vector<std::string> words{"filemap_kill", "--work", board_path_, std::to_string(index), std::to_string(chosen_.names),
                                       std::to_string(dice_()), std::to_string(chosen_.kill_one_in),
                                       std::to_string(chosen_.global), std::to_string(chosen_.planted)};
        std::vector<char *> arguments;
        for (std::string &word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        pid_t process = ::fork();
        if (process == 0) {
            ::execv(worker.c_str(), arguments.data());
            ::_exit(127);
        }
        running_[index] = process;
    }

    void kill_one() {
        ++sent_;
        ::kill(running_[dice_() % running_.size()], SIGKILL);
    }

    /// Replaces whoever has ended. What he held goes from the board only now, when his locks are certainly gone.
    void reap() {
        int end = 0;
        for (pid_t ended; (ended = ::waitpid(-1, &end, WNOHANG)) > 0;) {
            auto found = std::find(running_.begin(), running_.end(), ended);
            if (found == running_.end()) continue; // a worker's child
            if (WIFSIGNALED(end) && WTERMSIG(end) == SIGKILL) {
                ++kills_;
            } else if (board_.violations.fetch_add(1) == 0) {
                std::snprintf(board_.first_violation, sizeof board_.first_violation, "a worker ended with status 0x%x", static_cast<unsigned>(end));
            }
            auto index = static_cast<uint32_t>(found - running_.begin());
            for (auto &held : board_.places[index].held) held.store(0);
            start(index);
        }
    }

    const settings &chosen_;
    std::string board_path_;
    board &board_;
    std::vector<pid_t> running_;
    std::minstd_rand dice_;
    uint64_t kills_ = 0, sent_ = 0;
    uint32_t started_ = 0;
};

unsigned entries_in(const std::filesystem::path &folder) {
    unsigned count = 0;
    for (const auto &file : std::filesystem::recursive_directory_iterator(folder)) {
        std::string name = file.path().filename();
        count += name.starts_with("o.") || name.starts_with("h.") || name.starts_with("filemap.");
    }
    return count;
}

/// One use of the namespace by a process that has not used it yet.
void use_once() {
    pid_t process = ::fork();
    if (process == 0) {
        fm_handle none = nullptr;
        ::_exit(fm_open("Local\\nothing", FM_ACCESS_READ, &none) == FM_E_NOT_FOUND ? 0 : 1);
    }
    ::waitpid(process, nullptr, 0);
}

int report(driver &done, const settings &chosen, const std::filesystem::path &folder) {
    board &seen = done.shared();
    unsigned before = entries_in(folder);
    use_once();
    unsigned after = entries_in(folder);
    auto number = [](const std::atomic<uint64_t> &value) { return static_cast<unsigned long long>(value.load()); };
    std::printf("%llu kills, %llu creates, %llu joins, %llu reopens, %llu checks, %llu views outlived, %llu forks, %llu sweeps\n",
                static_cast<unsigned long long>(done.kills()), number(seen.creates), number(seen.joins), number(seen.reopens),
                number(seen.checks), number(seen.views_outlived), number(seen.forks), number(seen.sweeps));
    std::printf("%u violations, %u entries left by the last kills, %u after one use\n", seen.violations.load(), before, after);
    if (seen.violations.load() != 0) std::printf("first violation: %s\n", seen.first_violation);
    if (done.kills() < chosen.least_kills) std::printf("only %llu kills, %u are the least\n", static_cast<unsigned long long>(done.kills()), chosen.least_kills);
    return seen.violations.load() != 0 || after != 0 || done.kills() < chosen.least_kills;
}

} // namespace

int main(int count, char **arguments) {
    if (count == 9 && std::strcmp(arguments[1], "--work") == 0) {
        auto number = [&](int i) { return static_cast<uint32_t>(std::strtoul(arguments[i], nullptr, 10)); };
        return work({arguments[2], number(3), number(4), number(5), number(6), number(7) != 0, number(8) != 0});
    }
    settings chosen;
    if (!parse(count, arguments, chosen)) return 2;
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    const char *given = std::getenv("FILEMAP_DIR");
    std::filesystem::path folder = given != nullptr ? given : "/dev/shm";
    folder /= "filemap-kill-" + std::to_string(::getpid());
    std::filesystem::create_directory(folder);
    ::setenv("FILEMAP_DIR", folder.c_str(), 1);
    driver kills(chosen, folder / "board");
    kills.run();
    int result = report(kills, chosen, folder);
    std::filesystem::remove_all(folder);
    return result;
}
