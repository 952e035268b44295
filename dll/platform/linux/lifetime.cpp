// The protocol of lifetime.hpp.

#include "platform/linux/lifetime.hpp"

#include "platform/linux/fork_gate.hpp"
#include "platform/linux/space.hpp"

#include <cstdio>

namespace fm::posix {

namespace {

// ---- waiting for a maker -------------------------------------------------------------------------------------------

/// Making and ending take microseconds, so whoever meets them looks again soon. Ten seconds mean a stopped process.
class patience {
public:
    bool wait() {
        if (waited_ > limit) return false;
        if (++turns_ < 16) {
            sys::yield();
        } else {
            sys::sleep(pause_);
            waited_ += pause_;
            pause_ = pause_ < longest ? pause_ * 2 : longest;
        }
        return true;
    }

private:
    static constexpr uint64_t limit = 10'000'000'000, longest = 2'000'000;
    unsigned turns_ = 0;
    uint64_t pause_ = 20'000, waited_ = 0;
};

failure stuck(const entry_place &place) {
    return fail(FM_E_BUSY, 0, "%s/%s: another process has been creating or ending this name for ten seconds; is it stopped?",
                directory_text(place.where).c_str(), place.file.c_str());
}

// ---- meeting an entry ----------------------------------------------------------------------------------------------

enum class meeting { joined, dead, again, busy };

bool try_exclusive(int32_t fd) {
    return sys::lock(fd, sys::lock_kind::exclusive, alive_byte, 1) == 0;
}

/// Opens an entry that exists. Writing is wanted for ending it, whatever the caller wants to do with the memory.
int32_t open_file(const entry_place &place, bool &writable) {
    uint32_t flags = sys::open_nofollow | sys::open_nonblock;
    int32_t fd = sys::openat(place.directory, place.file.c_str(), flags | sys::open_read_write);
    writable = fd != -sys::error_access && fd != -sys::error_rofs;
    return writable ? fd : sys::openat(place.directory, place.file.c_str(), flags | sys::open_read_only);
}

/// An entry of Global\ is made for its owner alone, and opened to others a moment later. Who is refused in between looks
/// again.
bool may_be_opened_soon(const entry_place &place) {
    constexpr int64_t a_moment = 100'000'000;
    sys::file_status status;
    if (place.where != scope::global || sys::status_at(place.directory, place.file.c_str(), status) < 0) return false;
    int64_t changed = status.changed.seconds * 1'000'000'000 + status.changed.nanoseconds;
    return (status.mode & 077) == 0 && sys::now(sys::clock_realtime) - changed < a_moment;
}

failure not_an_entry(const entry_place &place, fm_status status) {
    return fail(status, 0, status == FM_E_VERSION ? "%s/%s: another version of filemap made this entry; end the programs that use it"
                                                  : "%s/%s: what stands there is not a valid entry; if nobody needs it, remove it",
                directory_text(place.where).c_str(), place.file.c_str());
}

/// Whoever may write a file may cut it short.
bool others_may_cut(const sys::file_status &status) {
    bool trusted = status.owner == sys::effective_user() || status.owner == 0;
    return !trusted || (status.mode & 022) != 0;
}

/// The description for views. Only one that the name led to may be used to end the name.
void keep_data(held_entry &entry, descriptor data, bool by_name) {
    if (entry.place.where == scope::global) sys::lock(data.get(), sys::lock_kind::shared, viewed_byte, 1);
    entry.data = std::move(data);
    entry.data_age = by_name ? fork_age() : fork_age() - 1;
}

/// A share was seen, so somebody is alive: take one, and see that the entry is still the name's.
result<meeting> join(held_entry &entry, fm_status &defect) {
    int32_t fd = entry.lock.get();
    int32_t locked = sys::lock(fd, sys::lock_kind::shared, alive_byte, 1);
    if (locked == -sys::error_again) return meeting::again;
    if (locked < 0) return system_failure(locked, "the entry cannot be locked");
    int32_t second = open_file(entry.place, entry.writable);
    if (second == -sys::error_noent) return meeting::again;
    if (second < 0) return system_failure(second, "the entry cannot be opened for views");
    descriptor data(second);
    sys::file_status status;
    if (int32_t answer = sys::status_of(fd, status); answer < 0) return system_failure(answer, "the entry cannot be examined");
    if (!status.is(sys::mode_regular)) return not_an_entry(entry.place, FM_E_CORRUPT);
    if (status.links == 0) return meeting::again; // else the name still leads here, so both descriptions are of it
    control_answer read = read_control(fd, status);
    if (read.status == FM_OK && read.control.where != static_cast<uint32_t>(entry.place.where)) read.status = FM_E_CORRUPT;
    if (read.status < 0) {
        // Its maker may have been killed after its users: then nobody else holds it now, and the next look says so.
        sys::lock(fd, sys::lock_kind::none, alive_byte, 1);
        if (read.os_error != 0) return fail(read.status, read.os_error, "the entry cannot be read");
        defect = read.status;
        return meeting::busy;
    }
    entry.control = read.control;
    entry.device = status.device();
    entry.inode = status.inode;
    entry.cuttable = entry.place.where == scope::global && others_may_cut(status);
    keep_data(entry, std::move(data), true);
    return meeting::joined;
}

result<meeting> meet(held_entry &entry, fm_status &defect) {
    auto who = presence_of(entry.lock.get());
    if (!who) return who.error();
    if (*who == presence::nobody) return meeting::dead;
    return *who == presence::maker ? meeting::busy : join(entry, defect);
}

/// The name of an entry: what its file name says, or the texts where that is a hash. Tells collisions.
fm_status check_name(held_entry &entry, const object_name &name) {
    entry.name.assign(name.rest);
    if (is_readable_file(entry.place.where, entry.place.file)) return FM_OK;
    auto texts = read_texts(entry.lock.get(), entry.control);
    if (!texts) return texts.error();
    if (texts->name == name.rest) return FM_OK;
    return fail(FM_E_CORRUPT, 0, "another long name has the same hash as this one; choose a different name");
}

// ---- making --------------------------------------------------------------------------------------------------------

/// A reused entry has its mode already, and only its owner could set it.
fm_status set_mode(int32_t fd, uint32_t mode, bool fresh) {
    if (!fresh || mode == 0600) return FM_OK; // 0600 is what it was opened with, whatever the umask
    if (int32_t answer = sys::change_mode(fd, mode); answer < 0)
        return system_failure(answer, "the entry's permissions cannot be set");
    return FM_OK;
}

/// The entry is exclusively ours and linked: fill it, then let others in.
fm_status make(held_entry &entry, entry_plan &plan, bool fresh) {
    int32_t fd = entry.lock.get();
    fm_status status = plan.prepare ? plan.prepare(plan.control, plan.texts) : FM_OK;
    if (status == FM_OK) status = set_mode(fd, plan.mode, fresh);
    if (status == FM_OK) status = write_entry(fd, plan);
    if (status < 0) return status;
    sys::file_status seen;
    if (int32_t answer = sys::status_of(fd, seen); answer < 0) return system_failure(answer, "the entry cannot be examined");
    entry.device = seen.device();
    entry.inode = seen.inode;
    entry.cuttable = entry.place.where == scope::global && others_may_cut(seen);
    entry.control = plan.control;
    entry.name = plan.texts.name;
    if (int32_t answer = sys::lock(fd, sys::lock_kind::shared, alive_byte, 1); answer < 0) // one step: there is no gap
        return system_failure(answer, "the entry cannot be locked");
    return FM_OK;
}

/// A file that this call has just created. Somebody may have met it before it could be locked.
result<meeting> make_fresh(held_entry &entry, entry_plan &plan) {
    no_fork guard;
    if (!try_exclusive(entry.lock.get())) return meeting::again;
    sys::file_status status;
    if (int32_t answer = sys::status_of(entry.lock.get(), status); answer < 0)
        return system_failure(answer, "the new entry cannot be examined"); // end_entry() looks again and removes it
    if (status.links == 0) return meeting::again;
    fm_status made = make(entry, plan, true);
    if (made < 0) {
        sys::unlink(entry.place.directory, entry.place.file.c_str());
        return failure{made};
    }
    return meeting::joined;
}

failure in_the_way(const held_entry &entry, uint32_t owner) {
    return fail(FM_E_ACCESS_DENIED, 0, "%s/%s: a dead entry of user %u stands in the way and cannot be removed; that user's "
                "next use of filemap removes it", directory_text(entry.place.where).c_str(), entry.place.file.c_str(), owner);
}

/// A dead entry of another user in the sticky directory of Global\. It cannot be unlinked, but it can be made anew in
/// place where its permissions are just those asked for (its owner gets no access that he would not have) and no view
/// of the dead object is left: cutting the file under one would make it fault.
result<meeting> reuse_dead(held_entry &entry, entry_plan &plan) {
    no_fork guard;
    int32_t fd = entry.lock.get();
    if (!entry.writable) {
        sys::file_status seen;
        return sys::status_of(fd, seen) < 0 ? result<meeting>(meeting::again) : in_the_way(entry, seen.owner);
    }
    if (!try_exclusive(fd)) return meeting::again;
    sys::file_status status;
    if (sys::status_of(fd, status) < 0 || status.links == 0) return meeting::again;
    bool unviewed = sys::lock(fd, sys::lock_kind::exclusive, viewed_byte, 1) == 0;
    if (!unviewed || (status.mode & 0777u) != plan.mode) return in_the_way(entry, status.owner);
    if (int32_t answer = sys::truncate(fd, 0); answer < 0) return system_failure(answer, "the dead entry cannot be emptied");
    sys::lock(fd, sys::lock_kind::none, viewed_byte, 1); // before others can join: their views must get their share
    fm_status made = make(entry, plan, false);
    if (made >= 0) return meeting::joined;
    sys::truncate(fd, 0);
    return failure{made};
}

result<meeting> replace_dead(held_entry &entry, entry_plan &plan) {
    auto removed = remove_dead(entry.lock.get(), entry.place);
    if (removed) return meeting::again;
    return removed.error().status == FM_E_ACCESS_DENIED ? reuse_dead(entry, plan) : removed.error();
}

/// Created by this call, or there already; an invalid descriptor and `again` where it vanished in between.
result<meeting> create_step(held_entry &entry, entry_plan &plan, bool &existed, fm_status &defect) {
    const entry_place &place = entry.place;
    uint32_t flags = sys::open_read_write | sys::open_create | sys::open_exclusive | sys::open_nofollow;
    int32_t fd = sys::openat(place.directory, place.file.c_str(), flags, 0600);
    existed = fd == -sys::error_exist;
    if (existed) fd = open_file(place, entry.writable);
    if (existed && fd == -sys::error_noent) return meeting::again;
    if (existed && fd == -sys::error_access && may_be_opened_soon(place)) return meeting::busy;
    if (fd < 0) return system_failure(fd, "%s/%s cannot be %s", directory_text(place.where).c_str(), place.file.c_str(),
                                      existed ? "opened" : "made");
    entry.lock.reset(fd);
    if (!existed) return make_fresh(entry, plan);
    auto met = meet(entry, defect);
    if (!met || *met != meeting::dead) return met;
    existed = false;
    return replace_dead(entry, plan);
}

/// Looks again until an entry was joined or made, patiently where others are at it.
template <class Step>
result<meeting> settle(held_entry &entry, Step step) {
    fm_status defect = FM_OK;
    unsigned defects = 0;
    for (patience waiting;;) {
        entry.lock.reset();
        auto met = step(defect);
        if (!met || *met == meeting::joined || *met == meeting::dead) return met;
        if (*met == meeting::busy && defect < 0 && ++defects == 20) return not_an_entry(entry.place, defect);
        if (!waiting.wait()) return stuck(entry.place);
    }
}

fm_status not_found(const object_name &name) {
    return fail(FM_E_NOT_FOUND, sys::error_noent, "%.200s: there is no object of this name", full_name(name.where, name.rest).c_str());
}

/// Runs `attempt` with the name's place; once more where the directory we kept open has gone.
template <class Attempt>
fm_status in_directory(const object_name &name, bool make, held_entry &entry, Attempt attempt) {
    auto place = place_of(name, make);
    if (!place) return !make && place.error().status == FM_E_NOT_FOUND ? not_found(name) : place.error();
    entry.place = std::move(*place);
    fm_status done = attempt();
    if (done >= 0) return done;
    sys::file_status status;
    int32_t answer = sys::status_of(entry.place.directory, status);
    bool lost = answer == -sys::error_badf || (answer == 0 && (!status.is(sys::mode_directory) || status.links == 0));
    bool became_another_user = answer == 0 && name.where == scope::local && status.owner != sys::effective_user();
    lost = lost || became_another_user;
    if (!lost) return done;
    forget_directories();
    place = place_of(name, make);
    if (!place) return place.error();
    entry.place = std::move(*place);
    return attempt();
}

result<meeting> open_step(held_entry &entry, fm_status &defect) {
    int32_t fd = open_file(entry.place, entry.writable);
    if (fd == -sys::error_noent) return meeting::dead;
    if (fd == -sys::error_access && may_be_opened_soon(entry.place)) return meeting::busy;
    if (fd < 0) return system_failure(fd, "%s/%s cannot be opened", directory_text(entry.place.where).c_str(), entry.place.file.c_str());
    entry.lock.reset(fd);
    auto met = meet(entry, defect);
    if (!met || *met != meeting::dead) return met;
    auto removed = remove_dead(fd, entry.place);
    if (removed && !*removed) return meeting::again; // not dead after all
    if (!removed && removed.error().status == FM_E_CORRUPT) return removed.error();
    return meeting::dead; // removed, or not ours to remove: it counts as not found all the same
}

} // namespace

result<presence> presence_of(int32_t fd) {
    int32_t other = sys::lock_of_others(fd, alive_byte, 1);
    if (other < 0) return system_failure(other, "the entry's locks cannot be examined");
    if (other == static_cast<int32_t>(sys::lock_kind::none)) return presence::nobody;
    return other == static_cast<int32_t>(sys::lock_kind::shared) ? presence::users : presence::maker;
}

result<bool> remove_dead(int32_t fd, const entry_place &place) {
    no_fork guard;
    sys::file_status status;
    if (sys::status_of(fd, status) == 0 && !status.is(sys::mode_regular)) return not_an_entry(place, FM_E_CORRUPT);
    int32_t locked = sys::lock(fd, sys::lock_kind::exclusive, alive_byte, 1);
    if (locked == -sys::error_again) return false;
    if (locked == -sys::error_badf) return failure{FM_E_ACCESS_DENIED}; // read only: not ours to end
    if (locked < 0) return system_failure(locked, "a dead entry cannot be locked");
    int32_t answer = sys::status_of(fd, status);
    if (answer == 0 && status.links == 0) return false;
    if (answer == 0) answer = sys::unlink(place.directory, place.file.c_str());
    if (answer == 0) return true;
    sys::lock(fd, sys::lock_kind::none, alive_byte, 1);
    return system_failure(answer, "%s/%s: a dead entry cannot be removed", directory_text(place.where).c_str(), place.file.c_str());
}

fm_status create_entry(const object_name &name, entry_plan &plan, held_entry &entry, bool &existed) {
    watch_forks();
    return in_directory(name, true, entry, [&]() -> fm_status {
        auto settled = settle(entry, [&](fm_status &defect) { return create_step(entry, plan, existed, defect); });
        if (!settled) return settled.error();
        return existed ? check_name(entry, name) : FM_OK;
    });
}

fm_status open_entry(const object_name &name, held_entry &entry) {
    watch_forks();
    return in_directory(name, false, entry, [&]() -> fm_status {
        auto settled = settle(entry, [&](fm_status &defect) { return open_step(entry, defect); });
        if (!settled) return settled.error();
        return *settled == meeting::dead ? not_found(name) : check_name(entry, name);
    });
}

void end_entry(held_entry &entry) noexcept {
    if (!entry.lock) return;
    if (!entry.named()) {
        entry.lock.reset();
        return;
    }
    no_fork guard;
    bool writable = true;
    descriptor probe(entry.data && entry.data_age == fork_age() ? entry.data.release() : open_file(entry.place, writable));
    entry.lock.reset();
    if (!probe) return; // out of descriptors: the next user removes it
    if (sys::lock_of_others(probe.get(), alive_byte, 1) == static_cast<int32_t>(sys::lock_kind::shared)) return;
    if (!try_exclusive(probe.get())) return; // somebody else is at it
    sys::file_status status;
    bool linked = sys::status_of(probe.get(), status) == 0 && status.links != 0 && status.is(sys::mode_regular);
    if (linked && sys::unlink(entry.place.directory, entry.place.file.c_str()) == 0) return;
    sys::lock(probe.get(), sys::lock_kind::none, alive_byte, 1); // a view may keep this description for long
}

result<int32_t> data_descriptor(held_entry &entry) {
    if (!entry.named()) return entry.lock.get();
    if (entry.data) return entry.data.get();
    bool writable = true;
    descriptor opened(open_file(entry.place, writable));
    sys::file_status status;
    bool same = opened && sys::status_of(opened.get(), status) == 0 && status.device() == entry.device && status.inode == entry.inode;
    if (!same) { // removed by hand, or another FILEMAP_DIR: by way of the descriptor we have
        char path[48];
        std::snprintf(path, sizeof path, "/proc/self/fd/%d", entry.lock.get());
        int32_t fd = sys::openat(sys::at_cwd, path, entry.writable ? sys::open_read_write : sys::open_read_only);
        if (fd < 0) return system_failure(fd, "the mapping's memory cannot be opened for a view");
        opened.reset(fd);
    }
    keep_data(entry, std::move(opened), same);
    return entry.data.get();
}

fm_status write_entry(int32_t fd, entry_plan &plan) {
    plan_texts(plan.control, plan.texts);
    uint64_t total = entry_bytes(plan.control), real = 0;
    if (plan.control.flags & FM_RESERVE) {
        if (int32_t answer = sys::truncate(fd, total); answer < 0)
            return system_failure(answer, "%llu bytes cannot be reserved", static_cast<unsigned long long>(total));
        real = plan.control.data_bytes;
    }
    if (fm_status status = provide(fd, real, total - real, false); status < 0) return status;
    if (fm_status status = write_state(fd, plan.control, plan.state, plan.state_bytes); status < 0) return status;
    return write_control(fd, plan.control, plan.texts);
}

} // namespace fm::posix
