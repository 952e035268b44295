// Child processes for tests: the test program itself, started again with a role. A child talks with its parent in
// lines, over pipes on its standard input and output; every wait has a deadline; a child never outlives its object.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fm::test {

using arguments = std::vector<std::string>; ///< ASCII without quotes: they pass through a Windows command line
using time_point = std::chrono::steady_clock::time_point;

/// How long a child may take to answer or to end before the test fails. No test relies on its passing.
constexpr std::chrono::seconds patience{60};

struct child_options {
    bool inherit = false; ///< let the child inherit what is inheritable here; else nothing but the pipes
    std::vector<std::pair<std::string, std::string>> environment = {}; ///< added to this process's own
    uint32_t user = 0; ///< Linux, root only: the child becomes this user (and group) first
    bool hand_over = false; ///< give it this process's own input and output, to outlive its object and this process
};

/// One running process with two pipes. child_posix.cpp and child_windows.cpp implement it.
class process {
public:
    static std::unique_ptr<process> start(const arguments &command, const child_options &options);

    virtual ~process() = default; ///< kills the process if it runs, and reaps it
    virtual int64_t id() const = 0;
    /// Bytes the child has written; 0 when it has closed its output. Throws when the deadline passes.
    virtual std::size_t read_some(char *buffer, std::size_t capacity, time_point deadline) = 0;
    virtual void write_all(const std::string &bytes) = 0; ///< throws where the child reads no more
    virtual void close_input() = 0;
    virtual void kill() = 0; ///< SIGKILL, TerminateProcess
    /// "exit N", "fault" (a memory access went wrong) or "killed". Throws when the deadline passes.
    virtual std::string wait(time_point deadline) = 0;
};

/// The test program running as `role`. What was sent and is received goes on to whom the child handed its pipes over.
class child {
public:
    explicit child(const std::string &role, const arguments &values = {}, const child_options &options = {});

    int64_t id() const { return process_->id(); }
    void send(const std::string &line);
    /// The next line; nothing when the child has closed its output.
    std::optional<std::string> receive();
    /// Receives a line and throws where it is another one.
    void expect(const std::string &line);
    void close_input() { process_->close_input(); }
    void kill() { process_->kill(); }
    std::string wait(); ///< see process::wait()

private:
    std::unique_ptr<process> process_;
    std::string received_;
};

/// What a role does; the result is the child's exit code.
using role_function = int (*)(const arguments &values);

/// Registers a role under a name; one static object for each role.
struct role {
    role(const char *name, role_function function);
};

/// Runs the role that the command line names; nothing where it names none.
std::optional<int> run_role(int argc, char **argv);

/// In a child: a line to the parent, and one from it (nothing when it has closed the pipe).
void say(const std::string &line);
std::optional<std::string> hear();

} // namespace fm::test
