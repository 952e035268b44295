// The rarer cases of taking.hpp.

#include "platform/linux/sync/taking.hpp"

namespace fm::sync {

readiness detail::examine_timer(const object &one, state value, state &next) {
    if (value & ready_bit) {
        next = one.manual ? value : bump(value) & ~ready_bit;
        return readiness::yes;
    }
    switch (look_at_timer(one, value, next)) {
    case timer_answer::outdated: return readiness::outdated;
    case timer_answer::not_due: return readiness::no;
    default: break;
    }
    if (one.manual) next |= ready_bit; // stays ready until it is set again, whatever the clock does
    return readiness::yes;
}

readiness detail::take_again(const object &one) {
    constexpr uint32_t most = 0x7fffffff;
    uint32_t times = one.shared->reacquired.load(std::memory_order_relaxed);
    if (times >= most) throw fail(FM_E_TOO_MANY, 0, "this thread has acquired the mutex %u times; that is the limit", times);
    one.shared->reacquired.store(times + 1, std::memory_order_relaxed);
    return readiness::mine;
}

void detail::begin_anew(const object &one) {
    reach(point::after_taking_over);
    one.shared->reacquired.store(0, std::memory_order_relaxed);
}

bool seems_ready(const object &one, state value) {
    state next;
    if (one.kind != FM_KIND_MUTEX) return examine(one, value, pulses_of(one, value), next) == readiness::yes;
    owner_id owner = payload_of(value);
    return (value & ready_bit) || owner == own_id(one) || !one.home->alive(owner);
}

} // namespace fm::sync
