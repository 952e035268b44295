// Slots of the registry: nobody may have one that somebody else who lives has, nor come to be taken for who had it before.

#include "loops.hpp"
#include "tasks.hpp"

namespace fm::kill_sync {

namespace {

uint64_t name_of(const seat &one) { return uint64_t(one.process.load()) << 32 | one.thread.load(); }

} // namespace

void check_slot(actor &self) {
    const sync::participant &mine = sync::detail::participants[0];
    if (mine.own == nullptr) return;
    board &shared = self.shared();
    uint64_t name = name_of(self.own()), before = shared.slot_users[mine.index].exchange(name);
    if (before == name) return;
    auto process = static_cast<uint32_t>(before >> 32), thread = static_cast<uint32_t>(before);
    if (before != 0 && !ends_soon(process, thread))
        violation(shared, "slot %u was given to thread %u, and thread %u of %u has it", mine.index,
                  self.own().thread.load(), thread, process);
    if (shared.slot_numbers[mine.index].exchange(mine.id) == mine.id)
        violation(shared, "two owners in slot %u have the number 0x%x", mine.index, mine.id);
    shared.notes[0].fetch_add(1);
}

void leave_slot(actor &self) {
    const sync::participant &mine = sync::detail::participants[0];
    if (mine.own == nullptr) return;
    uint64_t expected = name_of(self.own());
    self.shared().slot_users[mine.index].compare_exchange_strong(expected, 0);
}

} // namespace fm::kill_sync
