// The thread's robust list, on which the C library keeps its robust mutexes: when the thread ends, the kernel goes
// through it and marks every word that still holds the thread's id. Our words join it in the C library's own form, so
// that both can add and remove without knowing of each other.
#pragma once

#include <atomic>
#include <cstdint>

namespace fm::sync {

class robust_list {
public:
    /// The calling thread's; `valid()` is false where its C library has none.
    static robust_list mine();

    bool valid() const { return head_ != nullptr; }

    /// While set, the kernel looks at this word too when the thread dies: it marks it if it holds the thread's id, and
    /// if it is 0 wakes one of those who sleep on it.
    void set_pending(const std::atomic<uint32_t> *word) const {
        head_->pending = word != nullptr ? node_of(*word) : nullptr;
        std::atomic_signal_fence(std::memory_order_seq_cst); // only the kernel reads it, and only when this thread is dead
    }
    void *pending() const { return head_->pending; }
    void restore_pending(void *previous) const {
        std::atomic_signal_fence(std::memory_order_seq_cst);
        head_->pending = previous;
    }

    /// Adds a word that holds the thread's id. It stays until the thread ends.
    void add(std::atomic<uint32_t> &word) const;

private:
    struct head {
        void *first;
        intptr_t offset; ///< from a node to its word
        void *pending;
    };

    void *node_of(const std::atomic<uint32_t> &word) const {
        return reinterpret_cast<void *>(reinterpret_cast<intptr_t>(&word) - head_->offset);
    }

    head *head_ = nullptr;
};

} // namespace fm::sync
