// Claiming a slot, telling the living from the dead, and growing.

#include "platform/linux/sync/registry.hpp"

#include "platform/linux/space.hpp"
#include "platform/linux/sync/kill_point.hpp"
#include "platform/linux/sync/object.hpp"
#include "platform/linux/sync/registry_file.hpp"
#include "platform/platform.hpp"

#include <mutex>

namespace fm::sync {

namespace {

std::mutex opening;
std::atomic<registry *> registries[2] = {nullptr, nullptr}; // never given back

/// Where process ids of this process count; 0 where that cannot be told.
uint64_t process_space() {
    static const uint64_t number = [] {
        posix::descriptor file(sys::openat(sys::at_cwd, "/proc/self/ns/pid", sys::open_read_only));
        sys::file_status status;
        return file && sys::status_of(file.get(), status) == 0 ? status.inode : 0;
    }();
    return number;
}

/// Puts the thread's pending word back as the C library had it.
class pending_keeper {
public:
    explicit pending_keeper(const robust_list &list) : list_(list), before_(list.pending()) {}
    ~pending_keeper() { list_.restore_pending(before_); }
    pending_keeper(const pending_keeper &) = delete;
    pending_keeper &operator=(const pending_keeper &) = delete;

private:
    const robust_list &list_;
    void *before_;
};

/// A word of the claimed slot begins to live. It is pending until it is on the list, so a kill in between is seen too.
void link(const robust_list &list, std::atomic<uint32_t> &word, uint32_t value) {
    list.set_pending(&word);
    word.store(value, std::memory_order_release);
    reach(point::death_word_linked);
    list.add(word);
}

} // namespace

result<registry *> registry::of(bool shared) {
    if (registry *known = registries[shared].load(std::memory_order_acquire)) return known;
    static const bool once = (platform::on_fork([] { opening.lock(); }, [] { opening.unlock(); }, [] { opening.unlock(); }), true);
    static_cast<void>(once);
    std::lock_guard guard(opening);
    if (registry *known = registries[shared].load()) return known;
    auto opened = open_registry(shared);
    if (!opened) return opened.error();
    registry *kept = opened->release();
    registries[shared].store(kept, std::memory_order_release);
    return kept;
}

/// What a dead predecessor left undecided is decided, and its reservations are taken back. False where one of them is
/// on an object that this process does not have: then the slot waits for a process that does.
bool registry::settle(uint32_t index) {
    slot &place = at(index);
    uint32_t entries = place.entries.load();
    if (entries == 0) return true;
    uint32_t status = place.status.load();
    if ((status & outcome_mask) == undecided) place.status.compare_exchange_strong(status, status | aborted);
    for (uint32_t k = 0; k < entries && k < most_entries; ++k)
        if (!settle_left_on(*this, index, place.changes[k].id.load())) return false;
    place.entries.store(0);
    return true;
}

/// A claimed slot keeps the mark of death until its number is a new one: no old owner may seem to live again.
result<bool> registry::try_claim(const robust_list &list, uint32_t index, bool whatever_was_left) {
    fm_status space = posix::provide(file_.get(), sizeof(registry_header) + uint64_t(index) * sizeof(slot), sizeof(slot), true);
    if (space < 0) return failure{space};
    slot &place = at(index);
    std::atomic<uint32_t> &first = place.deaths[0].word;
    uint32_t seen = first.load();
    if ((seen & thread_mask) != 0) return false;
    pending_keeper keeper(list);
    auto thread = static_cast<uint32_t>(sys::thread_id());
    list.set_pending(&first);
    if (!first.compare_exchange_strong(seen, thread | owner_died | has_waiters)) return false;
    reach(point::slot_claimed);
    if (!settle(index) && !whatever_was_left) {
        first.store(owner_died | has_waiters);
        return false;
    }
    reach(point::slot_settled);
    place.generation.fetch_add(1);
    place.process.store(static_cast<uint32_t>(sys::process_id()));
    place.process_space.store(process_space());
    reach(point::slot_numbered);
    link(list, first, thread | owner_died | has_waiters); // first of all: the kernel goes from the newest on, so marks it last
    for (uint32_t k = 1; k < death_words; ++k) link(list, place.deaths[k].word, thread | has_waiters);
    first.store(thread | has_waiters, std::memory_order_release);
    reach(point::slot_alive);
    return true;
}

/// 0 where there is none. Slots whose dead owners were changing objects that this process does not have are left for
/// those who do, and are only used where there are no others: most such objects are gone.
result<uint32_t> registry::claim_below(const robust_list &list, uint32_t window, bool whatever_was_left) {
    uint32_t start = header_->next_slot.fetch_add(1);
    for (uint32_t i = 0; i < window - 1; ++i) {
        uint32_t index = 1 + (start + i) % (window - 1);
        auto claimed = try_claim(list, index, whatever_was_left);
        if (!claimed) return claimed.error();
        if (*claimed) return index;
    }
    return uint32_t(0);
}

result<uint32_t> registry::claim(const robust_list &list) {
    if (!list.valid())
        return fail(FM_E_NOT_SUPPORTED, 0, "this thread has no robust list, by which others would learn of its end; start it by the C library");
    for (;;) {
        uint32_t window = header_->window.load();
        if (window < 2 || window > most_slots) return fail(FM_E_CORRUPT, 0, "the registry of waiting threads was written over");
        auto index = claim_below(list, window, false);
        if (!index || *index != 0) return index;
        if (bury_all_gone(window)) continue;
        if (window == most_slots) break;
        header_->window.compare_exchange_strong(window, window * 2);
    }
    auto index = claim_below(list, most_slots, true);
    if (index && *index == 0) return fail(FM_E_NO_HANDLES, 0, "%u threads own mutexes or wait at once; that is the limit", most_slots - 1);
    return index;
}

bool registry::bury_if_gone(owner_id owner) {
    slot &place = at(slot_of(owner));
    uint32_t word = place.deaths[0].word.load();
    bool ours = (place.generation.load() & generation_mask) == owner >> slot_bits && !is_dead(word);
    uint64_t space = process_space();
    if (!ours || space == 0 || place.process_space.load() != space) return false;
    if (!sys::thread_is_gone(static_cast<int32_t>(place.process.load()), static_cast<int32_t>(word & thread_mask))) return false;
    for (uint32_t k = death_words; k-- > 0;) { // the first one last, as the kernel does
        std::atomic<uint32_t> &mark = place.deaths[k].word;
        uint32_t seen = word;
        if ((place.generation.load() & generation_mask) != owner >> slot_bits) break; // a living thread's slot by now
        mark.compare_exchange_strong(seen, owner_died | has_waiters);
        sys::wake(&mark, sys::most_wakes);
    }
    return true;
}

/// Before the window is widened or found full: the slots of threads that nobody waits for.
bool registry::bury_all_gone(uint32_t window) {
    bool found = false;
    for (uint32_t index = 1; index < window; ++index)
        found |= bury_if_gone((at(index).generation.load() & generation_mask) << slot_bits | index);
    return found;
}

} // namespace fm::sync
