// The threads' records and the grace period. Records are never freed, only handed on, so the list can be walked
// without a lock.

#include "core/calls.hpp"

#include "platform/platform.hpp"

#include <new>

namespace fm {

namespace {

std::atomic<thread_record *> records{nullptr};

/// Read once: the thread sanitizer does not know about barriers made for other threads, so there entering is a full one.
bool entering_is_cheap() {
#if defined(__SANITIZE_THREAD__)
    return false;
#else
    static const bool answer = platform::can_fence_all_threads();
    return answer;
#endif
}

/// Decided when the first record is made, before anybody enters a call.
std::atomic<bool> cheap{false};

#if defined(__ELF__)
#  define FM_TLS_MODEL [[gnu::tls_model("initial-exec")]]
#else
#  define FM_TLS_MODEL
#endif
FM_TLS_MODEL thread_local thread_record *current = nullptr;

/// Hands the record on when its thread ends.
struct record_owner {
    thread_record *record = nullptr;
    ~record_owner() {
        if (record == nullptr) return;
        current = nullptr;
        record->taken.store(false, std::memory_order_release);
    }
};

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
        if (record == current) continue;
        record->phase.store(0);
        record->depth = 0;
        record->taken.store(false);
    }
}

thread_record *attach_thread() {
    static const bool once = (cheap.store(entering_is_cheap()),
                              platform::on_fork([] {}, [] {}, forget_other_threads), true);
    static_cast<void>(once);
    thread_record *record = find_free_record();
    if (record == nullptr) record = add_record();
    if (record == nullptr) return nullptr;
    record->function = "";
    record->os_error = 0;
    record->message[0] = '\0';
    static thread_local record_owner owner;
    owner.record = record;
    return current = record;
}

} // namespace

thread_record *this_thread() noexcept {
    return current != nullptr ? current : attach_thread();
}

call::call(const char *function) noexcept : record_(this_thread()), inside_(record_ != nullptr) {
    if (!inside_ || record_->depth++ != 0) return;
    record_->function = function;
    uint32_t odd = record_->phase.load(std::memory_order_relaxed) + 1;
    if (cheap.load(std::memory_order_relaxed)) {
        record_->phase.store(odd, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
    } else {
        record_->phase.exchange(odd);
    }
}

void call::leave() noexcept {
    if (!inside_) return;
    inside_ = false;
    if (--record_->depth == 0)
        record_->phase.store(record_->phase.load(std::memory_order_relaxed) + 1, std::memory_order_release);
}

void wait_for_calls_under_way() noexcept {
    thread_record *mine = this_thread();
    thread_record *first = records.load();
    if (first == nullptr || (first == mine && mine->next == nullptr)) return;
    if (cheap.load(std::memory_order_relaxed)) platform::fence_all_threads();
    for (auto *record = first; record != nullptr; record = record->next) {
        if (record == mine) continue;
        uint32_t phase = record->phase.load();
        if (phase % 2 == 0) continue;
        while (record->phase.load() == phase) platform::yield();
    }
}

} // namespace fm
