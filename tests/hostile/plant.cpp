// The hands of plant.hpp.
#include "hostile/plant.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <system_error>
#include <unistd.h>

namespace fm::test {

namespace {

constexpr off_t alive = off_t(1) << 62;

[[noreturn]] void raise_errno(const std::string &what) {
    throw std::system_error(errno, std::generic_category(), what);
}

/// Children find the variable set and leave the folder to their parent.
class program_namespace {
public:
    program_namespace() {
        if (const char *given = std::getenv("FILEMAP_HOSTILE_DIR")) {
            path_ = given;
            return;
        }
        made_by_ = getpid();
        if (!mkdtemp(path_.data())) raise_errno("mkdtemp " + path_);
        setenv("FILEMAP_HOSTILE_DIR", path_.c_str(), 1);
        setenv("FILEMAP_DIR", path_.c_str(), 1);
        mkdir((path_ + "/filemap-" + std::to_string(geteuid())).c_str(), 0700);
    }
    ~program_namespace() {
        std::error_code ignored;
        if (made_by_ == getpid()) std::filesystem::remove_all(path_, ignored);
    }
    const std::string &path() const { return path_; }

private:
    std::string path_ = "/dev/shm/filemap-hostile-XXXXXX";
    pid_t made_by_ = 0;
};

} // namespace

const std::string &own_namespace() {
    static const program_namespace made;
    return made.path();
}

namespace {
[[maybe_unused]] const std::string &made_early = own_namespace(); // before main(), so before the library looks for it
}

shared_folder::shared_folder() : path_("/dev/shm/filemap-hostile-shared-XXXXXX") {
    if (!mkdtemp(path_.data()) || chmod(path_.c_str(), 01777) != 0) raise_errno("mkdtemp " + path_);
}

shared_folder::~shared_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string local_entry(const std::string &rest) {
    return own_namespace() + "/filemap-" + std::to_string(geteuid()) + "/o." + rest;
}

std::string global_entry(const std::string &rest, const std::string &folder) { return folder + "/filemap.o." + rest; }

std::string image(const control &block, uint64_t data, const std::string &texts) {
    std::string bytes(data, 'd');
    std::string page(4096, '\0');
    std::memcpy(page.data(), &block, sizeof block);
    page.replace(512, texts.size(), texts);
    return bytes + page;
}

std::string image_of(const std::string &rest, const std::function<void(control &)> &change) {
    control block;
    block.name_bytes = static_cast<uint32_t>(rest.size());
    change(block);
    return image(block, 4096, rest);
}

void write_file(const std::string &path, const std::string &bytes) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (!file) throw std::runtime_error("cannot write " + path);
}

std::string read_file(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

bool exists(const std::string &path) {
    struct stat ignored;
    return lstat(path.c_str(), &ignored) == 0;
}

unsigned entry_count() {
    unsigned count = 0;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(own_namespace())) {
        const std::string file = entry.path().filename();
        if (file == "filemap.registry-1") continue; // where waiting threads are registered: it stays
        count += file.starts_with("o.") || file.starts_with("h.") || file.starts_with("filemap.");
    }
    return count;
}

uint64_t device_number(uint64_t system_device) { return uint64_t(major(system_device)) << 32 | minor(system_device); }

mapped_page::mapped_page(const std::string &path, uint64_t offset) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (fd < 0) raise_errno("open " + path);
    data_ = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, static_cast<off_t>(offset));
    ::close(fd);
    if (data_ == MAP_FAILED) raise_errno("mmap " + path);
}

mapped_page::~mapped_page() { munmap(data_, 4096); }

lock_on::lock_on(const std::string &path, kind how) : fd_(::open(path.c_str(), O_RDWR | O_CLOEXEC)) {
    struct flock wanted = {};
    wanted.l_type = how == shared ? F_RDLCK : F_WRLCK;
    wanted.l_start = alive;
    wanted.l_len = 1;
    if (fd_ < 0 || fcntl(fd_, F_OFD_SETLK, &wanted) != 0) raise_errno("lock " + path);
}

lock_on::~lock_on() { ::close(fd_); }

} // namespace fm::test
