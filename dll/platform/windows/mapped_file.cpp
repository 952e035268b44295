// Opens files by path, and tells files from what only looks like one.

#include "platform/windows/mapped_file.hpp"

#include "core/access.hpp"
#include "platform/windows/errors.hpp"
#include "platform/windows/names.hpp"

namespace fm::windows {

namespace {

bool is_directory(const wchar_t *path) {
    DWORD attributes = GetFileAttributesW(path);
    return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY);
}

failure open_failure(const platform::mapping_options &options, const wchar_t *path, int32_t error) {
    if (is_directory(path))
        return fail(FM_E_FILE_INVALID, error, "%.300s is a directory; only regular files can be mapped",
                    options.file_path);
    bool write = protection_writes(options.protection);
    return fail(status_of_path(error), error, "the file %.300s cannot be opened for %s", options.file_path,
                write ? "reading and writing" : "reading");
}

result<chosen_file> by_path(const platform::mapping_options &options) {
    DWORD access = GENERIC_READ | (protection_writes(options.protection) ? GENERIC_WRITE : 0) |
                   (protection_executes(options.protection) ? GENERIC_EXECUTE : 0);
    DWORD share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    std::wstring path = to_utf16(options.file_path);
    unique_handle file(
        CreateFileW(path.c_str(), access, share, nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr));
    int32_t error = last_error();
    if (!file) return open_failure(options, path.c_str(), error);
    HANDLE handle = file.get();
    return chosen_file{handle, std::move(file)};
}

failure not_open(int64_t value) {
    return fail(FM_E_INVALID_ARGUMENT, ERROR_INVALID_HANDLE, "options->file, %lld, is not an open HANDLE",
                static_cast<long long>(value));
}

} // namespace

result<chosen_file> choose_file(const platform::mapping_options &options) {
    if (options.file_path != nullptr) return by_path(options);
    if (!options.file) return chosen_file{};
    auto handle = reinterpret_cast<HANDLE>(static_cast<intptr_t>(*options.file));
    // The kernel would take both for "memory".
    if (handle == nullptr || handle == INVALID_HANDLE_VALUE) return not_open(*options.file);
    return chosen_file{handle, {}};
}

std::optional<failure> fault_of_file(const platform::mapping_options &options, const chosen_file &file, int32_t error) {
    if (!file.is_given()) return std::nullopt;
    const char *what = options.file_path != nullptr ? options.file_path : "options->file";
    SetLastError(ERROR_SUCCESS);
    DWORD type = GetFileType(file.handle);
    if (type == FILE_TYPE_UNKNOWN && GetLastError() == ERROR_INVALID_HANDLE) return not_open(options.file.value_or(0));
    if (type != FILE_TYPE_DISK)
        return fail(FM_E_FILE_INVALID, error, "%.300s is a device or pipe; only regular files can be mapped", what);
    BY_HANDLE_FILE_INFORMATION about;
    if (GetFileInformationByHandle(file.handle, &about) && (about.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY))
        return fail(FM_E_FILE_INVALID, error, "%.300s is a directory; only regular files can be mapped", what);
    return std::nullopt;
}

} // namespace fm::windows
