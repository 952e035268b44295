// What the tests of events, mutexes, semaphores, timers and waiting share: new objects, the kinds as one table, threads
// that wait and threads that own. No upper limit of time here is a test of speed: `patience_ns` only ends a hang.
#pragma once

#include "support/test.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace fm::test {

constexpr int64_t millisecond = 1000000;             ///< in ns, as fm_wait() takes it
constexpr int64_t patience_ns = 60000 * millisecond; ///< for what has to happen
constexpr int64_t due_millisecond = 10000;           ///< in 100 ns, as fm_timer_set() takes it
constexpr int64_t due_hour = 3600 * 1000 * due_millisecond;
constexpr uint32_t largest_count = 0x7fffffffu;
constexpr uint32_t every_right = FM_ACCESS_WAIT | FM_ACCESS_MODIFY;

/// Options with struct_size set and zero in the rest.
fm_object_options object_options(uint32_t flags = 0);

/// New objects; an empty name makes an unnamed one. They throw where the object is not new.
handle new_event(uint32_t flags = 0, const std::string &name = "");
handle new_mutex(uint32_t flags = 0, const std::string &name = "");
handle new_semaphore(uint32_t initial, uint32_t maximum, const std::string &name = "");
handle new_timer(uint32_t flags = 0, const std::string &name = "");
handle new_cancel();
std::vector<handle> new_events(std::size_t count, uint32_t flags = 0);
std::vector<fm_handle> values_of(const std::vector<handle> &handles);

/// fm_wait() that looks once.
inline fm_status look(fm_handle object) {
    return fm_wait(object, 0);
}
fm_status wait_any(const std::vector<fm_handle> &objects, int64_t timeout_ns, uint32_t *out_index = nullptr);
fm_status wait_all(const std::vector<fm_handle> &objects, int64_t timeout_ns);

/// A unit of a semaphore or the set state of an auto-reset event, counted by taking all there is.
unsigned taken_until_empty(fm_handle object);

/// Waits for fm_query() to call the object ready, which takes nothing.
testing::AssertionResult becomes_ready(fm_handle object);

/// One kind of object, where a test holds for all of them. `create` makes what is not set: an auto-reset event, a free
/// mutex, a semaphore of 0 of 5 units, an auto-reset timer.
struct object_kind {
    const char *name;
    uint32_t kind;
    fm_status (*create)(const char *name, const fm_object_options *options, fm_handle *out);
    fm_status (*create_with_flags)(const char *name, uint32_t flags, fm_handle *out); ///< null: takes no flags
    fm_status (*open)(const char *name, uint32_t access, fm_handle *out);
    fm_status (*modify)(fm_handle object); ///< makes it ready: sets, releases, arms for a moment that is past
};
std::ostream &operator<<(std::ostream &out, const object_kind &kind);

const std::vector<object_kind> &waitable_kinds();
/// The kinds of which `modify` needs FM_ACCESS_MODIFY: all but the mutex.
const std::vector<object_kind> &modified_kinds();
/// All that share the names: the waitable ones and mappings.
const std::vector<object_kind> &named_kinds();
std::string kind_name(const testing::TestParamInfo<object_kind> &info);

handle new_object(const object_kind &kind, const std::string &name = "", uint32_t flags = 0);
handle opened_as(const object_kind &kind, const std::string &name, uint32_t access = FM_ACCESS_ALL);
/// The kind's open, and fm_close where it succeeded.
fm_status try_open_as(const object_kind &kind, const std::string &name, uint32_t access = FM_ACCESS_ALL);

/// Time by the monotonic clock since it was made.
class stopwatch {
public:
    int64_t elapsed_ns() const { return std::chrono::nanoseconds(std::chrono::steady_clock::now() - start_).count(); }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

inline void pause_ms(int milliseconds) {
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

/// Something that happens once, made of nothing of the library under test.
class gate {
public:
    void open();
    void pass();

private:
    std::mutex mutex_;
    std::condition_variable opened_;
    bool open_ = false;
};

/// A thread that makes one call; its end joins it.
class background {
public:
    explicit background(std::function<fm_status()> call);
    ~background();
    background(const background &) = delete;
    background &operator=(const background &) = delete;

    /// Returns when the thread is most probably inside the call. What a test expects may not depend on it.
    void settle();
    bool done() const { return done_.load(); }
    /// Gives it time to come back although it should not.
    bool still_waiting() const;
    /// What the call gave; waits for it.
    fm_status status();

private:
    std::atomic<bool> started_{false}, done_{false};
    fm_status status_ = FM_OK;
    std::thread thread_;
};

/// Runs a function in a thread of its own, to its end.
void in_another_thread(const std::function<void()> &body);
/// The same function in several threads at once, each with its number.
void in_threads(unsigned count, const std::function<void(unsigned)> &body);

/// A thread that owns a mutex until it is told what to do with it.
class mutex_owner {
public:
    explicit mutex_owner(fm_handle mutex, unsigned times = 1);
    ~mutex_owner() { release(); }
    mutex_owner(const mutex_owner &) = delete;
    mutex_owner &operator=(const mutex_owner &) = delete;

    void release() { end(true); }  ///< as often as it was acquired
    void abandon() { end(false); } ///< the thread has ended when this returns

private:
    void own();
    void end(bool releasing);

    fm_handle mutex_;
    unsigned times_;
    bool releasing_ = false;
    gate owned_, told_;
    std::thread thread_;
};

/// A mutex whose owner has ended.
handle abandoned_mutex();
/// Makes a thread acquire the mutex and end.
void abandon(fm_handle mutex);

/// A new object of any kind that is not ready, and what makes it so: for a mutex that is an owner.
class unready_object {
public:
    explicit unready_object(const object_kind &kind, const std::string &name = "");
    operator fm_handle() const { return object_; }
    void make_ready();
    /// The same while somebody waits for it, who may take it at once.
    void make_ready_for_another();

private:
    const object_kind &kind_;
    handle object_;
    std::unique_ptr<mutex_owner> owner_;
};

/// Counts with no protection of its own, and notices where two are inside at once.
class guarded_count {
public:
    void add() {
        if (inside_.exchange(true)) ++collisions_;
        ++value_;
        inside_ = false;
    }
    unsigned value() const { return value_; }
    unsigned collisions() const { return collisions_; }

private:
    unsigned value_ = 0;
    std::atomic<bool> inside_{false};
    std::atomic<unsigned> collisions_{0};
};

/// Repeats what may time out until it does not.
template <class Look>
fm_status until_taken(Look look_once) {
    const stopwatch watch;
    fm_status status;
    while ((status = look_once()) == FM_TIMED_OUT && watch.elapsed_ns() < patience_ns) std::this_thread::yield();
    return status;
}

} // namespace fm::test
