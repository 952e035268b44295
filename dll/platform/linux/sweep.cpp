// The sweep: every entry that nobody holds is removed. At a process's first use it is bounded in time, and leaves its
// position in a small file, so that a namespace with very many live objects costs each process the same few
// milliseconds and is still swept whole by a few processes together.

#include "platform/linux/sweep.hpp"

#include "platform/linux/directory_reader.hpp"
#include "platform/linux/lifetime.hpp"

#include <atomic>
#include <limits>

namespace fm::posix {

namespace {

constexpr int64_t first_use_budget = 5'000'000; // ns, for each scope
constexpr const char *cursor_file = "sweep-positions";
constexpr unsigned entries_per_look_at_clock = 16;

struct position {
    int64_t local = 0, global = 0;
    int64_t &of(scope where) { return where == scope::global ? global : local; }
};

/// Removes one entry if it is dead.
void sweep_one(const entry_place &place, platform::sweep_report &report) {
    uint32_t flags = sys::open_nofollow | sys::open_nonblock;
    descriptor fd(sys::openat(place.directory, place.file.c_str(), flags | sys::open_read_write));
    sys::file_status status;
    if (!fd) { // another user's, or not a file at all
        fd.reset(sys::openat(place.directory, place.file.c_str(), flags | sys::open_read_only));
        if (!fd) return;
    }
    auto who = presence_of(fd.get());
    if (!who || *who != presence::nobody || sys::status_of(fd.get(), status) < 0) return;
    if (!status.is(sys::mode_regular)) return;
    auto removed = remove_dead(fd.get(), place);
    if (!removed) {
        ++report.remaining;
    } else if (*removed) {
        ++report.removed;
        report.bytes += status.blocks * 512;
    }
}

/// Goes on until the end, or until the deadline. The position to go on from; 0 at the end.
result<int64_t> sweep_scope(scope where, int64_t start, int64_t deadline, platform::sweep_report &report) {
    auto reader = directory_reader::open(where);
    if (!reader) return reader.error();
    auto directory = directory_of(where, false);
    if (!directory) return directory.error();
    reader->go_to(start);
    for (unsigned seen = 1;; ++seen) {
        auto file = reader->next();
        if (!file) return file.error();
        if (!*file) return int64_t(0);
        sweep_one({*directory, where, **file}, report);
        if (seen % entries_per_look_at_clock == 0 && sys::now(sys::clock_monotonic) > deadline) return reader->position();
    }
}

position read_cursor(int32_t directory) {
    position saved;
    descriptor file(sys::openat(directory, cursor_file, sys::open_nofollow | sys::open_nonblock | sys::open_read_only));
    if (!file || sys::read_at(file.get(), &saved, sizeof saved, 0) != sizeof saved) return {};
    return saved;
}

void write_cursor(int32_t directory, const position &reached) {
    descriptor file(sys::openat(directory, cursor_file, sys::open_nofollow | sys::open_nonblock | sys::open_read_write | sys::open_create, 0600));
    if (file) sys::write_at(file.get(), &reached, sizeof reached, 0); // lost: the next one begins anew
}

void sweep_some() {
    auto own = directory_of(scope::local, false);
    position reached = own ? read_cursor(*own) : position{};
    position before = reached;
    platform::sweep_report report;
    for (scope where : {scope::local, scope::global}) {
        int64_t deadline = sys::now(sys::clock_monotonic) + first_use_budget;
        auto stopped = sweep_scope(where, reached.of(where), deadline, report);
        reached.of(where) = stopped ? *stopped : 0;
    }
    bool moved = reached.local != before.local || reached.global != before.global;
    if (own && moved) write_cursor(*own, reached);
}

} // namespace

void sweep_at_first_use() noexcept {
    // Not the guard of a static: a child forked meanwhile by another thread would wait for it for ever.
    static std::atomic<bool> begun{false};
    if (begun.exchange(true)) return;
    try {
        sweep_some();
    } catch (...) { // out of memory: the sweep is a courtesy, the call that triggered it will tell
    }
}

} // namespace fm::posix

namespace fm::platform {

result<sweep_report> sweep() {
    sweep_report report;
    for (scope where : {scope::local, scope::global}) {
        auto done = posix::sweep_scope(where, 0, std::numeric_limits<int64_t>::max(), report);
        bool no_directory = !done && where == scope::local && done.error().status == FM_E_NOT_FOUND;
        if (!done && !no_directory) return done.error();
    }
    return report;
}

} // namespace fm::platform
