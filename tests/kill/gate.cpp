// The gate of sys.hpp, as the kill test uses it.

#include "gate.hpp"

#include "platform/linux/sys.hpp"

#include <csignal>
#include <random>
#include <sys/syscall.h>
#include <unistd.h>

namespace fm::kill {

namespace {

uint32_t one_in = 0;
bool lies = false;
std::minstd_rand dice;

bool falls() { return one_in != 0 && dice() % one_in == 0; }

void die() {
    ::kill(::getpid(), SIGKILL);
    for (;;) ::pause();
}

#if defined(__i386__)
constexpr uint32_t fcntl_number = SYS_fcntl64;
#else
constexpr uint32_t fcntl_number = SYS_fcntl;
#endif
constexpr intptr_t get_lock = 36, set_lock = 37;
constexpr int16_t exclusive = 1, unlocked = 2;

/// True where the call was answered with a lie: nobody holds a lock, and everybody may have one.
bool lie(const sys::request &call) {
    if (call.number != fcntl_number) return false;
    auto *kind = reinterpret_cast<int16_t *>(call.arguments[2]);
    if (call.arguments[1] == get_lock) return *kind = unlocked, true;
    return call.arguments[1] == set_lock && *kind == exclusive;
}

intptr_t gated(const sys::request &call) {
    if (falls()) die();
    intptr_t answer = lies && lie(call) ? 0 : sys::enter_kernel(call);
    if (falls()) die();
    return answer;
}

} // namespace

void install_gate(uint32_t kill_one_in, uint32_t seed, bool lie_about_locks) {
    one_in = kill_one_in;
    lies = lie_about_locks;
    dice.seed(seed);
    sys::set_gate(gated);
}

} // namespace fm::kill
