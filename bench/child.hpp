// Child processes of the benchmark: this same program in a role, asked and answering by lines through pipes.
// Knows nothing of what the roles do.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace bench {

/// A child that ends with its owner: at the end of its input it leaves, and it is reaped.
class child {
public:
    /// Starts this program with `arguments`, and with `directory` as its namespace.
    child(const std::string &directory, const std::vector<std::string> &arguments);
    child(child &&other) noexcept;
    child &operator=(child &&) = delete;
    child(const child &) = delete;
    child &operator=(const child &) = delete;
    ~child();

    /// The next line that it prints, without the newline. Throws where it ends without one, or says "error ...".
    std::string answer();
    /// Sends a line.
    void tell(const std::string &line);
    /// Sends a line, and gives the answer.
    std::string ask(const std::string &line);

private:
    pid_t process_ = -1;
    int to_ = -1;
    int from_ = -1;
};

} // namespace bench
