// What is done to views once they are mapped. Knows nothing of sections and names.

#include "platform/platform.hpp"
#include "platform/windows/errors.hpp"
#include "platform/windows/win32.hpp"

#include <algorithm>

namespace fm::platform {

using namespace windows;

namespace {

/// The Wine server holds what is copied in one call.
constexpr uint64_t copy_step = uint64_t(1) << 20;

using prefetch_function = BOOL(WINAPI *)(HANDLE, ULONG_PTR, WIN32_MEMORY_RANGE_ENTRY *, ULONG);

/// Null before Windows 8.
prefetch_function find_prefetch() {
    FARPROC found = GetProcAddress(GetModuleHandleW(L"kernel32.dll"), "PrefetchVirtualMemory");
    return reinterpret_cast<prefetch_function>(reinterpret_cast<void *>(found));
}

} // namespace

void unmap(const view_memory &view) {
    UnmapViewOfFile(view.base);
}

fm_status flush(const view_memory &view, uint64_t offset, uint64_t size) {
    if (!view.file_shared) return FM_OK;
    auto begin = static_cast<uint64_t>(reinterpret_cast<uintptr_t>(view.data)) + offset;
    uint64_t start = round_down(begin, page_size());
    auto length = static_cast<SIZE_T>(begin + size - start);
    if (FlushViewOfFile(reinterpret_cast<void *>(static_cast<uintptr_t>(start)), length)) return FM_OK;
    int32_t error = last_error();
    return fail(FM_E_SYSTEM, error, "%llu bytes at offset %llu could not be written to the file",
                static_cast<unsigned long long>(size), static_cast<unsigned long long>(offset));
}

fm_status prefetch(const view_memory &view, uint64_t offset, uint64_t size) {
    static const prefetch_function call = find_prefetch();
    if (call == nullptr) return FM_OK; // it is a hint
    WIN32_MEMORY_RANGE_ENTRY range{view.data + offset, static_cast<SIZE_T>(size)};
    if (call(GetCurrentProcess(), 1, &range, 0)) return FM_OK;
    int32_t error = last_error();
    if (status_of(error) == FM_E_NOT_SUPPORTED) return FM_OK;
    return fail(FM_E_SYSTEM, error, "%llu bytes at offset %llu could not be prefetched",
                static_cast<unsigned long long>(size), static_cast<unsigned long long>(offset));
}

/// ReadProcessMemory is a copy that the kernel guards on both sides; WriteProcessMemory would, on its way, make pages
/// writable that are not. In Wine 8 reserved pages can be touched before their commit, and so this copies them too.
bool copy_guarded(void *to, const void *from, uint64_t size) {
    auto *target = static_cast<std::byte *>(to);
    auto *source = static_cast<const std::byte *>(from);
    for (uint64_t done = 0; done < size;) {
        auto step = static_cast<SIZE_T>(std::min(size - done, copy_step));
        SIZE_T copied = 0;
        if (!ReadProcessMemory(GetCurrentProcess(), source + done, target + done, step, &copied) || copied != step)
            return false;
        done += step;
    }
    return true;
}

} // namespace fm::platform
