// From the opaque values of the ABI to objects. A value carries the index of a slot, the slot's generation and one
// bit for the table it belongs to, so that closed, stale, foreign and random values are told from open ones.
// Looking up is three loads, without a lock; slots are never freed, only used again.
#pragma once

#include "core/counted.hpp"

#include <array>
#include <memory>
#include <mutex>

namespace fm {

/// Differs between processes, so that another process's value is not taken for ours.
uint32_t generation_seed(uint32_t index) noexcept;

template <class T, uintptr_t TableBit>
class slot_table {
public:
    /// Gives the value that stands for the object; 0 where the table is full. Throws std::bad_alloc.
    uintptr_t insert(counted<T> object) {
        std::lock_guard guard(growing_);
        uint32_t index = take_free_slot();
        if (index == none) return 0;
        slot &place = at(index);
        place.object.store(object.release(), std::memory_order_release);
        uint32_t generation = place.generation.load(std::memory_order_relaxed) + 1;
        place.generation.store(generation, std::memory_order_release);
        return pack(index, generation);
    }

    /// The object, for as long as the caller stays inside its call; null where the value is not open.
    [[gnu::always_inline]] T *find(uintptr_t value) const noexcept {
        const slot *place = slot_of(value);
        if (place == nullptr) return nullptr;
        uint32_t generation = place->generation.load();
        if (!same(generation, value)) return nullptr;
        T *object = place->object.load(std::memory_order_acquire);
        if (place->generation.load() != generation) return nullptr; // the slot was used again meanwhile
        if (object == nullptr) __builtin_unreachable();
        return object;
    }

    /// Takes the object out; of several callers one gets it. It may be in use until the grace period is over.
    counted<T> take(uintptr_t value) noexcept {
        slot *place = slot_of(value);
        if (place == nullptr) return {};
        uint32_t generation = place->generation.load();
        if (!same(generation, value) || !place->generation.compare_exchange_strong(generation, generation + 1)) return {};
        return empty(*place, index_of(value));
    }

    /// Takes out everything, one after another, and hands each to `receive`.
    template <class Receive>
    void take_all(Receive receive) {
        growing_.lock();
        uint32_t made = made_;
        growing_.unlock();
        for (uint32_t index = 0; index < made; ++index) {
            uint32_t generation = at(index).generation.load();
            if (generation % 2 == 0) continue;
            if (counted<T> object = take(pack(index, generation))) receive(std::move(object));
        }
    }

    void lock() { growing_.lock(); }
    void unlock() { growing_.unlock(); }

private:
    struct slot {
        std::atomic<uint32_t> generation{0}; ///< odd: in use
        uint32_t next_free = none;
        std::atomic<T *> object{nullptr};
    };

    static constexpr uint32_t none = 0xffffffff;
    static constexpr uint32_t chunk_size = 256;
    static constexpr unsigned index_bits = sizeof(uintptr_t) == 8 ? 22 : 20;
    static constexpr uint32_t chunk_count = (uint32_t(1) << index_bits) / chunk_size;
    static constexpr uintptr_t index_mask = (uintptr_t(1) << index_bits) - 1;
    static constexpr unsigned generation_shift = index_bits + 1;
    static constexpr uint32_t generation_mask = static_cast<uint32_t>(~uintptr_t(0) >> generation_shift);

    static uintptr_t pack(uint32_t index, uint32_t generation) {
        return uintptr_t(generation & generation_mask) << generation_shift | uintptr_t(index) << 1 | TableBit;
    }
    static uint32_t index_of(uintptr_t value) { return static_cast<uint32_t>(value >> 1 & index_mask); }
    static bool same(uint32_t generation, uintptr_t value) {
        return generation % 2 == 1 && (generation & generation_mask) == value >> generation_shift;
    }

    slot &at(uint32_t index) const { return chunks_[index / chunk_size].load(std::memory_order_acquire)[index % chunk_size]; }

    slot *slot_of(uintptr_t value) const noexcept {
        uint32_t index = index_of(value);
        slot *chunk = chunks_[index / chunk_size].load(std::memory_order_acquire);
        return chunk != nullptr && (value & 1) == TableBit ? &chunk[index % chunk_size] : nullptr;
    }

    counted<T> empty(slot &place, uint32_t index) noexcept {
        std::lock_guard guard(growing_);
        T *object = place.object.load(std::memory_order_relaxed);
        place.next_free = none;
        (last_free_ == none ? first_free_ : at(last_free_).next_free) = index;
        last_free_ = index;
        return counted<T>::adopt(object);
    }

    /// First in, first out: a value comes round as late as possible.
    uint32_t take_free_slot() {
        if (first_free_ == none && !add_chunk()) return none;
        uint32_t index = first_free_;
        first_free_ = at(index).next_free;
        if (first_free_ == none) last_free_ = none;
        return index;
    }

    bool add_chunk() {
        if (made_ / chunk_size >= chunk_count) return false;
        auto chunk = std::make_unique<slot[]>(chunk_size);
        for (uint32_t i = 0; i < chunk_size; ++i) {
            chunk[i].generation.store(generation_seed(made_ + i) & ~1u, std::memory_order_relaxed);
            chunk[i].next_free = i + 1 < chunk_size ? made_ + i + 1 : none;
        }
        chunks_[made_ / chunk_size].store(chunk.release(), std::memory_order_release);
        first_free_ = made_ != 0 ? made_ : 1; // index 0 is left out: no value is ever 0
        last_free_ = made_ + chunk_size - 1;
        made_ += chunk_size;
        return true;
    }

    std::array<std::atomic<slot *>, chunk_count> chunks_{};
    std::mutex growing_;
    uint32_t made_ = 0;
    uint32_t first_free_ = none;
    uint32_t last_free_ = none;
};

} // namespace fm
