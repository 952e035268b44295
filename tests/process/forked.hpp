// A forked copy of the test process, for what only fork() does: the child has the parent's handles and views.
#pragma once

#include <functional>
#include <string>
#include <sys/types.h>

namespace fm::test {

/// Runs `body` in a forked child. The two take turns: each waits for the other with one byte through a pipe.
class forked {
public:
    /// The child's end of the two pipes.
    class partner {
    public:
        partner(int input, int output) : input_(input), output_(output) {}
        void signal() const; ///< lets the other go on
        void await() const;  ///< until the other signals, or throws where it is gone or the deadline passes

    private:
        int input_;
        int output_;
    };

    /// The result of `body` is the exit code.
    explicit forked(const std::function<int(const partner &)> &body);
    ~forked(); ///< kills the child if it runs, and reaps it
    forked(const forked &) = delete;
    forked &operator=(const forked &) = delete;

    void signal() const { partner(from_child_, to_child_).signal(); }
    void await() const { partner(from_child_, to_child_).await(); }
    void kill() const;
    int wait(); ///< the exit code, or minus the signal

private:
    pid_t pid_ = -1;
    bool reaped_ = false;
    int to_child_ = -1;
    int from_child_ = -1;
};

} // namespace fm::test
