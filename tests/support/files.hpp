// Real files for tests: temporary ones that go away by themselves, and open descriptors or HANDLEs to hand to
// fm_create_options.file. files_posix.cpp and files_windows.cpp implement it.
#pragma once

#include <cstdint>
#include <string>

namespace fm::test {

enum class file_access { none, read, read_write, exclusive };

/// A file that is open: a descriptor (Linux) or HANDLE (Windows).
class open_file {
public:
    /// `exclusive` forbids others to open it as well, which only Windows knows.
    open_file(const std::string &path, file_access access);
    ~open_file() { close(); }
    open_file(const open_file &) = delete;
    open_file &operator=(const open_file &) = delete;

    int64_t value() const { return value_; }
    void close();

private:
    int64_t value_;
    bool open_ = true;
};

/// A file in the system's folder for temporary files, sparse where it has never been written.
class temp_file {
public:
    explicit temp_file(uint64_t size = 0);
    ~temp_file();
    temp_file(const temp_file &) = delete;
    temp_file &operator=(const temp_file &) = delete;

    const std::string &path() const { return path_; } ///< UTF-8
    uint64_t size() const;
    void write(uint64_t offset, const std::string &bytes);
    std::string read(uint64_t offset, uint64_t size) const;
    bool resize(uint64_t size); ///< false where the system refuses
    void remove();              ///< its name; throws where the system refuses

private:
    std::string path_;
    bool removed_ = false;
};

/// A new name in the folder for temporary files; nothing of this name exists.
std::string unused_path();
/// The folder for temporary files itself.
std::string temp_folder();
/// Marks a file as one that nobody may write.
void make_read_only(const std::string &path);

} // namespace fm::test
