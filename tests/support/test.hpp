// What every test uses: owners for handles and views, checks that say what the library said, and shorthands for
// setting a scene. Setting up throws where it fails; what a test is about is checked with EXPECT_STATUS.
#pragma once

#include "filemap.h"

#include "support/system.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace fm::test {

/// fm_last_error_message() of this thread, whole.
std::string last_error();
/// A status by its name; for a failure with what the library says of it.
std::string describe(fm_status status);
testing::AssertionResult status_is(const char *, const char *call, fm_status expected, fm_status actual);

#define EXPECT_STATUS(expected, call) EXPECT_PRED_FORMAT2(::fm::test::status_is, expected, call)
#define ASSERT_STATUS(expected, call) ASSERT_PRED_FORMAT2(::fm::test::status_is, expected, call)

/// A value that no call has given out; outputs that hold it after a failure were left alone.
template <class T>
T poison() {
    T value;
    std::memset(&value, 0x5a, sizeof value);
    return value;
}

/// Owns an fm_handle or fm_view and ends it, which has to succeed.
template <class T, fm_status(FM_CALL *End)(T)>
class owned {
public:
    owned() = default;
    explicit owned(T value) : value_(value) {}
    owned(owned &&other) noexcept : value_(std::exchange(other.value_, nullptr)) {}
    owned &operator=(owned &&other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }
    ~owned() { close(); }

    void close() {
        if (!value_) return;
        EXPECT_STATUS(FM_OK, End(std::exchange(value_, nullptr)));
    }
    T release() { return std::exchange(value_, nullptr); }
    /// Where a call may put a new value; what was held is ended first.
    T *out() {
        close();
        return &value_;
    }
    operator T() const { return value_; }

private:
    T value_ = nullptr;
};

// dllimport functions are no constants for a template, so these two stand between.
fm_status FM_CALL end_handle(fm_handle value);
fm_status FM_CALL end_view(fm_view value);
using handle = owned<fm_handle, end_handle>;
using view = owned<fm_view, end_view>;

/// A name that no other test, run or process uses, without prefix and backslash.
std::string unique_name(const std::string &tail = "");

/// Options with struct_size set and zero in the rest.
fm_create_options options(uint32_t flags = 0, uint32_t protection = 0);

/// Creates what must be new.
handle created(const std::string &name, uint64_t size = 4096, const fm_create_options &with = options());
/// An unnamed mapping of memory.
handle unnamed(uint64_t size = 4096, uint32_t protection = 0);
handle opened(const std::string &name, uint32_t access = FM_ACCESS_ALL);
handle duplicated(fm_handle of, uint32_t access, uint32_t flags = 0);
view mapped(fm_handle mapping, uint32_t access = FM_ACCESS_WRITE, uint64_t offset = 0, uint64_t size = 0);

/// fm_open, and fm_close where it succeeded.
fm_status try_open(const std::string &name, uint32_t access = FM_ACCESS_READ);
/// fm_map, and fm_unmap where it succeeded.
fm_status try_map(fm_handle mapping, uint32_t access, uint64_t offset = 0, uint64_t size = 0);

fm_info queried(fm_handle of);
std::string name_of(fm_handle of);

/// fm_write and fm_read of text, which have to succeed.
void write_text(fm_view to, uint64_t offset, std::string_view text);
std::string read_text(fm_view from, uint64_t offset, uint64_t size);

/// The first byte of a view as its address.
inline char *bytes_of(fm_view of) {
    return static_cast<char *>(fm_view_data(of));
}

} // namespace fm::test
