// The C library's part: the environment, the words for errors, and what happens around fork() and exit().

#include "platform/linux/libc.hpp"

#include "platform/platform.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <pthread.h>

namespace fm::posix {

std::string environment(const char *name) {
    const char *value = ::secure_getenv(name);
    return value != nullptr ? value : "";
}

} // namespace fm::posix

namespace fm::platform {

void describe_error(int32_t os_error, char *buffer, std::size_t capacity) {
    std::snprintf(buffer, capacity, "%s", ::strerror_r(os_error, buffer, capacity));
}

void on_fork(void (*before)(), void (*in_parent)(), void (*in_child)()) {
    ::pthread_atfork(before, in_parent, in_child);
}

void on_exit(void (*close_all)()) {
    std::atexit(close_all);
}

} // namespace fm::platform
