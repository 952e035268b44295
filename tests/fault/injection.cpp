// The gate that fails one call, and the operator new that fails one allocation.

#include "injection.hpp"

#include "platform/linux/sys.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <iterator>
#include <new>
#include <sys/syscall.h>

namespace fm::fault {

namespace {

struct possible {
    uint32_t call;
    int errors[columns];
};

#if defined(__i386__)
constexpr uint32_t call_mmap = SYS_mmap2, call_fcntl = SYS_fcntl64, call_truncate = SYS_ftruncate64, call_seek = SYS__llseek;
#else
constexpr uint32_t call_mmap = SYS_mmap, call_fcntl = SYS_fcntl, call_truncate = SYS_ftruncate, call_seek = SYS_lseek;
#endif

/// What each call can fail with. A call that is not here cannot fail, or its failing is not told to anybody (close and
/// munmap of what is ours do what they are asked, sched_yield and getpid always succeed).
constexpr possible table[] = {
    {SYS_openat, {EMFILE, ENOMEM, EACCES, EINTR, ENFILE, EIO, ENOSPC, ENOENT}},
    {SYS_statx, {ENOMEM, EIO, EACCES, ENOMEM, EIO, EACCES, ENOMEM, EIO}},
    {SYS_fallocate, {ENOSPC, EINTR, EIO, EFBIG, EOPNOTSUPP, ENOMEM, EDQUOT, EPERM}},
    {call_truncate, {EIO, EINTR, ENOSPC, EFBIG, EPERM, ENOMEM, EIO, EDQUOT}},
    {SYS_fchmod, {EPERM, EIO, EROFS, ENOMEM, EPERM, EIO, EROFS, ENOSPC}},
    {SYS_read, {EIO, EINTR, ENOMEM, EAGAIN, EIO, EINTR, ENOMEM, EAGAIN}},
    {SYS_pread64, {EIO, EINTR, ENOMEM, EAGAIN, EIO, EINTR, ENOMEM, EAGAIN}},
    {SYS_pwrite64, {ENOSPC, EINTR, EIO, EDQUOT, ENOMEM, EFBIG, ENOSPC, EINTR}},
    {call_seek, {EINVAL, EIO, EOVERFLOW, EINVAL, EIO, EOVERFLOW, EINVAL, EIO}},
    {SYS_getdents64, {EIO, ENOMEM, ENOENT, EIO, ENOMEM, ENOENT, EIO, ENOMEM}},
    {SYS_readlinkat, {EIO, ENOMEM, EACCES, ENOENT, EIO, ENOMEM, EACCES, ENOENT}},
    {SYS_mkdirat, {ENOSPC, EACCES, ENOMEM, EROFS, EDQUOT, EIO, ENOSPC, EACCES}},
    {SYS_unlinkat, {EIO, EACCES, EBUSY, ENOMEM, EROFS, EPERM, EIO, EACCES}},
    {call_fcntl, {EAGAIN, ENOLCK, ENOMEM, EINTR, EMFILE, EBADF, EDEADLK, EIO}},
    {call_mmap, {ENOMEM, EACCES, EAGAIN, ENFILE, ENODEV, EPERM, ENOMEM, EOVERFLOW}},
    {SYS_msync, {EIO, ENOMEM, EBUSY, EIO, ENOMEM, EBUSY, EIO, ENOMEM}},
    {SYS_madvise, {EAGAIN, ENOMEM, EIO, EAGAIN, ENOMEM, EIO, EAGAIN, ENOMEM}},
    {SYS_memfd_create, {EMFILE, ENOMEM, ENFILE, ENOSYS, EACCES, EMFILE, ENOMEM, ENFILE}},
    {SYS_getrandom, {EAGAIN, EINTR, ENOSYS, EAGAIN, EINTR, ENOSYS, EAGAIN, EINTR}},
    {SYS_process_vm_readv, {EFAULT, ENOMEM, ENOSYS, EPERM, EFAULT, ENOMEM, ENOSYS, EPERM}},
    {SYS_membarrier, {EPERM, ENOSYS, EINVAL, EPERM, ENOSYS, EINVAL, EPERM, ENOSYS}},
    {SYS_get_robust_list, {ENOSYS, EPERM, ESRCH, EFAULT, ENOSYS, EPERM, ESRCH, EFAULT}},
    {SYS_futex_waitv, {ENOSYS, EPERM, ENOMEM, EINTR, EINVAL, ETIMEDOUT, EAGAIN, ENOMEM}},
};

plan current;
record seen;
bool in_force = false; // one thread at a time is under a plan, and nothing else runs then

const possible *find(uint32_t call) {
    for (const possible &row : table)
        if (row.call == call) return &row;
    return nullptr;
}

/// What the tests' own kind of call is named in messages.
const char *name_of(uint32_t call) {
    constexpr struct { uint32_t call; const char *name; } names[] = {
        {SYS_openat, "openat"}, {SYS_statx, "statx"}, {SYS_fallocate, "fallocate"}, {call_truncate, "ftruncate"},
        {SYS_fchmod, "fchmod"}, {SYS_read, "read"}, {SYS_pread64, "pread"}, {SYS_pwrite64, "pwrite"}, {call_seek, "lseek"},
        {SYS_getdents64, "getdents"}, {SYS_readlinkat, "readlinkat"}, {SYS_mkdirat, "mkdirat"}, {SYS_unlinkat, "unlinkat"},
        {call_fcntl, "fcntl"}, {call_mmap, "mmap"}, {SYS_msync, "msync"}, {SYS_madvise, "madvise"},
        {SYS_memfd_create, "memfd_create"}, {SYS_getrandom, "getrandom"}, {SYS_process_vm_readv, "process_vm_readv"},
        {SYS_membarrier, "membarrier"}, {SYS_get_robust_list, "get_robust_list"}, {SYS_futex_waitv, "futex_waitv"}};
    for (const auto &row : names)
        if (row.call == call) return row.name;
    return "?";
}

intptr_t failing_gate(const sys::request &call) {
    const possible *row = find(call.number);
    if (row == nullptr) return sys::enter_kernel(call);
    unsigned index = seen.system_calls++;
    if (current.what != plan::target::system_call || index != current.index) return sys::enter_kernel(call);
    seen.delivered = true;
    seen.failed_call = call.number;
    seen.failed_errno = row->errors[current.column % columns];
    seen.excuses_leftover = call.number == SYS_unlinkat || (call.number == SYS_openat && seen.failed_errno == EACCES);
    return -seen.failed_errno;
}

bool fails_now() {
    if (!in_force) return false;
    unsigned index = seen.allocations++;
    if (current.what != plan::target::allocation || index != current.index) return false;
    seen.delivered = true;
    return true;
}

} // namespace

std::string record::text() const {
    if (!delivered) return "no failure";
    if (failed_errno == 0) return "an allocation failing";
    return std::string(name_of(failed_call)) + " failing with errno " + std::to_string(failed_errno);
}

record run_with(const plan &chosen, const std::function<void()> &code) {
    current = chosen;
    seen = {};
    sys::set_gate(failing_gate);
    in_force = true;
    code();
    in_force = false;
    sys::set_gate(nullptr);
    return seen;
}

} // namespace fm::fault

void *operator new(std::size_t size) {
    if (fm::fault::fails_now()) throw std::bad_alloc();
    if (void *memory = std::malloc(size != 0 ? size : 1)) return memory;
    throw std::bad_alloc();
}
void *operator new[](std::size_t size) { return operator new(size); }
void *operator new(std::size_t size, const std::nothrow_t &) noexcept {
    return fm::fault::fails_now() ? nullptr : std::malloc(size != 0 ? size : 1);
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete[](void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void *memory, std::size_t) noexcept { std::free(memory); }
