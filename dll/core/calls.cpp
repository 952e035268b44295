// The threads' records and the grace period. Records are never freed, only handed on, so the list can be walked
// without a lock.

#include "core/calls.hpp"

#include "platform/platform.hpp"

#include <new>

namespace fm {

namespace detail {
thread_record nothing_to_leave;
constinit thread_local thread_record *own_record = nullptr, *cheap_record = nullptr;
} // namespace detail

namespace {

std::atomic<thread_record *> records{nullptr};

/// The thread sanitizer does not know about barriers made for other threads, so there entering is a full one.
bool entering_is_cheap() {
#if defined(__SANITIZE_THREAD__)
    return false;
#else
    static const bool answer = platform::can_fence_all_threads();
    return answer;
#endif
}

/// Hands the record on when its thread has ended. Where the library is unloaded, another thread may do so.
void hand_on(void *ended) {
    auto *record = static_cast<thread_record *>(ended);
    if (detail::own_record == record) detail::own_record = detail::cheap_record = nullptr;
    record->taken.store(false, std::memory_order_release);
}

thread_record *find_free_record() {
    for (auto *record = records.load(); record != nullptr; record = record->next) {
        bool expected = false;
        if (!record->taken.load(std::memory_order_relaxed) && record->taken.compare_exchange_strong(expected, true))
            return record;
    }
    return nullptr;
}

thread_record *add_record() {
    auto *record = new (std::nothrow) thread_record;
    if (record == nullptr) return nullptr;
    record->taken.store(true, std::memory_order_relaxed);
    record->next = records.load(std::memory_order_relaxed);
    while (!records.compare_exchange_weak(record->next, record)) {}
    return record;
}

/// The forked child has one thread; the others' records would make a closer wait for ever.
void forget_other_threads() {
    for (auto *record = records.load(); record != nullptr; record = record->next) {
        if (record == detail::own_record) continue;
        record->phase.store(0);
        record->taken.store(false);
    }
}

} // namespace

thread_record *detail::attach_thread() noexcept {
    static const bool once = (platform::on_fork([] {}, [] {}, forget_other_threads), true);
    static_cast<void>(once);
    thread_record *record = find_free_record();
    if (record == nullptr) record = add_record();
    if (record == nullptr) return nullptr;
    record->function = "";
    record->os_error = 0;
    record->message[0] = '\0';
    platform::at_thread_end(hand_on, record);
    if (entering_is_cheap()) cheap_record = record;
    return own_record = record;
}

/// The first call of a thread, and every one where entering must be a full barrier.
thread_record *detail::enter_with_barrier(const char *function) noexcept {
    thread_record *record = this_thread();
    if (record == nullptr) return nullptr;
    uint32_t phase = record->phase.load(std::memory_order_relaxed);
    if (phase % 2 != 0) return &nothing_to_leave;
    record->function = function;
    record->phase.exchange(phase + 1);
    return record;
}

void wait_for_calls_under_way() noexcept {
    thread_record *mine = this_thread();
    thread_record *first = records.load();
    if (first == nullptr || (first == mine && mine->next == nullptr)) return;
    if (entering_is_cheap()) platform::fence_all_threads();
    for (auto *record = first; record != nullptr; record = record->next) {
        if (record == mine) continue;
        uint32_t phase = record->phase.load();
        if (phase % 2 == 0) continue;
        while (record->phase.load() == phase) platform::yield();
    }
}

} // namespace fm
