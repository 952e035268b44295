// Starting the program again in a role: fork, pipes as standard input and output, exec.
#include "child.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace bench {

namespace {

std::array<int, 2> make_pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
    return ends;
}

[[noreturn]] void become(int input, int output, const std::string &directory, std::vector<std::string> arguments) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(input, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    setenv("FILEMAP_DIR", directory.c_str(), 1);
    arguments.insert(arguments.begin(), "filemap_bench");
    std::vector<char *> pointers;
    for (std::string &argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    execv("/proc/self/exe", pointers.data());
    _exit(127);
}

} // namespace

child::child(const std::string &directory, const std::vector<std::string> &arguments) {
    const auto [input, to] = make_pipe();
    const auto [from, output] = make_pipe();
    process_ = fork();
    if (process_ == 0) become(input, output, directory, arguments);
    const int error = errno;
    close(input);
    close(output);
    to_ = to;
    from_ = from;
    if (process_ < 0) throw std::system_error(error, std::generic_category(), "fork");
}

child::child(child &&other) noexcept
    : process_(std::exchange(other.process_, -1)), to_(std::exchange(other.to_, -1)),
      from_(std::exchange(other.from_, -1)) {}

child::~child() {
    if (to_ >= 0) close(to_);
    if (from_ >= 0) close(from_);
    if (process_ > 0) waitpid(process_, nullptr, 0);
}

std::string child::answer() {
    std::string line;
    for (char letter = 0; read(from_, &letter, 1) == 1;) {
        if (letter != '\n') {
            line += letter;
            continue;
        }
        if (line.starts_with("error ")) throw std::runtime_error("a child process says: " + line);
        return line;
    }
    throw std::runtime_error("a child process ended without an answer");
}

void child::tell(const std::string &line) {
    const std::string text = line + "\n";
    if (write(to_, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        throw std::system_error(errno, std::generic_category(), "asking a child process");
}

std::string child::ask(const std::string &line) {
    tell(line);
    return answer();
}

} // namespace bench
