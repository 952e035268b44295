// Joining an entry that was not reached by its name: through another process's descriptor, or by inheritance.

#include "platform/linux/fork_gate.hpp"
#include "platform/linux/lifetime.hpp"

namespace fm::posix {

namespace {

/// The place of an entry that was not reached by its name.
fm_status recall_place(held_entry &entry, int32_t fd) {
    if (entry.control.where == 0) return FM_OK;
    auto texts = read_texts(fd, entry.control);
    if (!texts) return texts.error();
    entry.name = texts->name;
    auto place = place_of({static_cast<scope>(entry.control.where), entry.name}, true);
    if (!place) return place.error();
    entry.place = std::move(*place);
    return FM_OK;
}

} // namespace

result<held_entry> join_by_path(const char *path, uint64_t device, uint64_t inode) {
    watch_forks();
    held_entry entry;
    int32_t fd = sys::openat(sys::at_cwd, path, sys::open_read_write | sys::open_nonblock);
    entry.writable = fd != -sys::error_access;
    if (!entry.writable) fd = sys::openat(sys::at_cwd, path, sys::open_read_only | sys::open_nonblock);
    if (fd < 0) return system_failure(fd, "the other process's handle cannot be opened");
    entry.lock.reset(fd);
    sys::file_status status;
    if (int32_t answer = sys::status_of(fd, status); answer < 0) return system_failure(answer, "the handle cannot be examined");
    if (status.device() != device || status.inode != inode || !status.is(sys::mode_regular))
        return fail(FM_E_NOT_FOUND, 0, "the process has closed the handle that the token names");
    control_answer read = read_control(fd, status);
    if (read.status < 0) return fail(read.status, read.os_error, "what the token names is not a valid object");
    entry.control = read.control;
    entry.device = device;
    entry.inode = inode;
    if (fm_status placed = recall_place(entry, fd); placed < 0) return failure{placed};
    if (!entry.named()) return entry;
    auto who = presence_of(fd);
    if (!who) return who.error();
    if (*who != presence::users || sys::lock(fd, sys::lock_kind::shared, alive_byte, 1) < 0 ||
        sys::status_of(fd, status) < 0 || status.links == 0)
        return fail(FM_E_NOT_FOUND, 0, "the process has closed the handle that the token names");
    return entry;
}

result<held_entry> adopt_inherited(int32_t fd) {
    watch_forks();
    held_entry entry;
    sys::file_status status;
    if (int32_t answer = sys::status_of(fd, status); answer < 0)
        return system_failure(answer, "the inherited handle cannot be examined");
    control_answer read = read_control(fd, status);
    if (read.status < 0) return fail(FM_E_NOT_FOUND, read.os_error, "the descriptor %d that the token names is no handle", fd);
    entry.control = read.control;
    entry.device = status.device();
    entry.inode = status.inode;
    entry.writable = (sys::open_flags(fd) & sys::open_access_mask) == sys::open_read_write;
    if (fm_status placed = recall_place(entry, fd); placed < 0) return failure{placed};
    sys::set_descriptor_flags(fd, 1);
    entry.lock.reset(fd); // ours only now: nothing that a made-up token points to is ever closed
    return entry;
}

} // namespace fm::posix
