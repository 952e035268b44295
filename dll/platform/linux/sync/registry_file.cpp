// Opening and, whoever comes first, making a registry. There is no order among those who come at once: every step does
// only what is not done yet.

#include "platform/linux/sync/registry_file.hpp"

#include "platform/linux/namespace_directory.hpp"
#include "platform/linux/space.hpp"
#include "platform/platform.hpp"

#include <cstring>

namespace fm::sync {

using namespace posix;

namespace {

constexpr char magic[8] = "fm-regs";
constexpr uint32_t layout = 1, first_window = 1024;
constexpr uint64_t registry_bytes = sizeof(registry_header) + uint64_t(most_slots) * sizeof(slot); // sparse

std::string path_of(bool shared) {
    return directory_text(shared ? scope::global : scope::local) + (shared ? "/filemap.registry-1" : "/registry-1");
}

/// Not with O_CREAT where it exists: in a sticky directory the kernel refuses that for another user's file.
result<descriptor> open_file(bool shared) {
    auto directory = directory_of(shared ? scope::global : scope::local, true);
    if (!directory) return directory.error();
    const char *file = shared ? "filemap.registry-1" : "registry-1";
    const uint32_t flags = sys::open_read_write | sys::open_nofollow | sys::open_nonblock;
    for (unsigned turn = 0;; ++turn) {
        int32_t fd = sys::openat(*directory, file, flags);
        if (fd == -sys::error_noent) fd = sys::openat(*directory, file, flags | sys::open_create | sys::open_exclusive, 0600);
        if (fd >= 0) return descriptor(fd);
        // Another process may be between making it and opening it to all.
        bool being_made = fd == -sys::error_exist || (shared && fd == -sys::error_access);
        if (!being_made || turn == 100)
            return system_failure(fd, "%s, where waiting threads are registered, cannot be opened", path_of(shared).c_str());
        sys::sleep(1'000'000);
    }
}

fm_status give_size(int32_t fd, bool shared) {
    sys::file_status status;
    if (int32_t answer = sys::status_of(fd, status); answer < 0) return system_failure(answer, "%s cannot be examined", path_of(shared).c_str());
    if (!status.is(sys::mode_regular)) return fail(FM_E_CORRUPT, 0, "%s is not a file; remove it", path_of(shared).c_str());
    // The umask has no say; and a maker that was killed before this did not open it to others, so it is looked at each time.
    bool to_be_opened = shared && status.owner == sys::effective_user() && (status.mode & 0777) != 0666;
    if (int32_t answer = to_be_opened ? sys::change_mode(fd, 0666) : 0; answer < 0)
        return system_failure(answer, "%s cannot be opened to other users", path_of(shared).c_str());
    if (status.size < registry_bytes)
        if (int32_t answer = sys::truncate(fd, registry_bytes); answer < 0) return system_failure(answer, "%s cannot be extended", path_of(shared).c_str());
    return provide(fd, 0, sizeof(registry_header), true);
}

/// The header, by those who come first: all of them write the same but for the id, which the first one gives.
fm_status check_header(registry_header &header, int32_t fd, bool shared) {
    char found[16] = {}, wanted[16] = {}, fresh[16] = {};
    std::memcpy(wanted, magic, sizeof magic);
    std::memcpy(wanted + offsetof(registry_header, layout), &layout, sizeof layout);
    constexpr std::size_t length = offsetof(registry_header, window);
    if (sys::read_at(fd, found, length, 0) != static_cast<int64_t>(length)) return fail(FM_E_SYSTEM, 0, "%s cannot be read", path_of(shared).c_str());
    if (std::memcmp(found, fresh, length) == 0) {
        if (sys::write_at(fd, wanted, length, 0) != static_cast<int64_t>(length)) return fail(FM_E_SYSTEM, 0, "%s cannot be written", path_of(shared).c_str());
    } else if (std::memcmp(found, wanted, length) != 0) {
        return fail(FM_E_VERSION, 0, "%s was made by another version of filemap; end the programs that use it, then remove it",
                    path_of(shared).c_str());
    }
    uint32_t no_window = 0;
    header.window.compare_exchange_strong(no_window, first_window);
    uint64_t no_id = 0;
    header.id.compare_exchange_strong(no_id, platform::random_number() | 1);
    return FM_OK;
}

} // namespace

result<std::unique_ptr<registry>> open_registry(bool shared) {
    auto file = open_file(shared);
    if (!file) return file.error();
    if (fm_status status = give_size(file->get(), shared); status < 0) return failure{status};
    uintptr_t base = sys::map(nullptr, registry_bytes, sys::prot_read | sys::prot_write, sys::map_shared, file->get(), 0);
    if (sys::is_error(base)) return system_failure(static_cast<intptr_t>(base), "%s cannot be mapped", path_of(shared).c_str());
    auto *header = reinterpret_cast<registry_header *>(base);
    if (fm_status status = check_header(*header, file->get(), shared); status < 0) {
        sys::unmap(header, registry_bytes);
        return failure{status};
    }
    return std::make_unique<registry>(shared, header, std::move(*file));
}

} // namespace fm::sync
