// Becoming a participant, and forgetting it in a forked child, whose thread is another one.

#include "platform/linux/sync/participant.hpp"

#include "platform/platform.hpp"

namespace fm::sync {

namespace {

void forget_participants() {
    for (participant &mine : detail::participants) mine = {};
}

} // namespace

namespace detail {

constinit thread_local participant participants[2];

participant &begin_part(registry &home) {
    static const bool once = (platform::on_fork([] {}, [] {}, forget_participants), true);
    static_cast<void>(once);
    robust_list list = robust_list::mine();
    auto index = home.claim(list);
    if (!index) throw index.error();
    participant &mine = participants[home.shared()];
    mine.home = &home;
    mine.own = &home.at(*index);
    mine.index = *index;
    mine.id = (mine.own->generation.load() & generation_mask) << slot_bits | *index;
    mine.sequence = mine.own->status.load() >> 2;
    mine.list = list;
    return mine;
}

} // namespace detail

} // namespace fm::sync
