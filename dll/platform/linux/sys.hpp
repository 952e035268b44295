// The kernel, and nothing else: every system call that this layer makes, with the kernel's own numbers, structs and
// results (a negative result is -errno). No C library is involved, so the layer also compiles for programs that have
// another one (MinGW under Wine).
//
// All calls go through one gate. Tests replace it to count calls and to make the n-th one fail.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fm::sys {

// The kernel's constants. Those that differ between architectures are in sys.cpp.
inline constexpr int32_t error_perm = 1, error_noent = 2, error_srch = 3, error_intr = 4, error_io = 5, error_badf = 9, error_again = 11,
                         error_nomem = 12, error_access = 13, error_fault = 14, error_exist = 17,
                         error_nodev = 19, error_notdir = 20, error_isdir = 21, error_inval = 22, error_nfile = 23,
                         error_mfile = 24, error_txtbsy = 26, error_fbig = 27, error_nospc = 28, error_rofs = 30,
                         error_nosys = 38, error_loop = 40,
                         error_notsup = 95, error_dquot = 122, error_nxio = 6, error_timedout = 110;

inline constexpr int32_t at_cwd = -100;
inline constexpr uint32_t open_path_only = 010000000; // O_PATH
inline constexpr uint32_t open_read_only = 0, open_write_only = 1, open_read_write = 2, open_access_mask = 3,
                          open_create = 0100, open_exclusive = 0200, open_nonblock = 04000, open_cloexec = 02000000;
extern const uint32_t open_directory, open_nofollow, open_largefile;

inline constexpr uint32_t prot_none = 0, prot_read = 1, prot_write = 2, prot_exec = 4;
inline constexpr uint32_t map_shared = 1, map_private = 2, map_fixed_noreplace = 0x100000;
inline constexpr uint32_t sync_now = 4;   // MS_SYNC
inline constexpr uint32_t will_need = 3;  // MADV_WILLNEED
inline constexpr uint32_t memfd_cloexec = 1, memfd_allow_sealing = 2, memfd_hugetlb = 4, memfd_noexec_seal = 8, memfd_exec = 16;
inline constexpr uint32_t seal_seal = 1, seal_shrink = 2, seal_grow = 4;
inline constexpr uint32_t fallocate_keep_size = 1;
inline constexpr uint32_t mode_type = 0170000, mode_regular = 0100000, mode_directory = 0040000;
inline constexpr uint32_t file_system_memory = 0x01021994, file_system_large_pages = 0x958458f6;
inline constexpr int32_t clock_realtime = 0, clock_monotonic = 1;

enum class lock_kind : int16_t { shared = 0, exclusive = 1, none = 2 };

/// struct statx: the same on every architecture.
struct file_status {
    struct moment {
        int64_t seconds;
        uint32_t nanoseconds;
        int32_t reserved;
    };
    uint32_t mask, block_size;
    uint64_t attributes;
    uint32_t links, owner, group;
    uint16_t mode, spare0;
    uint64_t inode, size, blocks, attributes_mask;
    moment accessed, born, changed, modified;
    uint32_t special_major, special_minor, device_major, device_minor;
    uint64_t spare[14];

    uint64_t device() const { return uint64_t(device_major) << 32 | device_minor; }
    bool is(uint32_t type) const { return (mode & mode_type) == type; }
};
static_assert(sizeof(file_status) == 256);

/// struct linux_dirent64, without its name.
struct directory_entry {
    uint64_t inode;
    int64_t next_offset;
    uint16_t length;
    uint8_t type;
    char name[1];
};

int32_t openat(int32_t directory, const char *path, uint32_t flags, uint32_t mode = 0);
void close(int32_t fd);
int32_t status_of(int32_t fd, file_status &out);
int32_t status_at(int32_t directory, const char *path, file_status &out); ///< follows no link at the end
int32_t allocate(int32_t fd, uint32_t mode, uint64_t offset, uint64_t size);
int32_t truncate(int32_t fd, uint64_t size);
int32_t change_mode(int32_t fd, uint32_t mode);
int64_t read(int32_t fd, void *buffer, std::size_t size);
int64_t read_at(int32_t fd, void *buffer, std::size_t size, uint64_t offset);
int64_t write_at(int32_t fd, const void *data, std::size_t size, uint64_t offset);
uint32_t file_system_of(int32_t fd); ///< its magic number; 0 where it cannot be told
int64_t seek(int32_t fd, int64_t offset);
int64_t read_directory(int32_t fd, void *buffer, std::size_t size);
int64_t read_link(int32_t directory, const char *path, char *buffer, std::size_t size);
int32_t make_directory(int32_t directory, const char *path, uint32_t mode);
int32_t unlink(int32_t directory, const char *path);

/// `lock` tries and returns -EAGAIN where it is refused; `none` gives the lock back.
int32_t lock(int32_t fd, lock_kind kind, uint64_t start, uint64_t length);
/// The kind of lock that others hold and that an exclusive one would meet; negative: an error.
int32_t lock_of_others(int32_t fd, uint64_t start, uint64_t length);
int32_t duplicate(int32_t fd, bool close_on_exec);
int32_t descriptor_flags(int32_t fd); ///< 1: closes on exec
int32_t set_descriptor_flags(int32_t fd, int32_t flags);
int32_t open_flags(int32_t fd);       ///< F_GETFL
int32_t add_seals(int32_t fd, uint32_t seals);

/// The address, or a negative error in the same word: check with is_error().
uintptr_t map(void *address, std::size_t length, uint32_t protection, uint32_t flags, int32_t fd, uint64_t offset);
inline bool is_error(uintptr_t result) { return result > ~uintptr_t(4095); }
int32_t unmap(void *address, std::size_t length);
int32_t sync(void *address, std::size_t length, uint32_t flags);
int32_t advise(void *address, std::size_t length, uint32_t advice);
int32_t make_memory_file(const char *label, uint32_t flags);

int32_t process_id();
uint32_t effective_user();
void yield();
void sleep(uint64_t nanoseconds);
int64_t now(int32_t clock); ///< nanoseconds
int32_t random_bytes(void *buffer, std::size_t size);
int32_t memory_barrier_command(int32_t command);
/// Copies within this process; the number of bytes that could be copied, or an error.
int64_t copy_within(void *to, const void *from, std::size_t size);

inline constexpr int64_t no_deadline = INT64_MAX;

/// struct futex_waitv: the same on every architecture.
struct waited_word {
    uint64_t expected;
    uint64_t address;
    uint32_t flags;
    uint32_t reserved;
};
inline constexpr uint32_t word_32_bits = 2, word_private = 128;
inline constexpr uint32_t most_waited_words = 128;

/// Sleeps while the word is as expected. 0: woken; -EAGAIN: it is another; -ETIMEDOUT.
int32_t wait_on(const void *word, uint32_t expected, int64_t nanoseconds);
/// Sleeps while all words are as expected, until a moment of a clock (ns); the index of one that was woken, or as above.
int32_t wait_on_any(const waited_word *words, uint32_t count, int32_t clock, int64_t deadline);
inline constexpr uint32_t most_wakes = 0x7fffffff;
int32_t wake(const void *word, uint32_t count); ///< how many were woken
void wake_private(const void *word);              ///< all sleepers of this process that wait with word_private
/// Sets bits (0 to 11) in one word and wakes sleepers of another, in one step that a kill cannot split.
int32_t or_and_wake(void *changed, uint32_t bits, const void *word, uint32_t count);
int32_t robust_list_of_thread(void **head);
int32_t thread_id();
bool thread_is_gone(int32_t process, int32_t thread);

/// What a call is, for a test that intercepts it.
struct request {
    uint32_t number;
    intptr_t arguments[6];
};
using gate = intptr_t (*)(const request &);
/// The gate that reaches the kernel.
intptr_t enter_kernel(const request &call);
/// Replaces the gate (nullptr: back to the kernel). For tests, while nothing else runs.
void set_gate(gate replacement);

} // namespace fm::sys
