// The objects of this process by their ids.

#include "platform/linux/sync/object.hpp"

#include "platform/linux/sync/reservation.hpp"
#include "platform/platform.hpp"

#include <mutex>
#include <unordered_map>

namespace fm::sync {

namespace {

std::mutex looking;

using object_map = std::unordered_multimap<uint64_t, const object *>;
object_map &objects() {
    static auto &map = *new object_map; // used until the very end of the process
    return map;
}

} // namespace

void remember_object(const object &one) {
    static const bool once = (platform::on_fork([] { looking.lock(); }, [] { looking.unlock(); }, [] { looking.unlock(); }), true);
    static_cast<void>(once);
    std::lock_guard guard(looking);
    objects().emplace(one.id, &one);
}

void forget_object(const object &one) {
    std::lock_guard guard(looking);
    auto [first, last] = objects().equal_range(one.id);
    for (auto at = first; at != last; ++at) {
        if (at->second != &one) continue;
        objects().erase(at);
        return;
    }
}

bool settle_left_on(registry &home, uint32_t slot_index, uint64_t id) {
    std::lock_guard guard(looking); // keeps the words mapped
    auto found = objects().find(id);
    if (found == objects().end()) return false;
    std::atomic<state> &value = found->second->value();
    for (;;) {
        state seen = value.load(std::memory_order_acquire);
        bool ours = (seen & reserved_bit) && (static_cast<uint32_t>(seen >> 32) & 0xffffu) == slot_index;
        if (!ours || !resolve(home, value, seen)) return true;
    }
}

} // namespace fm::sync
