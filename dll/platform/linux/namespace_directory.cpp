// /dev/shm (or FILEMAP_DIR) holds the entries of Global\ with a prefix, and one directory for each user's Local\.
// The descriptors of both are opened once and kept, so that creating and opening start from a known place.

#include "platform/linux/namespace_directory.hpp"

#include "platform/linux/libc.hpp"

#include <atomic>
#include <cstdio>

namespace fm::posix {

namespace {

constexpr std::string_view global_prefix = "filemap.";
constexpr std::string_view readable_prefix = "o."; ///< followed by the name, escaped
constexpr std::string_view hashed_prefix = "h.";   ///< followed by 32 hexadecimal digits
constexpr std::size_t longest_readable = 200;
constexpr char digits[] = "0123456789abcdef";

std::atomic<int32_t> open_directories[2] = {-1, -1};

std::atomic<int32_t> &slot_of(scope where) {
    return open_directories[where == scope::global];
}

const std::string &root_path() {
    static const std::string path = [] {
        std::string chosen = environment("FILEMAP_DIR");
        return chosen.empty() ? std::string("/dev/shm") : chosen;
    }();
    return path;
}

std::string local_leaf() {
    return "filemap-" + std::to_string(sys::effective_user());
}

result<int32_t> open_root() {
    int32_t fd = sys::openat(sys::at_cwd, root_path().c_str(), sys::open_directory | sys::open_read_only);
    if (fd >= 0) return fd;
    fm_status status = status_for(fd) == FM_E_NOT_FOUND ? FM_E_SYSTEM : status_for(fd); // not "no such object"
    return fail(status, -fd, "the directory of the namespace, %s, cannot be opened; mount it, or set FILEMAP_DIR to a "
                "directory that exists", root_path().c_str());
}

/// This user's directory must be a directory, his own, and closed to everybody else: others could plant entries.
fm_status check_own(int32_t fd) {
    sys::file_status status;
    if (int32_t answer = sys::status_of(fd, status); answer < 0)
        return system_failure(answer, "%s cannot be examined", directory_text(scope::local).c_str());
    if (status.owner == sys::effective_user() && (status.mode & 077) == 0) return FM_OK;
    return fail(FM_E_ACCESS_DENIED, 0, "%s belongs to user %u and has mode %03o; it must be this user's own with mode 0700: "
                "remove it, or set FILEMAP_DIR", directory_text(scope::local).c_str(), status.owner, status.mode & 0777u);
}

result<int32_t> open_local(bool make) {
    auto root = directory_of(scope::global, make);
    if (!root) return root.error();
    std::string leaf = local_leaf();
    int32_t fd = sys::openat(*root, leaf.c_str(), sys::open_directory | sys::open_nofollow);
    if (fd == -sys::error_noent && make) {
        int32_t made = sys::make_directory(*root, leaf.c_str(), 0700);
        if (made < 0 && made != -sys::error_exist)
            return system_failure(made, "%s cannot be made; let this user write there, or set FILEMAP_DIR",
                                  directory_text(scope::local).c_str());
        fd = sys::openat(*root, leaf.c_str(), sys::open_directory | sys::open_nofollow);
    }
    if (fd < 0) return system_failure(fd, "%s cannot be opened", directory_text(scope::local).c_str());
    descriptor opened(fd);
    if (fm_status status = check_own(fd); status < 0) return failure{status};
    return opened.release();
}

std::string escaped(std::string_view rest) {
    std::string text;
    text.reserve(rest.size() + 16);
    for (char c : rest) {
        auto byte = static_cast<unsigned char>(c);
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                     byte == '-' || byte == '_' || byte == '.' || byte >= 0x80;
        if (plain) {
            text.push_back(c);
        } else {
            text.push_back('%');
            text.push_back(digits[byte >> 4]);
            text.push_back(digits[byte & 15]);
        }
    }
    return text;
}

/// FNV-1a; two with different seeds make the 128 bits of a hashed file name. The entry holds the whole name, so an
/// accidental collision is found, not trusted.
uint64_t hash(std::string_view text, uint64_t seed) {
    for (char c : text) seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    return seed ^ seed >> 29;
}

std::string_view prefix_of(scope where) {
    return where == scope::global ? global_prefix : std::string_view();
}

int hex_value(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

} // namespace

std::string directory_text(scope where) {
    return where == scope::global ? root_path() : root_path() + "/" + local_leaf();
}

result<int32_t> directory_of(scope where, bool make) {
    std::atomic<int32_t> &slot = slot_of(where);
    if (int32_t known = slot.load(std::memory_order_acquire); known >= 0) return known;
    auto opened = where == scope::global ? open_root() : open_local(make);
    if (!opened) return opened.error();
    int32_t none = -1;
    if (slot.compare_exchange_strong(none, *opened)) return *opened;
    sys::close(*opened); // another thread was first
    return none;
}

void forget_directories() {
    // Not closed: where somebody closed all descriptors, the numbers belong to others by now.
    for (auto &slot : open_directories) slot.store(-1);
}

std::string file_name_of(const object_name &name) {
    std::string file(prefix_of(name.where));
    std::string readable = escaped(name.rest);
    if (readable.size() <= longest_readable) return file.append(readable_prefix).append(readable);
    char hashed[33];
    std::snprintf(hashed, sizeof hashed, "%016llx%016llx",
                  static_cast<unsigned long long>(hash(name.rest, 0xcbf29ce484222325u)),
                  static_cast<unsigned long long>(hash(name.rest, 0x9ae16a3b2f90404fu)));
    return file.append(hashed_prefix).append(hashed);
}

bool is_entry_file(scope where, std::string_view file) {
    if (!file.starts_with(prefix_of(where))) return false;
    file.remove_prefix(prefix_of(where).size());
    return file.starts_with(readable_prefix) || file.starts_with(hashed_prefix);
}

bool is_readable_file(scope where, std::string_view file) {
    return file.starts_with(prefix_of(where)) && file.substr(prefix_of(where).size()).starts_with(readable_prefix);
}

std::optional<std::string> name_of_file(scope where, std::string_view file) {
    if (!is_readable_file(where, file)) return std::nullopt;
    file.remove_prefix(prefix_of(where).size() + readable_prefix.size());
    std::string name;
    for (std::size_t i = 0; i < file.size(); ++i) {
        if (file[i] != '%') {
            name.push_back(file[i]);
            continue;
        }
        if (i + 2 >= file.size() || hex_value(file[i + 1]) < 0 || hex_value(file[i + 2]) < 0) return std::nullopt;
        name.push_back(static_cast<char>(hex_value(file[i + 1]) << 4 | hex_value(file[i + 2])));
        i += 2;
    }
    return name;
}

result<entry_place> place_of(const object_name &name, bool make) {
    auto directory = directory_of(name.where, make);
    if (!directory) return directory.error();
    return entry_place{*directory, name.where, file_name_of(name)};
}

} // namespace fm::posix
