// The rules of crew.hpp.

#include "crew.hpp"

#include <csignal>
#include <cstdlib>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fm::kill_sync {

uint32_t crew::hire(uint32_t seats) {
    member fresh;
    fresh.first = seats_;
    fresh.seats = seats;
    seats_ += seats;
    start(fresh);
    processes_.push_back(fresh);
    return size() - 1;
}

void crew::start(member &one) {
    const std::string &worker = chosen_.workers[started_++ % chosen_.workers.size()];
    std::vector<std::string> words{"filemap_kill_sync", "--work", board_path_, std::to_string(static_cast<uint32_t>(which_)),
                                   std::to_string(one.first), std::to_string(one.seats), std::to_string(dice_())};
    std::vector<char *> arguments;
    for (std::string &word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    bool without = fallback_ == fallback::everybody || (fallback_ == fallback::some && dice_() % 2 == 0);
    ::setenv("FILEMAP_NO_FUTEX_WAITV", without ? "1" : "0", 1);
    if (::posix_spawn(&one.id, worker.c_str(), nullptr, nullptr, arguments.data(), environ) != 0) {
        violation(board_, "%s cannot be started", worker.c_str());
        one.id = 0;
    }
}

void crew::kill(uint32_t process) {
    if (processes_[process].id != 0) ::kill(processes_[process].id, SIGKILL);
}

void crew::kill_somebody() { kill(static_cast<uint32_t>(dice_() % processes_.size())); }

void crew::bury(member &one, int end, const std::function<void(const seat &)> &account) {
    bool at_point = false;
    for (uint32_t i = 0; i < one.seats; ++i) at_point |= board_.seats[one.first + i].died_at.load() != 0;
    if (!WIFSIGNALED(end) || WTERMSIG(end) != SIGKILL)
        violation(board_, "a worker ended with status 0x%x", static_cast<unsigned>(end));
    ++(at_point ? at_points_ : from_outside_);
    for (uint32_t i = 0; i < one.seats; ++i) {
        seat &dead = board_.seats[one.first + i];
        account(dead);
        clear(dead);
    }
}

void crew::reap(const std::function<void(const seat &)> &account) {
    int end = 0;
    for (pid_t ended; (ended = ::waitpid(-1, &end, WNOHANG)) > 0;)
        for (member &one : processes_) {
            if (one.id != ended) continue;
            bury(one, end, account);
            start(one);
        }
}

void crew::end() {
    board_.stop = 1;
    for (member &one : processes_)
        if (one.id != 0) ::kill(one.id, SIGKILL);
    for (member &one : processes_)
        if (one.id != 0) ::waitpid(one.id, nullptr, 0);
    for (uint32_t i = 0; i < seats_; ++i) clear(board_.seats[i]);
    processes_.clear();
}

void spread_kills(board &shared, bool on) {
    using sync::point;
    for (auto &chance : shared.one_in) chance = on ? 60 : 0;
    if (!on) return;
    for (point often : {point::before_take, point::after_take}) shared.one_in[static_cast<uint32_t>(often)] = 800;
    for (point now_and_then : {point::enlisted, point::awake, point::change_planned, point::reserved_one, point::settled_one,
                               point::reserved_for_wake, point::woken_committed, point::wake_settled, point::committed_all,
                               point::reserved_all, point::before_passing_on})
        shared.one_in[static_cast<uint32_t>(now_and_then)] = 250;
    for (point seldom : {point::before_abort, point::after_abort, point::change_undone, point::woken_refused})
        shared.one_in[static_cast<uint32_t>(seldom)] = 6;
}

} // namespace fm::kill_sync
