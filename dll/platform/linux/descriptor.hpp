// A descriptor that is closed when its owner goes, and the status that fits a failed system call.
#pragma once

#include "core/failure.hpp"
#include "platform/linux/sys.hpp"

#include <utility>

namespace fm::posix {

class descriptor {
public:
    descriptor() = default;
    explicit descriptor(int32_t fd) : fd_(fd) {}
    descriptor(descriptor &&other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    descriptor &operator=(descriptor &&other) noexcept {
        reset(std::exchange(other.fd_, -1));
        return *this;
    }
    ~descriptor() { reset(); }

    void reset(int32_t fd = -1) noexcept {
        if (fd_ >= 0) sys::close(fd_);
        fd_ = fd;
    }
    int32_t release() noexcept { return std::exchange(fd_, -1); }
    int32_t get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }

private:
    int32_t fd_ = -1;
};

/// The status for a system call's negative answer, whatever was tried.
fm_status status_for(int64_t answer);

/// fail() with the answer's status and number, and with what to do where that is always the same.
[[gnu::format(printf, 2, 3)]] failure system_failure(int64_t answer, const char *format, ...);

} // namespace fm::posix
