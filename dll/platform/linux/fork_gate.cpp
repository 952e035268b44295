// A mutex and a count, because the C library's reader-writer lock, taken before a fork, cannot be given back in the
// child.

#include "platform/linux/fork_gate.hpp"

#include "platform/linux/sys.hpp"
#include "platform/platform.hpp"

#include <atomic>
#include <mutex>

namespace fm::posix {

namespace {

std::mutex entering;
std::atomic<uint32_t> inside{0};
std::atomic<uint32_t> age{0};

void before_fork() {
    entering.lock();
    while (inside.load() != 0) sys::yield();
}

void after_fork() {
    age.fetch_add(1);
    entering.unlock();
}

} // namespace

no_fork::no_fork() {
    std::lock_guard guard(entering);
    inside.fetch_add(1);
}

no_fork::~no_fork() {
    inside.fetch_sub(1);
}

uint32_t fork_age() {
    return age.load();
}

void watch_forks() {
    static const bool once = (platform::on_fork(before_fork, after_fork, after_fork), true);
    static_cast<void>(once);
}

} // namespace fm::posix
