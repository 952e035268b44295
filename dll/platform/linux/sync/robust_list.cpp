// Adding to the list as glibc and musl do it: a node is a pointer to the next one, and the pointer before it leads
// back, but for 32-bit glibc, which has no way back. Nodes need not be aligned (musl's are not, in our cells).

#include "platform/linux/sync/robust_list.hpp"

#include "platform/linux/sys.hpp"

#include <cstring>

namespace fm::sync {

namespace {

constexpr intptr_t glibc32_offset = -20; ///< the list of 32-bit glibc is singly linked

void store_pointer(void *at, intptr_t pointers, void *value) {
    std::memcpy(static_cast<char *>(at) + pointers * static_cast<intptr_t>(sizeof value), &value, sizeof value);
}

} // namespace

robust_list robust_list::mine() {
    robust_list list;
    void *found = nullptr;
    if (sys::robust_list_of_thread(&found) == 0) list.head_ = static_cast<head *>(found);
    return list;
}

void robust_list::add(std::atomic<uint32_t> &word) const {
    void *node = node_of(word);
    bool goes_back = !(sizeof(void *) == 4 && head_->offset == glibc32_offset);
    store_pointer(node, 0, head_->first);
    if (goes_back) {
        store_pointer(node, -1, &head_->first);
        auto next = reinterpret_cast<void *>(reinterpret_cast<uintptr_t>(head_->first) & ~uintptr_t(1)); // 1: a PI mutex
        if (next != &head_->first) store_pointer(next, -1, node);
    }
    std::atomic_signal_fence(std::memory_order_seq_cst); // whole before it can be found
    head_->first = node;
    std::atomic_signal_fence(std::memory_order_seq_cst);
}

} // namespace fm::sync
