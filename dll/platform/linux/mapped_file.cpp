// Real files and large pages: everything where the caller's bytes are not in the entry itself.

#include "platform/linux/mapped_file.hpp"

#include "core/access.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace fm::posix {

namespace {

std::string own_path(int32_t fd) {
    char link[48], path[4096];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    int64_t length = sys::read_link(sys::at_cwd, link, path, sizeof path);
    return length > 0 ? std::string(path, static_cast<std::size_t>(length)) : std::string();
}

fm_status examine(chosen_file &file, const char *what) {
    sys::file_status status;
    if (int32_t answer = sys::status_of(file.fd.get(), status); answer < 0) return system_failure(answer, "%s cannot be examined", what);
    if (!status.is(sys::mode_regular))
        return fail(FM_E_FILE_INVALID, 0, "%s is a %s; only regular files can be mapped", what,
                    status.is(sys::mode_directory) ? "directory" : "device or pipe");
    file.device = status.device();
    file.inode = status.inode;
    file.size = status.size;
    file.mode = status.mode & 0777u;
    file.path = own_path(file.fd.get());
    return FM_OK;
}

result<chosen_file> by_path(const char *path, bool write) {
    uint32_t mode = write ? sys::open_read_write : sys::open_read_only;
    int32_t fd = sys::openat(sys::at_cwd, path, mode | sys::open_nonblock);
    if (fd == -sys::error_isdir) return fail(FM_E_FILE_INVALID, -fd, "%.300s is a directory; only regular files can be mapped", path);
    if (fd == -sys::error_notdir) return fail(FM_E_NOT_FOUND, -fd, "%.300s: part of the path is not a directory", path);
    if (fd < 0) return system_failure(fd, "the file %.300s cannot be opened for %s", path, write ? "reading and writing" : "reading");
    chosen_file file{descriptor(fd), {}, 0, 0, 0, 0};
    if (fm_status status = examine(file, path); status < 0) return failure{status};
    return file;
}

result<chosen_file> by_descriptor(int64_t given, bool write) {
    auto fd = static_cast<int32_t>(given);
    int32_t flags = given == fd ? sys::open_flags(fd) : -sys::error_badf;
    if (flags < 0)
        return fail(FM_E_INVALID_ARGUMENT, -flags, "options->file, %lld, is not an open descriptor", static_cast<long long>(given));
    uint32_t mode = static_cast<uint32_t>(flags) & sys::open_access_mask;
    if (static_cast<uint32_t>(flags) & sys::open_path_only)
        return fail(FM_E_ACCESS_DENIED, 0, "options->file, %d, was opened with O_PATH and can be neither read nor written", fd);
    if (mode == sys::open_write_only || (write && mode != sys::open_read_write))
        return fail(FM_E_ACCESS_DENIED, 0, "options->file, %d, is open for %s only; the protection needs %s", fd,
                    mode == sys::open_write_only ? "writing" : "reading", write ? "reading and writing" : "reading");
    int32_t own = sys::duplicate(fd, true);
    if (own < 0) return system_failure(own, "options->file, %d, cannot be duplicated", fd);
    chosen_file file{descriptor(own), {}, 0, 0, 0, 0};
    if (fm_status status = examine(file, "options->file"); status < 0) return failure{status};
    return file;
}

fm_status extend(chosen_file &file, uint64_t wanted) {
    int32_t answer = sys::allocate(file.fd.get(), 0, file.size, wanted - file.size);
    if (answer == -sys::error_notsup || answer == -sys::error_intr) answer = sys::truncate(file.fd.get(), wanted);
    if (answer == 0) return FM_OK;
    return system_failure(answer, "%.300s cannot be extended to %llu bytes", file.path.c_str(), static_cast<unsigned long long>(wanted));
}

} // namespace

result<chosen_file> choose_file(const platform::mapping_options &options) {
    bool write = protection_writes(options.protection);
    return options.file ? by_descriptor(*options.file, write) : by_path(options.file_path, write);
}

fm_status settle_file(chosen_file &file, uint64_t wanted, control_block &control, entry_texts &texts) {
    uint64_t size = wanted != 0 ? wanted : file.size;
    if (size == 0) return fail(FM_E_FILE_INVALID, 0, "%.300s is empty, and no size is given", file.path.c_str());
    if (size > file.size) {
        if (!protection_writes(control.protection))
            return fail(FM_E_NO_MEMORY, 0, "%.300s has %llu bytes, and a read-only mapping cannot extend it to %llu", file.path.c_str(),
                        static_cast<unsigned long long>(file.size), static_cast<unsigned long long>(size));
        if (fm_status status = extend(file, size); status < 0) return status;
    }
    control.size = size;
    control.flags |= FM_FILE;
    control.file_device = file.device;
    control.file_inode = file.inode;
    texts.path = file.path;
    return FM_OK;
}

/// Opening an entry must not lend our rights to those who made it or may have written it since: each of them must be
/// allowed to use the file so himself. Creation keeps an entry's permissions within its file's.
bool may_point_to(const sys::file_status &entry, const sys::file_status &file, bool write) {
    uint32_t needed = write ? 06 : 04;
    auto allows = [&](unsigned shift) { return (file.mode >> shift & needed) == needed; };
    if (allows(0)) return true;
    if (entry.mode & 02) return false;
    if ((entry.mode & 020) && !(entry.group == file.group && allows(3))) return false;
    return entry.owner == file.owner || entry.owner == 0 || entry.owner == sys::effective_user();
}

/// Examined before it is opened: opening a device could have effects, and the path is another's word.
bool is_still_there(const char *path, const control_block &control) {
    sys::file_status now;
    int32_t answer = sys::status_at(sys::at_cwd, path, now);
    if (answer == -sys::error_access) return true; // opening it will tell
    return answer == 0 && now.is(sys::mode_regular) && now.device() == control.file_device &&
           now.inode == control.file_inode;
}

result<descriptor> find_file(const held_entry &entry, bool write) {
    auto texts = read_texts(entry.lock.get(), entry.control);
    if (!texts) return texts.error();
    const char *path = texts->path.c_str();
    auto found = is_still_there(path, entry.control) ? by_path(path, write) : result<chosen_file>(failure{FM_E_NOT_FOUND});
    if (!found && found.error().status != FM_E_NOT_FOUND) return found.error();
    if (!found || found->device != entry.control.file_device || found->inode != entry.control.file_inode)
        return fail(FM_E_FILE_INVALID, 0, "the mapped file %.300s was replaced, moved or deleted since the mapping was created", path);
    sys::file_status ours, file;
    int32_t answer = sys::status_of(entry.lock.get(), ours);
    if (answer == 0) answer = sys::status_of(found->fd.get(), file);
    if (answer < 0) return system_failure(answer, "the mapped file cannot be examined");
    if (entry.control.where == FM_LIST_GLOBAL && !may_point_to(ours, file, write))
        return fail(FM_E_ACCESS_DENIED, 0, "the mapping, of user %u with permissions %03o, names the file %.300s, of user %u with "
                    "%03o: not all who may have done so may use it", ours.owner, ours.mode & 0777u, path, file.owner, file.mode & 0777u);
    return std::move(found->fd);
}

result<descriptor> large_memory(uint64_t size) {
    uint64_t unit = large_page_size();
    if (unit == 0) return fail(FM_E_NOT_SUPPORTED, 0, "this kernel has no large pages");
    if (size % unit != 0)
        return fail(FM_E_INVALID_ARGUMENT, 0, "size must be a multiple of the large page, %llu", static_cast<unsigned long long>(unit));
    int32_t fd = sys::make_memory_file("filemap", sys::memfd_cloexec | sys::memfd_hugetlb);
    if (fd < 0) return system_failure(fd, "memory of large pages cannot be made");
    descriptor memory(fd);
    int32_t answer = sys::allocate(fd, 0, 0, size);
    if (answer < 0)
        return fail(FM_E_NO_MEMORY, -answer, "%llu bytes of large pages cannot be had; an administrator reserves them with "
                    "vm.nr_hugepages", static_cast<unsigned long long>(size));
    return memory;
}

uint64_t large_page_size() {
    static const uint64_t size = [] {
        char text[8192];
        descriptor file(sys::openat(sys::at_cwd, "/proc/meminfo", sys::open_read_only));
        int64_t length = file ? sys::read(file.get(), text, sizeof text - 1) : 0;
        text[length > 0 ? length : 0] = '\0';
        const char *line = std::strstr(text, "Hugepagesize:");
        return line != nullptr ? std::strtoull(line + 13, nullptr, 10) * 1024 : 0ull;
    }();
    return size;
}

} // namespace fm::posix
