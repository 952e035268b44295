// The Windows headers, and types that give back what the kernel lent. Knows nothing of filemap's objects.
#pragma once

#include <windows.h>

#include <cstdint>
#include <memory>
#include <utility>

namespace fm::windows {

/// A kernel handle of ours. Both values that mean "none" in Win32 are none here.
class unique_handle {
public:
    unique_handle() = default;
    explicit unique_handle(HANDLE handle) : handle_(handle == INVALID_HANDLE_VALUE ? nullptr : handle) {}
    unique_handle(unique_handle &&other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    unique_handle &operator=(unique_handle &&other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~unique_handle() {
        if (handle_ != nullptr) CloseHandle(handle_);
    }

    explicit operator bool() const { return handle_ != nullptr; }
    HANDLE get() const { return handle_; }
    /// Where a function of the kernel is to store a handle; only while this is empty.
    HANDLE *receive() { return &handle_; }

private:
    HANDLE handle_ = nullptr;
};

struct local_free {
    void operator()(void *memory) const { LocalFree(memory); }
};
/// Memory that a Win32 function has allocated with LocalAlloc.
template <class T>
using local_memory = std::unique_ptr<T, local_free>;

struct view_unmap {
    void operator()(void *view) const { UnmapViewOfFile(view); }
};
/// A view that lasts no longer than a function.
using temporary_view = std::unique_ptr<void, view_unmap>;

constexpr DWORD high_half(uint64_t value) {
    return static_cast<DWORD>(value >> 32);
}
constexpr DWORD low_half(uint64_t value) {
    return static_cast<DWORD>(value & 0xffffffffu);
}
constexpr uint64_t join_halves(DWORD high, DWORD low) {
    return static_cast<uint64_t>(high) << 32 | low;
}
inline uint64_t as_number(const FILETIME &time) {
    return join_halves(time.dwHighDateTime, time.dwLowDateTime);
}

constexpr uint64_t round_down(uint64_t value, uint64_t step) {
    return value / step * step;
}
constexpr uint64_t round_up(uint64_t value, uint64_t step) {
    return (value + step - 1) / step * step;
}

/// Set by the functions of kernel32 also where they succeed, so it is only worth something right after a failure.
inline int32_t last_error() {
    return static_cast<int32_t>(GetLastError());
}

} // namespace fm::windows
