// fork() with two pipes. Everything in the child ends in _exit(), so that it never runs the tests of its parent.
#include "process/forked.hpp"

#include "support/child.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <iostream>
#include <poll.h>
#include <stdexcept>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fm::test {

namespace {

void await_readable(int fd) {
    pollfd waiting = {fd, POLLIN, 0};
    const auto limit = std::chrono::milliseconds(patience).count();
    int ready;
    do ready = poll(&waiting, 1, static_cast<int>(limit));
    while (ready < 0 && errno == EINTR);
    if (ready != 1) throw std::runtime_error("the other process took too long");
}

int run(const std::function<int(const forked::partner &)> &body, int input, int output) {
    try {
        return body(forked::partner(input, output));
    } catch (const std::exception &error) {
        std::cerr << "forked child: " << error.what() << std::endl;
        return 124;
    }
}

} // namespace

void forked::partner::signal() const {
    if (write(output_, "!", 1) != 1) throw std::runtime_error("the other process reads no more");
}

void forked::partner::await() const {
    char byte = 0;
    await_readable(input_);
    if (read(input_, &byte, 1) != 1) throw std::runtime_error("the other process is gone");
}

forked::forked(const std::function<int(const partner &)> &body) {
    int down[2], up[2];
    if (pipe2(down, O_CLOEXEC) != 0 || pipe2(up, O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
    pid_ = fork();
    if (pid_ < 0) throw std::runtime_error("fork failed");
    if (pid_ == 0) {
        close(down[1]);
        close(up[0]);
        _exit(run(body, down[0], up[1]));
    }
    close(down[0]);
    close(up[1]);
    to_child_ = down[1];
    from_child_ = up[0];
}

forked::~forked() {
    kill();
    if (!reaped_) waitpid(pid_, nullptr, 0);
    close(to_child_);
    close(from_child_);
}

void forked::kill() const {
    if (!reaped_) ::kill(pid_, SIGKILL);
}

int forked::wait() {
    const int watched = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
    if (watched < 0) throw std::runtime_error("pidfd_open failed");
    await_readable(watched);
    close(watched);
    int status = 0;
    if (waitpid(pid_, &status, 0) != pid_) throw std::runtime_error("waitpid failed");
    reaped_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

} // namespace fm::test
