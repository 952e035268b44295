// Putting entries into this program's own namespace behind the library's back, as docs/entry-layout.md describes them,
// and holding them as another program would.
#pragma once

#include "filemap.h"

#include <cstdint>
#include <functional>
#include <string>

namespace fm::test {

/// The namespace of this program alone, made before the library is used; its children have it in FILEMAP_DIR.
const std::string &own_namespace();
/// Another folder for a namespace: root's, everybody may create there and remove only what is theirs.
class shared_folder {
public:
    shared_folder();
    ~shared_folder();
    shared_folder(const shared_folder &) = delete;
    shared_folder &operator=(const shared_folder &) = delete;
    const std::string &path() const { return path_; }

private:
    std::string path_;
};

/// Where the entry of Local\rest or Global\rest lies, for a rest of plain characters.
std::string local_entry(const std::string &rest);
std::string global_entry(const std::string &rest, const std::string &folder = own_namespace());

/// The first 128 bytes of an entry's last page.
struct control {
    char magic[8] = "filemap";
    uint32_t layout = 1;
    uint32_t kind = FM_KIND_MAPPING;
    uint64_t size = 4096;
    uint64_t data_bytes = 4096;
    int64_t created = 1;
    uint64_t id = 7;
    uint32_t creator = 1;
    uint32_t protection = FM_PROTECT_READ_WRITE;
    uint32_t flags = 0;
    uint32_t where = FM_LIST_LOCAL;
    uint64_t file_device = 0;
    uint64_t file_inode = 0;
    uint32_t name_bytes = 0;
    uint32_t path_bytes = 0;
    uint32_t text_bytes = 0;
    uint32_t reserved[9] = {};
};
static_assert(sizeof(control) == 128);

/// The words of an event, mutex, semaphore or timer, at offset 256 of the control page: docs/synchronisation.md.
struct waitable_words {
    uint64_t state;
    uint32_t resend, kind;
    uint64_t id, registry;
    uint32_t shared, maximum, manual, reacquired;
    struct {
        uint32_t writer, absolute;
        int64_t due;
        uint64_t period;
    } settings[7];
    uint32_t spare[10];
};
static_assert(sizeof(waitable_words) == 256);
constexpr uint64_t words_offset = 256;

/// A file of this program's namespace, or a part of it, in memory that others change, too.
class mapped_page {
public:
    explicit mapped_page(const std::string &path, uint64_t offset = 0);
    ~mapped_page();
    mapped_page(const mapped_page &) = delete;
    mapped_page &operator=(const mapped_page &) = delete;
    char *data() const { return static_cast<char *>(data_); }
    waitable_words &words() const { return *reinterpret_cast<waitable_words *>(data() + words_offset); }

private:
    void *data_;
};

/// The bytes of a whole entry: `data` bytes of contents, then the control page with the texts in it.
std::string image(const control &block, uint64_t data, const std::string &texts = "");
/// A sound entry of one page of contents, for the name Local\rest, changed as asked.
std::string image_of(const std::string &rest, const std::function<void(control &)> &change = [](control &) {});

void write_file(const std::string &path, const std::string &bytes);
std::string read_file(const std::string &path);
bool exists(const std::string &path);
/// Entries in the program's namespace, of all sorts.
unsigned entry_count();
/// For fm_token and the control block: what the library calls a device.
uint64_t device_number(uint64_t system_device);

/// A lock on an entry's byte `alive`, by a description of its own, until the object ends.
class lock_on {
public:
    enum kind { shared, exclusive };
    lock_on(const std::string &path, kind how);
    ~lock_on();
    lock_on(const lock_on &) = delete;
    lock_on &operator=(const lock_on &) = delete;

private:
    int fd_;
};

/// An entry that somebody holds: the library meets it as a living object.
class living {
public:
    living(const std::string &path, const std::string &bytes)
        : lock_((write_file(path, bytes), path), lock_on::shared) {}

private:
    lock_on lock_;
};

} // namespace fm::test
