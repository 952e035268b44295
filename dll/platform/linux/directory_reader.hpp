// Goes through the entries of one scope's directory, from any position.
#pragma once

#include "platform/linux/namespace_directory.hpp"

#include <memory>

namespace fm::posix {

class directory_reader {
public:
    /// FM_E_NOT_FOUND where this user has no directory yet.
    static result<directory_reader> open(scope where);

    /// The next entry's file name; nothing at the end. Other files are passed over.
    result<std::optional<std::string>> next();
    /// Where the entry after the last one begins; a later reader may go on there.
    int64_t position() const { return position_; }
    void go_to(int64_t position);
    scope where() const { return where_; }

private:
    static constexpr std::size_t capacity = 32768;

    directory_reader(scope where, descriptor fd) : where_(where), fd_(std::move(fd)), buffer_(new char[capacity]) {}
    result<bool> refill();

    scope where_;
    descriptor fd_;
    std::unique_ptr<char[]> buffer_;
    std::size_t at_ = 0, length_ = 0;
    int64_t position_ = 0;
};

} // namespace fm::posix
