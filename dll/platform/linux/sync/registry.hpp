// Who is alive. Each thread that owns mutexes, or blocks, has a slot in a file that all processes map. A slot holds
// words that are on the thread's robust list: when the thread ends, however it ends, the kernel marks them and wakes
// who sleeps on them. A slot also holds the record of what its thread is about to change (reservation.hpp).
#pragma once

#include "core/failure.hpp"
#include "platform/linux/descriptor.hpp"
#include "platform/linux/sync/robust_list.hpp"
#include "platform/linux/sync/words.hpp"

namespace fm::sync {

inline constexpr uint32_t death_words = 16; ///< several, because the kernel wakes one sleeper of each
inline constexpr uint32_t most_entries = FM_MAX_WAIT;

/// A word that the kernel marks, where the C library would have a mutex of its own: the list's node lies behind the
/// word, at a distance that the thread's C library has chosen.
struct alignas(64) death_cell {
    std::atomic<uint32_t> word;
    std::atomic<uint32_t> node[15];
};

/// One object of a change: what it was, what it shall be.
struct planned_change {
    std::atomic<uint64_t> id, before, after;
};

struct alignas(4096) slot {
    death_cell deaths[death_words];
    std::atomic<uint32_t> generation;
    std::atomic<uint32_t> status;  ///< [sequence 30][outcome 2] of the change under way
    std::atomic<uint32_t> entries; ///< how many of the changes may have left a reservation
    std::atomic<uint32_t> process; ///< its thread's process as that saw itself
    alignas(8) std::atomic<uint64_t> process_space; ///< where that number counts: the inode of its pid namespace
    uint32_t spare[10];
    alignas(8) planned_change changes[most_entries];
};
static_assert(sizeof(slot) == 4096);

enum outcome : uint32_t { undecided = 0, committed = 1, aborted = 2, outcome_mask = 3 };

/// An owner: [generation 18][slot 14]. 0 is nobody: slot 0 is never used.
using owner_id = uint32_t;
inline constexpr uint32_t slot_bits = 14;
inline constexpr uint32_t most_slots = 1u << slot_bits;
inline constexpr uint32_t generation_mask = (1u << (32 - slot_bits)) - 1;
constexpr uint32_t slot_of(owner_id owner) { return owner & (most_slots - 1); }

struct alignas(4096) registry_header {
    char magic[8];
    uint32_t layout;
    std::atomic<uint32_t> window;    ///< slots in use are below this; doubled when there is no free one
    std::atomic<uint64_t> id;        ///< random: objects name the registry that their threads are in
    std::atomic<uint32_t> next_slot; ///< where the next search begins: ids come round as late as possible
    std::atomic<uint32_t> fallback;  ///< the word that waiters without futex_waitv sleep on
};

/// A death word: [waiters 1][owner died 1][thread 30], as the kernel has it.
inline constexpr uint32_t has_waiters = 0x80000000u, owner_died = 0x40000000u, thread_mask = 0x3fffffffu;
constexpr bool is_dead(uint32_t word) { return (word & owner_died) != 0 || (word & thread_mask) == 0; }

/// A registry, mapped for the rest of the process: the kernel may look into it until the last thread has ended.
class registry {
public:
    /// The one of this user, or the one that all users may write.
    static result<registry *> of(bool shared);

    registry(bool shared, registry_header *header, posix::descriptor file)
        : shared_(shared), header_(header), slots_(reinterpret_cast<slot *>(header + 1)), file_(std::move(file)) {}

    bool shared() const { return shared_; }
    uint64_t id() const { return header_->id.load(std::memory_order_relaxed); }
    registry_header &header() { return *header_; }
    slot &at(uint32_t index) { return slots_[index]; }
    std::atomic<uint32_t> &death_word(owner_id owner, uint32_t index) { return slots_[slot_of(owner)].deaths[index].word; }

    /// Whether an owner lives; `seen` is one of its death words, loaded before.
    bool alive(owner_id owner, uint32_t seen) const {
        if (is_dead(seen)) return false;
        const slot &place = slots_[slot_of(owner)];
        if (is_dead(place.deaths[0].word.load(std::memory_order_acquire))) return false;
        return (place.generation.load(std::memory_order_acquire) & generation_mask) == owner >> slot_bits;
    }
    bool alive(owner_id owner) const {
        return alive(owner, slots_[slot_of(owner)].deaths[0].word.load(std::memory_order_acquire));
    }

    /// A slot for the calling thread, linked into its robust list.
    result<uint32_t> claim(const robust_list &list);
    /// Marks the words of an owner whose thread is gone without the kernel having said so; true where it did. That
    /// happens when a thread that is not its process's first one calls exec (the kernel gives it the first one's id
    /// before it goes through the list), and when a program has destroyed a robust list.
    bool bury_if_gone(owner_id owner);

private:
    result<bool> try_claim(const robust_list &list, uint32_t index, bool whatever_was_left);
    result<uint32_t> claim_below(const robust_list &list, uint32_t window, bool whatever_was_left);
    bool bury_all_gone(uint32_t window);
    bool settle(uint32_t index);

    bool shared_;
    registry_header *header_;
    slot *slots_;
    posix::descriptor file_;
};

} // namespace fm::sync
