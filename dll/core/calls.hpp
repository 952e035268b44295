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
FM_TLS_MODEL extern constinit thread_local thread_record *current;
extern std::atomic<bool> entering_is_cheap; ///< decided when the first record is made, before anybody enters a call
thread_record *attach_thread() noexcept;
} // namespace detail

/// The calling thread's record; made at its first use. Null only where memory is exhausted.
inline thread_record *this_thread() noexcept {
    thread_record *record = detail::current;
    return record != nullptr ? record : detail::attach_thread();
}

/// A call of the ABI, from entry to exit. `valid()` is false where the thread has no record.
class call {
public:
    explicit call(const char *function) noexcept : record_(this_thread()) {
        if (record_ == nullptr) return;
        uint32_t phase = record_->phase.load(std::memory_order_relaxed);
        inside_ = phase % 2 == 0; // else a signal handler calls from within a call: the outer one stays in charge
        if (!inside_) return;
        record_->function = function;
        if (detail::entering_is_cheap.load(std::memory_order_relaxed)) {
            record_->phase.store(phase + 1, std::memory_order_relaxed);
            std::atomic_signal_fence(std::memory_order_seq_cst);
        } else {
            record_->phase.exchange(phase + 1);
        }
    }
    ~call() { leave(); }
    call(const call &) = delete;
    call &operator=(const call &) = delete;

    bool valid() const { return record_ != nullptr; }
    /// From here on nothing that was looked up may be used, unless a reference to it was taken.
    void leave() noexcept {
        if (!inside_) return;
        inside_ = false;
        record_->phase.store(record_->phase.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    }

private:
    thread_record *record_;
    bool inside_ = false;
};

/// Returns when every other thread has left the call that it is in now. The caller must not be inside one.
void wait_for_calls_under_way() noexcept;

} // namespace fm
