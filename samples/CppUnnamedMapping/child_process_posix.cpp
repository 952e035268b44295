// Other processes on Linux. A child has every descriptor that is not marked close-on-exec.
#include "child_process.hpp"

#include <cstdlib>

#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

std::int64_t own_process_id() {
    return getpid();
}

std::string own_program() {
    return "/proc/self/exe"; // looked up in the child before it becomes another program, so it names this one
}

void set_for_children(const char *variable, const char *value) {
    setenv(variable, value, 1);
}

std::optional<std::intptr_t> start_child(const std::vector<std::string> &program_and_arguments) {
    std::vector<char *> words;
    for (const std::string &word : program_and_arguments) words.push_back(const_cast<char *>(word.c_str()));
    words.push_back(nullptr);
    pid_t child = 0;
    if (posix_spawnp(&child, words[0], nullptr, nullptr, words.data(), environ) != 0) return std::nullopt;
    return child;
}

int wait_for_child(std::intptr_t child) {
    int status = 0;
    waitpid(static_cast<pid_t>(child), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

void wait_for_end_of(std::int64_t process_id) {
    const int process = static_cast<int>(syscall(SYS_pidfd_open, static_cast<pid_t>(process_id), 0));
    if (process < 0) return; // there is none of this id: it has ended before
    pollfd end{process, POLLIN, 0};
    poll(&end, 1, -1);
    close(process);
}
