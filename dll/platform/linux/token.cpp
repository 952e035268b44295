// Tokens on Linux: an object of another process is reached by an inherited descriptor, or through /proc/<pid>/fd. What
// a token says is checked against what is found there.

#include "platform/linux/mapping.hpp"
#include "platform/linux/waitable.hpp"

#include "core/access.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace fm::posix {

namespace {

/// When a process started, in clock ticks since boot: the 22nd field of its stat, behind a name that may hold anything.
uint64_t start_time(int64_t process) {
    char path[48], text[2048];
    std::snprintf(path, sizeof path, "/proc/%lld/stat", static_cast<long long>(process));
    descriptor file(sys::openat(sys::at_cwd, path, sys::open_read_only));
    int64_t length = file ? sys::read(file.get(), text, sizeof text - 1) : 0;
    text[length > 0 ? length : 0] = '\0';
    const char *at = std::strrchr(text, ')');
    bool ended = at != nullptr && at[1] == ' ' && (at[2] == 'Z' || at[2] == 'X'); // and its parent has not asked yet
    if (ended) return 0;
    for (int field = 2; at != nullptr && field < 22; ++field) at = std::strchr(at + 1, ' ');
    return at != nullptr ? std::strtoull(at, nullptr, 10) : 0;
}

failure ended(const platform::token_body &body) {
    return fail(FM_E_NOT_FOUND, 0, "process %lld, which made the token, has ended, and this process did not inherit the handle",
                static_cast<long long>(body.process));
}

fm_status check_process(const platform::token_body &body) {
    char path[48];
    std::snprintf(path, sizeof path, "/proc/%lld", static_cast<long long>(body.process));
    sys::file_status status;
    if (sys::status_at(sys::at_cwd, path, status) < 0 || start_time(body.process) != body.process_started) return ended(body);
    if (status.owner == sys::effective_user()) return FM_OK;
    return fail(FM_E_ACCESS_DENIED, 0, "process %lld, which made the token, belongs to user %u", static_cast<long long>(body.process), status.owner);
}

/// Whether a descriptor of this process is the object that the token names.
bool is_it(int64_t handle, const platform::token_body &body) {
    auto fd = static_cast<int32_t>(handle);
    sys::file_status status;
    return handle == fd && fd >= 0 && sys::status_of(fd, status) == 0 && status.device() == body.identity[0] &&
           status.inode == body.identity[1];
}

bool is_data_file(int32_t fd, const control_block &control) {
    sys::file_status status;
    if (sys::status_of(fd, status) < 0) return false;
    if (control.flags & FM_LARGE_PAGES) return status.size == control.size && sys::file_system_of(fd) == sys::file_system_large_pages;
    return status.device() == control.file_device && status.inode == control.file_inode;
}

/// The file behind an imported mapping: by the other process's descriptor, or by its path.
result<descriptor> find_data(const held_entry &entry, const platform::token_body &body, bool inherited, bool write) {
    char path[64];
    auto own = static_cast<int32_t>(body.file_handle);
    if (inherited && own == body.file_handle && is_data_file(own, entry.control) && was_inherited(own)) {
        sys::set_descriptor_flags(own, 1);
        return descriptor(own);
    }
    std::snprintf(path, sizeof path, "/proc/%lld/fd/%lld", static_cast<long long>(body.process), static_cast<long long>(body.file_handle));
    descriptor opened(sys::openat(sys::at_cwd, path, sys::open_nonblock | (write ? sys::open_read_write : sys::open_read_only)));
    if (opened && is_data_file(opened.get(), entry.control)) return opened;
    if (entry.control.flags & FM_LARGE_PAGES) return fail(FM_E_NOT_FOUND, 0, "the large pages that the token names are gone");
    return find_file(entry, write);
}

} // namespace

bool was_inherited(int64_t handle) {
    auto fd = static_cast<int32_t>(handle);
    return sys::descriptor_flags(fd) == 0 && !is_own_inheritable(fd);
}

result<held_entry> find_entry(const platform::token_body &body, bool &inherited) {
    char path[64];
    bool here = is_it(body.handle, body);
    if (here && body.process != sys::process_id() && was_inherited(body.handle)) {
        inherited = true;
        return adopt_inherited(static_cast<int32_t>(body.handle));
    }
    if (here) { // our own, or a forked child's copy
        std::snprintf(path, sizeof path, "/proc/self/fd/%lld", static_cast<long long>(body.handle));
        return join_by_path(path, body.identity[0], body.identity[1]);
    }
    if (body.process == sys::process_id()) return fail(FM_E_NOT_FOUND, 0, "this process has closed the handle that the token names");
    if (fm_status status = check_process(body); status < 0) return failure{status};
    std::snprintf(path, sizeof path, "/proc/%lld/fd/%lld", static_cast<long long>(body.process), static_cast<long long>(body.handle));
    return join_by_path(path, body.identity[0], body.identity[1]);
}

result<platform::token_body> entry_right::token(int32_t file) const {
    platform::token_body body;
    body.kind = facts_.kind;
    body.process = sys::process_id();
    body.process_started = start_time(body.process);
    if (body.process_started == 0) return fail(FM_E_SYSTEM, 0, "/proc/self/stat cannot be read; tokens need /proc");
    body.handle = entry.lock.get();
    body.file_handle = file;
    body.identity[0] = entry.device;
    body.identity[1] = entry.inode;
    return body;
}

} // namespace fm::posix

namespace fm::platform {

namespace {

using namespace posix;

result<std::shared_ptr<object>> import_mapping(held_entry entry, const token_body &body, bool inherited, uint32_t access) {
    auto mapping = std::make_shared<linux_mapping>(std::move(entry));
    const control_block &control = mapping->entry().control;
    if (control.flags & (FM_FILE | FM_LARGE_PAGES)) {
        bool write = (access & (FM_ACCESS_WRITE | FM_ACCESS_ALL)) && protection_writes(control.protection);
        auto data = find_data(mapping->entry(), body, inherited, write);
        if (!data) return data.error();
        mapping->attach(std::move(*data));
    }
    return std::shared_ptr<object>(std::move(mapping));
}

} // namespace

result<std::shared_ptr<object>> import_token(const token_body &body, uint32_t access) {
    bool inherited = false;
    auto entry = find_entry(body, inherited);
    if (!entry) return entry.error();
    uint32_t kind = entry->control.kind;
    if (kind == body.kind && kind == FM_KIND_MAPPING) return import_mapping(std::move(*entry), body, inherited, access);
    if (kind == body.kind && kind >= FM_KIND_EVENT && kind <= FM_KIND_TIMER) return import_waitable(std::move(*entry));
    end_entry(*entry);
    return fail(FM_E_INVALID_ARGUMENT, 0, "the token names an object of another kind than it says");
}

} // namespace fm::platform
