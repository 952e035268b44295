// Keeps what a call found alive while the call uses it, at the price of two plain stores.
//
// Each thread has a record that says whether it is inside a call. Whoever takes an object out of a table waits, once,
// until every other thread has left the call it was in (a grace period); nobody can still hold what was taken out.
// Entering has to be visible before the look-up. The closing side pays for that: it makes all threads pass a memory
// barrier (platform::fence_all_threads). Where the system has no such call, entering itself is a full barrier.
//
// A call that blocks or copies much first takes a reference (counted.hpp) and leaves: a closer never waits for it.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace fm {

/// What a thread owns here: where it is, and the detail of its last failure.
struct thread_record {
    std::atomic<uint32_t> phase{0}; ///< odd: inside a call
    std::atomic<bool> taken{false};
    thread_record *next = nullptr;

    const char *function = "";
    int32_t os_error = 0;
    char message[1024] = "";
};

#if defined(__ELF__)
#  define FM_TLS_MODEL [[gnu::tls_model("initial-exec")]] // one pointer, found without a call
#else
#  define FM_TLS_MODEL
#endif

namespace detail {
FM_TLS_MODEL extern constinit thread_local thread_record *own_record;
/// The same where entering needs no barrier of its own; else null.
FM_TLS_MODEL extern constinit thread_local thread_record *cheap_record;
/// Stands in where there is nothing to leave, so that leaving needs no question. Its phase means nothing.
extern thread_record nothing_to_leave;
thread_record *attach_thread() noexcept;
thread_record *enter_with_barrier(const char *function) noexcept;
} // namespace detail

/// The calling thread's record; made at its first use. Null only where memory is exhausted.
inline thread_record *this_thread() noexcept {
    thread_record *record = detail::own_record;
    return record != nullptr ? record : detail::attach_thread();
}

/// A call of the ABI, from entry to exit. `valid()` is false where the thread has no record.
class call {
public:
    [[gnu::always_inline]] explicit call(const char *function) noexcept : record_(enter(function)) {}
    [[gnu::always_inline]] call(call &&other) noexcept : record_(std::exchange(other.record_, &detail::nothing_to_leave)) {}
    [[gnu::always_inline]] ~call() {
        if (record_ != nullptr) leave();
    }
    call &operator=(call &&) = delete;

    bool valid() const { return record_ != nullptr; }
    /// From here on nothing that was looked up may be used, unless a reference to it was taken.
    [[gnu::always_inline]] void leave() noexcept {
        std::atomic<uint32_t> &phase = record_->phase;
        phase.store(phase.load(std::memory_order_relaxed) + 1, std::memory_order_release);
        record_ = &detail::nothing_to_leave;
    }

private:
    [[gnu::always_inline]] static thread_record *enter(const char *function) noexcept {
        thread_record *record = detail::cheap_record;
        if (record == nullptr) return detail::enter_with_barrier(function);
        uint32_t phase = record->phase.load(std::memory_order_relaxed);
        if (phase % 2 != 0) return &detail::nothing_to_leave; // a signal handler calls from within a call: the outer one stays in charge
        record->function = function;
        record->phase.store(phase + 1, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
        return record;
    }

    thread_record *record_;
};

/// A call that looks something up, does it at once and cannot fail: it only enters where that is cheap and the thread is
/// not inside another one, and tells nobody what it is called.
class brief_call {
public:
    [[gnu::always_inline]] brief_call() noexcept : record_(detail::cheap_record) {
        if (record_ == nullptr) return;
        uint32_t phase = record_->phase.load(std::memory_order_relaxed);
        if (phase % 2 != 0) {
            record_ = nullptr;
            return;
        }
        record_->phase.store(phase + 1, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
    }
    [[gnu::always_inline]] ~brief_call() {
        if (record_ == nullptr) return;
        record_->phase.store(record_->phase.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    }
    brief_call(const brief_call &) = delete;
    brief_call &operator=(const brief_call &) = delete;

    bool entered() const { return record_ != nullptr; }

private:
    thread_record *record_;
};

/// Returns when every other thread has left the call that it is in now. The caller must not be inside one.
void wait_for_calls_under_way() noexcept;

} // namespace fm
