// Code that needs a process that has not used the library yet, or not that part of it: it runs in a forked one.
#pragma once

#include <cstdio>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fm::fault {

/// What a forked process tells: memory that both have.
template <class Report>
Report *shared_report() {
    void *memory = ::mmap(nullptr, sizeof(Report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory != MAP_FAILED ? static_cast<Report *>(memory) : nullptr;
}

/// Runs the code in a process of its own; false where that did not end as it should, within a minute.
template <class Code>
bool elsewhere(Code code) {
    std::fflush(nullptr);
    pid_t process = ::fork();
    if (process == 0) {
        ::alarm(60);
        code();
        std::fflush(nullptr);
        ::_exit(0);
    }
    int end = 0;
    return process > 0 && ::waitpid(process, &end, 0) == process && WIFEXITED(end) && WEXITSTATUS(end) == 0;
}

} // namespace fm::fault
