// The half of child.hpp that is the same on every system: roles and lines.
#include "support/child.hpp"

#include "support/system.hpp"

#include <iostream>
#include <map>
#include <stdexcept>

namespace fm::test {

namespace {

const std::string role_option = "--role=";

std::map<std::string, role_function> &roles() {
    static std::map<std::string, role_function> all;
    return all;
}

arguments command_line(const std::string &role, const arguments &values) {
    arguments all = {role_option + role};
    all.insert(all.end(), values.begin(), values.end());
    return all;
}

std::string without_line_end(std::string line) {
    if (!line.empty() && line.back() == '\r') line.pop_back(); // Windows writes text with \r\n
    return line;
}

} // namespace

role::role(const char *name, role_function function) {
    roles()[name] = function;
}

std::optional<int> run_role(int argc, char **argv) {
    if (argc < 2 || std::string(argv[1]).rfind(role_option, 0) != 0) return std::nullopt;
    const std::string name = std::string(argv[1]).substr(role_option.size());
    const auto found = roles().find(name);
    if (found == roles().end()) {
        std::cerr << "there is no role " << name << "\n";
        return 125;
    }
    try {
        return found->second(arguments(argv + 2, argv + argc));
    } catch (const std::exception &error) {
        std::cerr << "role " << name << ": " << error.what() << "\n";
        return 124;
    }
}

void say(const std::string &line) {
    std::cout << line << std::endl;
}

std::optional<std::string> hear() {
    std::string line;
    if (!std::getline(std::cin, line)) return std::nullopt;
    return without_line_end(line);
}

child::child(const std::string &role, const arguments &values, const child_options &options)
    : process_(process::start(command_line(role, values), options)) {}

void child::send(const std::string &line) {
    process_->write_all(line + "\n");
}

std::optional<std::string> child::receive() {
    const time_point deadline = std::chrono::steady_clock::now() + patience;
    std::size_t end = 0;
    while ((end = received_.find('\n')) == std::string::npos) {
        char buffer[4096];
        const std::size_t got = process_->read_some(buffer, sizeof buffer, deadline);
        if (got == 0) return std::nullopt;
        received_.append(buffer, got);
    }
    std::string line = received_.substr(0, end);
    received_.erase(0, end + 1);
    return without_line_end(line);
}

void child::expect(const std::string &line) {
    const std::optional<std::string> got = receive();
    if (got != line) throw std::runtime_error("expected \"" + line + "\", the child said " + got.value_or("nothing"));
}

std::string child::wait() {
    return process_->wait(std::chrono::steady_clock::now() + patience);
}

} // namespace fm::test
