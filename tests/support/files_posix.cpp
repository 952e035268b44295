// files.hpp for Linux.
#include "support/files.hpp"

#include "support/system.hpp"

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace fm::test {

namespace {

int checked(int result, const std::string &what) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), what);
    return result;
}

int flags_of(file_access access) {
    switch (access) {
    case file_access::none:
        return O_PATH;
    case file_access::read:
        return O_RDONLY;
    default:
        return O_RDWR;
    }
}

} // namespace

open_file::open_file(const std::string &path, file_access access)
    : value_(checked(open(path.c_str(), flags_of(access) | O_CLOEXEC), path)) {}

void open_file::close() {
    if (open_) ::close(static_cast<int>(value_));
    open_ = false;
}

std::string temp_folder() {
    const char *folder = std::getenv("TMPDIR");
    return folder && *folder ? folder : "/tmp";
}

std::string unused_path() {
    static std::atomic<unsigned> counter{0};
    return temp_folder() + "/filemap-test-" + std::to_string(process_id()) + "-" + std::to_string(counter.fetch_add(1));
}

void make_read_only(const std::string &path) {
    checked(chmod(path.c_str(), 0444), path);
}

temp_file::temp_file(uint64_t size) : path_(unused_path()) {
    const int fd = checked(open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600), path_);
    const int result = ftruncate(fd, static_cast<off_t>(size));
    const int why = errno;
    close(fd);
    if (result == 0) return;
    unlink(path_.c_str());
    throw std::system_error(why, std::generic_category(), path_);
}

temp_file::~temp_file() {
    if (!removed_) unlink(path_.c_str());
}

uint64_t temp_file::size() const {
    struct stat facts = {};
    checked(stat(path_.c_str(), &facts), path_);
    return static_cast<uint64_t>(facts.st_size);
}

void temp_file::write(uint64_t offset, const std::string &bytes) {
    const open_file file(path_, file_access::read_write);
    const ssize_t wrote =
        pwrite(static_cast<int>(file.value()), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (wrote != static_cast<ssize_t>(bytes.size())) checked(-1, path_);
}

std::string temp_file::read(uint64_t offset, uint64_t size) const {
    const open_file file(path_, file_access::read);
    std::string bytes(static_cast<std::size_t>(size), '\0');
    const ssize_t got = pread(static_cast<int>(file.value()), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    bytes.resize(static_cast<std::size_t>(checked(static_cast<int>(got), path_)));
    return bytes;
}

bool temp_file::resize(uint64_t size) {
    return truncate(path_.c_str(), static_cast<off_t>(size)) == 0;
}

void temp_file::remove() {
    checked(unlink(path_.c_str()), path_);
    removed_ = true;
}

} // namespace fm::test
