// system.hpp for Linux.
#include "support/system.hpp"

#include <csignal>
#include <filesystem>
#include <iterator>
#include <sys/resource.h>
#include <unistd.h>

namespace fm::test {

bool on_windows() {
    return false;
}
bool under_wine() {
    return false;
}
int64_t process_id() {
    return getpid();
}

uint64_t open_handle_count() {
    const std::filesystem::directory_iterator descriptors("/proc/self/fd");
    return static_cast<uint64_t>(std::distance(begin(descriptors), end(descriptors)));
}

bool may_create_global() {
    return true;
}
bool may_change_user() {
    return geteuid() == 0;
}

void die_quietly_on_fault() {
    for (const int number : {SIGSEGV, SIGBUS}) std::signal(number, SIG_DFL); // a sanitizer's report is not wanted here
    const rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
}

} // namespace fm::test
