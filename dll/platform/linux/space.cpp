// fallocate, and what has to be asked before it.

#include "platform/linux/space.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace fm::posix {

namespace {

/// The memory that the system could still give, swap included.
uint64_t available_memory() {
    char text[4096];
    descriptor file(sys::openat(sys::at_cwd, "/proc/meminfo", sys::open_read_only));
    int64_t length = file ? sys::read(file.get(), text, sizeof text - 1) : 0;
    text[length > 0 ? length : 0] = '\0';
    uint64_t kilobytes = 0;
    for (const char *field : {"MemAvailable:", "SwapFree:"}) {
        const char *line = std::strstr(text, field);
        if (line != nullptr) kilobytes += std::strtoull(line + std::strlen(field), nullptr, 10);
    }
    return kilobytes != 0 ? kilobytes * 1024 : std::numeric_limits<uint64_t>::max();
}

/// A memory file has no limit of its own, and /dev/shm may be given all there is: asking the kernel for more would
/// have it kill processes to find it. Small requests are not worth the look.
fm_status check_memory(int32_t fd, uint64_t size) {
    constexpr uint64_t worth_a_look = uint64_t(32) << 20;
    if (size < worth_a_look || sys::file_system_of(fd) != sys::file_system_memory) return FM_OK;
    uint64_t available = available_memory();
    if (size <= available) return FM_OK;
    return fail(FM_E_NO_SPACE, sys::error_nomem, "%llu bytes of memory are asked for, and %llu are left",
                static_cast<unsigned long long>(size), static_cast<unsigned long long>(available));
}

} // namespace

fm_status provide(int32_t fd, uint64_t offset, uint64_t size, bool keep_size) {
    if (fm_status status = check_memory(fd, size); status < 0) return status;
    uint32_t mode = keep_size ? sys::fallocate_keep_size : 0;
    constexpr uint64_t portion = uint64_t(64) << 20; // small enough to be done between two signals of a profiler
    int32_t answer = sys::allocate(fd, mode, offset, size);
    for (uint64_t done = 0; answer == -sys::error_intr && done < size;) {
        answer = sys::allocate(fd, mode, offset + done, std::min(portion, size - done));
        if (answer == 0) done += std::min(portion, size - done);
        if (answer == 0 && done < size) answer = -sys::error_intr;
    }
    if (answer == 0) return FM_OK;
    if (answer == -sys::error_notsup)
        return fail(FM_E_NOT_SUPPORTED, -answer, "the file system of the namespace cannot reserve space; set FILEMAP_DIR to a tmpfs");
    return system_failure(answer, "%llu bytes cannot be provided", static_cast<unsigned long long>(size));
}

} // namespace fm::posix
