// getdents64, one buffer at a time.

#include "platform/linux/directory_reader.hpp"

namespace fm::posix {

result<directory_reader> directory_reader::open(scope where) {
    auto directory = directory_of(where, false);
    if (!directory) return directory.error();
    int32_t fd = sys::openat(*directory, ".", sys::open_directory | sys::open_read_only); // a position of its own
    if (fd < 0) return system_failure(fd, "%s cannot be read", directory_text(where).c_str());
    return directory_reader(where, descriptor(fd));
}

void directory_reader::go_to(int64_t position) {
    at_ = length_ = 0;
    position_ = sys::seek(fd_.get(), position) == position ? position : 0;
}

result<bool> directory_reader::refill() {
    int64_t got = sys::read_directory(fd_.get(), buffer_.get(), capacity);
    if (got < 0) return system_failure(got, "%s cannot be read", directory_text(where_).c_str());
    at_ = 0;
    length_ = static_cast<std::size_t>(got);
    return got != 0;
}

result<std::optional<std::string>> directory_reader::next() {
    for (;;) {
        if (at_ == length_) {
            auto more = refill();
            if (!more) return more.error();
            if (!*more) return std::optional<std::string>();
        }
        auto *entry = reinterpret_cast<const sys::directory_entry *>(buffer_.get() + at_);
        at_ += entry->length;
        position_ = entry->next_offset;
        if (is_entry_file(where_, entry->name)) return std::optional<std::string>(entry->name);
    }
}

} // namespace fm::posix
