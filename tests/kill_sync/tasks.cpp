// The rules of tasks.hpp, out of /proc.

#include "tasks.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <unistd.h>

namespace fm::kill_sync {

task_state look_at_task(uint32_t process, uint32_t thread) {
    constexpr unsigned long ending = 4; // PF_EXITING
    char path[64], text[512];
    std::snprintf(path, sizeof path, "/proc/%u/task/%u/stat", process, thread);
    int fd = ::open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return task_state::gone;
    ssize_t length = ::read(fd, text, sizeof text - 1);
    ::close(fd);
    if (length <= 0) return task_state::gone;
    text[length] = 0;
    const char *after_name = std::strrchr(text, ')'); // then: state parent group session terminal its-group flags
    char state = 0;
    unsigned long flags = 0;
    bool read = after_name != nullptr && std::sscanf(after_name + 1, " %c %*d %*d %*d %*d %*d %lu", &state, &flags) == 2;
    if (!read) return task_state::gone;
    if (state == 'Z' || state == 'X') return task_state::gone;
    if (flags & ending) return task_state::ending;
    return state == 'S' ? task_state::asleep : task_state::running;
}

bool ends_soon(uint32_t process, uint32_t thread) {
    for (int turn = 0; turn < 1000; ++turn) {
        task_state state = look_at_task(process, thread);
        if (state == task_state::gone || state == task_state::ending) return true;
        ::usleep(1000);
    }
    return false;
}

int64_t monotonic() {
    timespec now;
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

} // namespace fm::kill_sync
