// Child processes on Linux: fork and exec, pipes, a pidfd to wait with a deadline.
#include "support/child.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

extern char **environ;

namespace fm::test {

namespace {

[[noreturn]] void raise_errno(const char *what) {
    throw std::system_error(errno, std::generic_category(), what);
}

class descriptor {
public:
    explicit descriptor(int value = -1) : value_(value) {}
    descriptor(descriptor &&other) noexcept : value_(std::exchange(other.value_, -1)) {}
    descriptor &operator=(descriptor &&other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }
    ~descriptor() { close(); }
    void close() {
        if (value_ >= 0) ::close(std::exchange(value_, -1));
    }
    int get() const { return value_; }

private:
    int value_;
};

struct pipe_ends {
    descriptor reading;
    descriptor writing;
};

pipe_ends make_pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) raise_errno("pipe2");
    return {descriptor(ends[0]), descriptor(ends[1])};
}

/// Waits until the descriptor is readable or the deadline has passed.
void await_readable(int fd, time_point deadline) {
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) throw std::runtime_error("the child took too long");
        pollfd waiting = {fd, POLLIN, 0};
        const int ready = poll(&waiting, 1, static_cast<int>(left.count()));
        if (ready > 0) return;
        if (ready < 0 && errno != EINTR) raise_errno("poll");
    }
}

std::vector<char *> pointers(std::vector<std::string> &strings) {
    std::vector<char *> all;
    for (std::string &text : strings) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>> &added) {
    std::vector<std::string> all;
    for (char **entry = environ; *entry; ++entry) {
        const std::string text = *entry;
        bool replaced = false;
        for (const auto &[name, value] : added) replaced = replaced || text.rfind(name + "=", 0) == 0;
        if (!replaced) all.push_back(text);
    }
    for (const auto &[name, value] : added) all.push_back(name + "=" + value);
    return all;
}

constexpr const char *own_program = "/proc/self/exe";

/// The test program itself, or the same program of another build: 32-bit children for 64-bit tests, and the reverse.
const char *child_program() {
    static const char *const other = std::getenv("FILEMAP_TEST_CHILD");
    return other != nullptr ? other : own_program;
}

/// In the new process, between fork and exec: only calls that are allowed there.
[[noreturn]] void become(char **command, char **environment, int input, int output, const child_options &options) {
    bool ready = options.hand_over || (dup2(input, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0);
    if (!options.inherit) ready = ready && close_range(3, ~0u, CLOSE_RANGE_CLOEXEC) == 0;
    if (options.user != 0) {
        ready = ready && setgroups(0, nullptr) == 0 && setgid(options.user) == 0 && setuid(options.user) == 0;
    }
    if (ready) execve(options.user == 0 ? child_program() : own_program, command, environment);
    _exit(126);
}

class posix_process final : public process {
public:
    posix_process(const arguments &command, const child_options &options) : handed_over_(options.hand_over) {
        std::signal(SIGPIPE, SIG_IGN); // a child that is gone is an error of write(), not the end of the tests
        pipe_ends to_child = make_pipe();
        pipe_ends from_child = make_pipe();
        std::vector<std::string> words = command;
        words.insert(words.begin(), "filemap-test-child");
        std::vector<std::string> variables = environment_with(options.environment);
        const std::vector<char *> word_pointers = pointers(words);
        const std::vector<char *> variable_pointers = pointers(variables);
        child_program(); // looked up before the fork
        pid_ = fork();
        if (pid_ < 0) raise_errno("fork");
        if (pid_ == 0) {
            become(const_cast<char **>(word_pointers.data()), const_cast<char **>(variable_pointers.data()),
                   to_child.reading.get(), from_child.writing.get(), options);
        }
        input_ = std::move(to_child.writing);
        output_ = std::move(from_child.reading);
        watched_ = descriptor(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
        if (watched_.get() >= 0) return;
        end();
        throw std::runtime_error("pidfd_open failed");
    }

    ~posix_process() override {
        if (outcome_.empty() && !handed_over_) end();
    }

    int64_t id() const override { return pid_; }

    std::size_t read_some(char *buffer, std::size_t capacity, time_point deadline) override {
        await_readable(output_.get(), deadline);
        const ssize_t got = ::read(output_.get(), buffer, capacity);
        if (got < 0) raise_errno("read");
        return static_cast<std::size_t>(got);
    }

    void write_all(const std::string &bytes) override {
        for (std::size_t done = 0; done < bytes.size();) {
            const ssize_t wrote = ::write(input_.get(), bytes.data() + done, bytes.size() - done);
            if (wrote < 0) raise_errno("write to the child");
            done += static_cast<std::size_t>(wrote);
        }
    }

    void close_input() override { input_.close(); }
    void kill() override {
        if (outcome_.empty()) ::kill(pid_, SIGKILL);
    }

    std::string wait(time_point deadline) override {
        if (!outcome_.empty()) return outcome_;
        await_readable(watched_.get(), deadline);
        int status = 0;
        if (waitpid(pid_, &status, 0) != pid_) raise_errno("waitpid");
        return outcome_ = describe(status);
    }

private:
    void end() {
        ::kill(pid_, SIGKILL);
        while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
    }

    static std::string describe(int status) {
        if (WIFEXITED(status)) return "exit " + std::to_string(WEXITSTATUS(status));
        const int number = WTERMSIG(status);
        if (number == SIGKILL) return "killed";
        return number == SIGSEGV || number == SIGBUS ? "fault" : "signal " + std::to_string(number);
    }

    bool handed_over_;
    pid_t pid_ = -1;
    descriptor input_;
    descriptor output_;
    descriptor watched_;
    std::string outcome_; ///< empty while it runs or has not been reaped
};

} // namespace

std::unique_ptr<process> process::start(const arguments &command, const child_options &options) {
    return std::make_unique<posix_process>(command, options);
}

} // namespace fm::test
