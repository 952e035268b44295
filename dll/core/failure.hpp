// How an error travels: as a status, with its detail kept for the thread that failed. Every layer uses this header;
// it knows no operating system.
#pragma once

#include "filemap.h"

#include <optional>
#include <utility>

namespace fm {

/// A status below zero on its way up. Converts to fm_status and to any result<T>.
struct failure {
    fm_status status;
    operator fm_status() const { return status; }
};

/// Records the detail for fm_last_error_message() and fm_last_os_error(), and gives back the failure to return.
/// `os_error` is the system's own number, or 0 where the library itself found the fault.
[[gnu::format(printf, 3, 4)]] failure fail(fm_status status, int32_t os_error, const char *format, ...);

/// A value, or the failure that kept it from being made.
template <class T>
class [[nodiscard]] result {
public:
    result(T value) : value_(std::move(value)) {}
    result(failure why) : status_(why.status) {}

    explicit operator bool() const { return value_.has_value(); }
    T &operator*() { return *value_; }
    T *operator->() { return &*value_; }
    failure error() const { return {status_}; }

private:
    std::optional<T> value_;
    fm_status status_ = FM_OK;
};

} // namespace fm
