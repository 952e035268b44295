// The rules of entry_right.hpp but for finding entries by tokens, which token.cpp does.

#include "platform/linux/entry_right.hpp"

#include <algorithm>
#include <mutex>
#include <vector>

namespace fm::posix {

namespace {

std::mutex inheritable_lock;
std::vector<int32_t> &own_inheritable() {
    static auto &list = *new std::vector<int32_t>; // used until the very end of the process
    return list;
}

/// A memory file for the entry of an unnamed object, closed to shrinking by others once it is filled.
result<descriptor> unnamed_file(bool executable) {
    uint32_t flags = sys::memfd_cloexec | sys::memfd_allow_sealing;
    int32_t fd = sys::make_memory_file("filemap", flags | (executable ? sys::memfd_exec : sys::memfd_noexec_seal));
    if (fd == -sys::error_inval) fd = sys::make_memory_file("filemap", flags); // before Linux 6.3
    if (fd < 0) return system_failure(fd, "memory cannot be made");
    return descriptor(fd);
}

} // namespace

entry_right::~entry_right() {
    if (inheritable_) {
        std::lock_guard guard(inheritable_lock);
        std::erase(own_inheritable(), entry.lock.get());
    }
    end_entry(entry);
}

result<std::string> entry_right::name() const {
    return entry.named() ? full_name(entry.place.where, entry.name) : std::string();
}

fm_status entry_right::make_inheritable() {
    if (int32_t answer = sys::set_descriptor_flags(entry.lock.get(), 0); answer < 0)
        return system_failure(answer, "the descriptor cannot be made inheritable");
    std::lock_guard guard(inheritable_lock);
    own_inheritable().push_back(entry.lock.get());
    inheritable_ = true;
    return FM_OK;
}

bool is_own_inheritable(int32_t fd) {
    std::lock_guard guard(inheritable_lock);
    return std::count(own_inheritable().begin(), own_inheritable().end(), fd) != 0;
}

control_block new_control(uint32_t kind, const std::optional<object_name> &name) {
    control_block control{};
    control.kind = kind;
    control.created = sys::now(sys::clock_realtime);
    control.id = platform::random_number();
    control.creator = static_cast<uint32_t>(sys::process_id());
    control.where = name ? static_cast<uint32_t>(name->where) : 0;
    return control;
}

result<held_entry> unnamed_entry(entry_plan &plan, bool executable) {
    auto file = unnamed_file(executable);
    if (!file) return file.error();
    if (plan.prepare)
        if (fm_status status = plan.prepare(plan.control, plan.texts); status < 0) return failure{status};
    if (fm_status status = write_entry(file->get(), plan); status < 0) return failure{status};
    sys::add_seals(file->get(), sys::seal_shrink | sys::seal_grow | sys::seal_seal);
    held_entry entry;
    sys::file_status status;
    if (int32_t answer = sys::status_of(file->get(), status); answer < 0) return system_failure(answer, "memory cannot be examined");
    entry.lock = std::move(*file);
    entry.control = plan.control;
    entry.device = status.device();
    entry.inode = status.inode;
    return entry;
}

} // namespace fm::posix
