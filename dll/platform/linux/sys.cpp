// One body per system call, the way into the kernel for each architecture, and the gate.

#include "platform/linux/sys.hpp"

#include <atomic>
#include <type_traits>

#if !defined(__x86_64__)
extern "C" long syscall(long number, ...) noexcept;
#  include <cerrno>
#endif

namespace fm::sys {

namespace {

#if defined(__x86_64__)
enum number : uint32_t {
    nr_read = 0, nr_close = 3, nr_lseek = 8, nr_mmap = 9, nr_munmap = 11, nr_pread = 17, nr_pwrite = 18,
    nr_sched_yield = 24, nr_msync = 26, nr_madvise = 28, nr_nanosleep = 35, nr_getpid = 39, nr_fcntl = 72, nr_fstatfs = 138,
    nr_ftruncate = 77, nr_fchmod = 91, nr_geteuid = 107, nr_getdents = 217, nr_clock_gettime = 228, nr_openat = 257,
    nr_mkdirat = 258, nr_unlinkat = 263, nr_readlinkat = 267, nr_fallocate = 285, nr_process_vm_readv = 310,
    nr_getrandom = 318, nr_memfd_create = 319, nr_membarrier = 324, nr_statx = 332, nr_gettid = 186, nr_futex = 202,
    nr_futex_wait = nr_futex, nr_tgkill = 234, nr_get_robust_list = 274, nr_futex_waitv = 449
};
#elif defined(__i386__)
enum number : uint32_t {
    nr_read = 3, nr_close = 6, nr_getpid = 20, nr_munmap = 91, nr_fchmod = 94, nr_lseek = 140, nr_msync = 144,
    nr_sched_yield = 158, nr_pread = 180, nr_pwrite = 181, nr_mmap = 192, nr_ftruncate = 194, nr_geteuid = 201,
    nr_madvise = 219, nr_getdents = 220, nr_fcntl = 221, nr_fstatfs = 100, nr_openat = 295, nr_mkdirat = 296, nr_unlinkat = 301,
    nr_readlinkat = 305, nr_fallocate = 324, nr_process_vm_readv = 347, nr_getrandom = 355, nr_memfd_create = 356,
    nr_membarrier = 375, nr_statx = 383, nr_clock_gettime = 403, nr_nanosleep = 407, nr_gettid = 224, nr_futex = 240,
    nr_futex_wait = 422, nr_tgkill = 270, nr_get_robust_list = 312, nr_futex_waitv = 449 // 422: futex_time64
};
#else
#  error "filemap knows the system call numbers of x86-64 and i386; add those of this architecture here and test it"
#endif

constexpr uint32_t statx_basic = 0x7ff, no_follow = 0x100, empty_path = 0x1000;
constexpr int32_t fcntl_getfd = 1, fcntl_setfd = 2, fcntl_getfl = 3, fcntl_ofd_getlk = 36, fcntl_ofd_setlk = 37,
                  fcntl_dupfd = 0, fcntl_dupfd_cloexec = 1030, fcntl_add_seals = 1033;

constexpr uint32_t futex_wait = 0, futex_wake = 1, futex_wake_op = 5, futex_or = 1, futex_below = 2, futex_private = 128;

/// struct flock64, as fcntl64 takes it: 24 bytes on i386, where 64-bit members are aligned to 4, else 32.
struct file_lock {
    int16_t kind, from;
    int64_t start, length;
    int32_t process;
};

struct time_spec { // __kernel_timespec
    int64_t seconds, nanoseconds;
};

time_spec to_time(int64_t nanoseconds) {
    return {nanoseconds / 1000000000, nanoseconds % 1000000000};
}

struct io_vector {
    void *base;
    std::size_t length;
};

std::atomic<gate> current_gate{enter_kernel};

template <class T>
intptr_t to_argument(T value) {
    if constexpr (std::is_pointer_v<T>)
        return reinterpret_cast<intptr_t>(value);
    else
        return static_cast<intptr_t>(value);
}

template <class... Arguments>
intptr_t invoke(number which, Arguments... arguments) {
    return current_gate.load(std::memory_order_relaxed)({which, {to_argument(arguments)...}});
}

template <class... Arguments>
int32_t invoke32(number which, Arguments... arguments) {
    return static_cast<int32_t>(invoke(which, arguments...));
}

// A 64-bit argument takes two registers on 32 bit, low half first.
#if defined(__x86_64__)
#  define FM_WIDE(value) uintptr_t(value)
#else
#  define FM_WIDE(value) uint32_t(value), uint32_t(uint64_t(value) >> 32)
#endif

} // namespace

const uint32_t open_directory = 0200000, open_nofollow = 0400000, open_largefile = sizeof(void *) == 4 ? 0100000 : 0;

#if defined(__x86_64__)
intptr_t enter_kernel(const request &call) {
    // Read first: under a sanitizer reading memory calls a function, which would overwrite registers set before it.
    const intptr_t first = call.arguments[0], second = call.arguments[1], third = call.arguments[2];
    const intptr_t at_fourth = call.arguments[3], at_fifth = call.arguments[4], at_sixth = call.arguments[5];
    intptr_t result = static_cast<intptr_t>(call.number);
    register intptr_t fourth asm("r10") = at_fourth;
    register intptr_t fifth asm("r8") = at_fifth;
    register intptr_t sixth asm("r9") = at_sixth;
    asm volatile("syscall"
                 : "+a"(result)
                 : "D"(first), "S"(second), "d"(third), "r"(fourth), "r"(fifth), "r"(sixth)
                 : "rcx", "r11", "memory");
    return result;
}
#else
intptr_t enter_kernel(const request &call) {
    const intptr_t *a = call.arguments;
    long result = ::syscall(static_cast<long>(call.number), a[0], a[1], a[2], a[3], a[4], a[5]);
    return result == -1 ? -errno : result;
}
#endif

void set_gate(gate replacement) {
    current_gate.store(replacement != nullptr ? replacement : enter_kernel);
}

int32_t openat(int32_t directory, const char *path, uint32_t flags, uint32_t mode) {
    return invoke32(nr_openat, directory, path, flags | open_cloexec | open_largefile, mode);
}

void close(int32_t fd) {
    invoke(nr_close, fd);
}

int32_t status_of(int32_t fd, file_status &out) {
    static std::atomic<bool> takes_no_path{true}; // since Linux 6.11; it saves the kernel a look at the path
    if (takes_no_path.load(std::memory_order_relaxed)) {
        int32_t answer = invoke32(nr_statx, fd, static_cast<const char *>(nullptr), empty_path, statx_basic, &out);
        if (answer != -error_fault) return answer;
        takes_no_path.store(false, std::memory_order_relaxed);
    }
    return invoke32(nr_statx, fd, "", empty_path, statx_basic, &out);
}

int32_t status_at(int32_t directory, const char *path, file_status &out) {
    return invoke32(nr_statx, directory, path, no_follow, statx_basic, &out);
}

int32_t allocate(int32_t fd, uint32_t mode, uint64_t offset, uint64_t size) {
    return invoke32(nr_fallocate, fd, mode, FM_WIDE(offset), FM_WIDE(size));
}

int32_t truncate(int32_t fd, uint64_t size) { return invoke32(nr_ftruncate, fd, FM_WIDE(size)); }
int32_t change_mode(int32_t fd, uint32_t mode) { return invoke32(nr_fchmod, fd, mode); }
int64_t read(int32_t fd, void *buffer, std::size_t size) { return invoke(nr_read, fd, buffer, size); }

int64_t read_at(int32_t fd, void *buffer, std::size_t size, uint64_t offset) {
    return invoke(nr_pread, fd, buffer, size, FM_WIDE(offset));
}

int64_t write_at(int32_t fd, const void *data, std::size_t size, uint64_t offset) {
    return invoke(nr_pwrite, fd, data, size, FM_WIDE(offset));
}

uint32_t file_system_of(int32_t fd) {
    intptr_t answer[32] = {}; // struct statfs: its first word is the type on both architectures
    return invoke32(nr_fstatfs, fd, answer) == 0 ? static_cast<uint32_t>(answer[0]) : 0;
}

int64_t seek(int32_t fd, int64_t offset) {
#if defined(__x86_64__)
    return invoke(nr_lseek, fd, intptr_t(offset), 0);
#else
    int64_t position = 0;
    int32_t answer = invoke32(nr_lseek, fd, uint32_t(uint64_t(offset) >> 32), uint32_t(offset), &position, 0);
    return answer < 0 ? answer : position;
#endif
}

int64_t read_directory(int32_t fd, void *buffer, std::size_t size) { return invoke(nr_getdents, fd, buffer, size); }

int64_t read_link(int32_t directory, const char *path, char *buffer, std::size_t size) {
    return invoke(nr_readlinkat, directory, path, buffer, size);
}

int32_t make_directory(int32_t directory, const char *path, uint32_t mode) {
    return invoke32(nr_mkdirat, directory, path, mode);
}

int32_t unlink(int32_t directory, const char *path) { return invoke32(nr_unlinkat, directory, path, 0); }

int32_t lock(int32_t fd, lock_kind kind, uint64_t start, uint64_t length) {
    file_lock wanted{static_cast<int16_t>(kind), 0, static_cast<int64_t>(start), static_cast<int64_t>(length), 0};
    return invoke32(nr_fcntl, fd, fcntl_ofd_setlk, &wanted);
}

int32_t lock_of_others(int32_t fd, uint64_t start, uint64_t length) {
    file_lock wanted{static_cast<int16_t>(lock_kind::exclusive), 0, static_cast<int64_t>(start), static_cast<int64_t>(length), 0};
    int32_t answer = invoke32(nr_fcntl, fd, fcntl_ofd_getlk, &wanted);
    return answer < 0 ? answer : wanted.kind;
}

int32_t duplicate(int32_t fd, bool close_on_exec) {
    return invoke32(nr_fcntl, fd, close_on_exec ? fcntl_dupfd_cloexec : fcntl_dupfd, 0);
}

int32_t descriptor_flags(int32_t fd) { return invoke32(nr_fcntl, fd, fcntl_getfd, 0); }
int32_t set_descriptor_flags(int32_t fd, int32_t flags) { return invoke32(nr_fcntl, fd, fcntl_setfd, flags); }
int32_t open_flags(int32_t fd) { return invoke32(nr_fcntl, fd, fcntl_getfl, 0); }
int32_t add_seals(int32_t fd, uint32_t seals) { return invoke32(nr_fcntl, fd, fcntl_add_seals, seals); }

uintptr_t map(void *address, std::size_t length, uint32_t protection, uint32_t flags, int32_t fd, uint64_t offset) {
    uint64_t unit = sizeof(void *) == 8 ? 1 : 4096; // mmap2 counts in pages of 4 KiB
    return static_cast<uintptr_t>(invoke(nr_mmap, address, length, protection, flags, fd, static_cast<uintptr_t>(offset / unit)));
}

int32_t unmap(void *address, std::size_t length) { return invoke32(nr_munmap, address, length); }
int32_t sync(void *address, std::size_t length, uint32_t flags) { return invoke32(nr_msync, address, length, flags); }
int32_t advise(void *address, std::size_t length, uint32_t advice) { return invoke32(nr_madvise, address, length, advice); }
int32_t make_memory_file(const char *label, uint32_t flags) { return invoke32(nr_memfd_create, label, flags); }

int32_t process_id() { return invoke32(nr_getpid); }
uint32_t effective_user() { return static_cast<uint32_t>(invoke(nr_geteuid)); }
void yield() { invoke(nr_sched_yield); }

void sleep(uint64_t nanoseconds) {
    time_spec length = to_time(static_cast<int64_t>(nanoseconds));
#if defined(__x86_64__)
    invoke(nr_nanosleep, &length, 0);
#else
    invoke(nr_nanosleep, clock_monotonic, 0, &length, 0); // clock_nanosleep_time64
#endif
}

int64_t now(int32_t clock) {
    time_spec moment{};
    invoke(nr_clock_gettime, clock, &moment);
    return moment.seconds * 1000000000 + moment.nanoseconds;
}

int32_t wait_on(const void *word, uint32_t expected, int64_t nanoseconds) {
    time_spec length = to_time(nanoseconds);
    return invoke32(nr_futex_wait, word, futex_wait, expected, &length, 0, 0);
}

int32_t wait_on_any(const waited_word *words, uint32_t count, int32_t clock, int64_t deadline) {
    time_spec moment = to_time(deadline);
    return invoke32(nr_futex_waitv, words, count, 0, deadline == no_deadline ? nullptr : &moment, clock);
}

int32_t wake(const void *word, uint32_t count) {
    return invoke32(nr_futex, word, futex_wake, count, 0, 0, 0);
}

void wake_private(const void *word) {
    invoke(nr_futex, word, futex_wake | futex_private, most_wakes, 0, 0, 0);
}

int32_t or_and_wake(void *changed, uint32_t bits, const void *word, uint32_t count) {
    // The comparison, "the old value is below -2048", guards the waking of `changed`'s own sleepers: there are none.
    uint32_t operation = futex_or << 28 | futex_below << 24 | bits << 12 | 0x800;
    return invoke32(nr_futex, word, futex_wake_op, count, 0, changed, operation);
}

int32_t robust_list_of_thread(void **head) {
    std::size_t length = 0;
    return invoke32(nr_get_robust_list, 0, head, &length);
}

int32_t thread_id() { return invoke32(nr_gettid); }
bool thread_is_gone(int32_t process, int32_t thread) { return invoke32(nr_tgkill, process, thread, 0) == -error_srch; }

int32_t random_bytes(void *buffer, std::size_t size) { return invoke32(nr_getrandom, buffer, size, 0); }
int32_t memory_barrier_command(int32_t command) { return invoke32(nr_membarrier, command, 0, 0); }

int64_t copy_within(void *to, const void *from, std::size_t size) {
    io_vector local{to, size}, remote{const_cast<void *>(from), size};
    return invoke(nr_process_vm_readv, process_id(), &local, 1, &remote, 1, 0);
}

} // namespace fm::sys
