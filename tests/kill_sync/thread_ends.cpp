// All the ways in which a thread ends while it owns a mutex, its process alive; and a fork, by which nobody else comes
// to own it.

#include "loops.hpp"
#include "worker.hpp"

#include <csignal>
#include <pthread.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace fm::kill_sync {

namespace {

void end_by_cancellation() {
    std::thread([it = ::pthread_self()] {
        ::usleep(50);
        ::pthread_cancel(it);
    }).detach();
    for (;;) ::pause();
}

/// The kernel does not mark the words of a thread that calls exec while it is not its process's first: that has got
/// another id by then. Waiters find out by themselves, within one of their short naps.
void end_by_exec(actor &self) {
    seat &own = self.own();
    self.turn_to(doing::tallying);
    for (uint32_t i = 0; i < self.objects().count(); ++i)
        if (has(own.held.load(), i)) self.shared().records[i].ended.fetch_add(1);
    start_again();
}

} // namespace

bool end_owning(actor &self) {
    uint32_t way = self.dice()() % 4;
    if (way == 3 && !self.alone()) way = 0; // others at this process's seats would not be counted
    if (way == 3) end_by_exec(self);
    self.turn_to(doing::ending);
    if (way == 1) ::pthread_exit(nullptr);
    if (way == 2) end_by_cancellation();
    return true;
}

void fork_owning(actor &self, uint32_t mutex) {
    fm_handle handle = self.objects().handle(mutex);
    pid_t child = ::fork();
    if (child == 0) {
        sit_down(nullptr, 0, false);
        bool stranger = fm_mutex_release(handle) == FM_E_NOT_OWNER && fm_wait(handle, 0) != FM_OK;
        if (stranger && self.one_in(2)) ::kill(::getpid(), SIGKILL);
        ::_exit(stranger ? 0 : 1);
    }
    int end = 0;
    if (child < 0 || ::waitpid(child, &end, 0) != child) return;
    if (WIFEXITED(end) && WEXITSTATUS(end) != 0)
        violation(self.shared(), "the child of an owner was taken for the owner of mutex %u", mutex);
}

} // namespace fm::kill_sync
