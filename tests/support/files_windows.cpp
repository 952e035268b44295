// files.hpp for Windows and Wine.
#include "support/files.hpp"

#include "support/system.hpp"

#include <windows.h>
#include <winioctl.h>

#include <atomic>
#include <stdexcept>

namespace fm::test {

namespace {

[[noreturn]] void raise_last_error(const std::string &what) {
    throw std::runtime_error(what + ": error " + std::to_string(GetLastError()));
}

std::wstring wide(const std::string &text) {
    const int length = MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), nullptr, 0);
    std::wstring result(static_cast<std::size_t>(length), L'\0');
    MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), result.data(), length);
    return result;
}

std::string utf8(const std::wstring &text) {
    const int length =
        WideCharToMultiByte(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), nullptr, 0, nullptr, nullptr);
    std::string result(static_cast<std::size_t>(length), '\0');
    WideCharToMultiByte(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), result.data(), length, nullptr,
                        nullptr);
    return result;
}

DWORD rights_of(file_access access) {
    switch (access) {
    case file_access::none:
        return 0;
    case file_access::read:
        return GENERIC_READ;
    default:
        return GENERIC_READ | GENERIC_WRITE;
    }
}

HANDLE as_handle(int64_t value) {
    return reinterpret_cast<HANDLE>(static_cast<intptr_t>(value));
}

HANDLE opened(const std::string &path, file_access access, DWORD disposition) {
    const DWORD shared = access == file_access::exclusive ? 0 : FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    const HANDLE file = CreateFileW(wide(path).c_str(), rights_of(access), shared, nullptr, disposition, 0, nullptr);
    if (file == INVALID_HANDLE_VALUE) raise_last_error(path);
    return file;
}

bool set_size(HANDLE file, uint64_t size) {
    LARGE_INTEGER end = {};
    end.QuadPart = static_cast<LONGLONG>(size);
    return SetFilePointerEx(file, end, nullptr, FILE_BEGIN) && SetEndOfFile(file);
}

OVERLAPPED at(uint64_t offset) {
    OVERLAPPED place = {};
    place.Offset = static_cast<DWORD>(offset);
    place.OffsetHigh = static_cast<DWORD>(offset >> 32);
    return place;
}

} // namespace

open_file::open_file(const std::string &path, file_access access)
    : value_(reinterpret_cast<intptr_t>(opened(path, access, OPEN_EXISTING))) {}

void open_file::close() {
    if (open_) CloseHandle(as_handle(value_));
    open_ = false;
}

std::string temp_folder() {
    wchar_t folder[MAX_PATH + 1] = L"";
    if (GetTempPathW(MAX_PATH + 1, folder) == 0) raise_last_error("GetTempPathW");
    return utf8(folder);
}

std::string unused_path() {
    static std::atomic<unsigned> counter{0};
    return temp_folder() + "filemap-test-" + std::to_string(process_id()) + "-" + std::to_string(counter.fetch_add(1));
}

void make_read_only(const std::string &path) {
    if (!SetFileAttributesW(wide(path).c_str(), FILE_ATTRIBUTE_READONLY)) raise_last_error(path);
}

temp_file::temp_file(uint64_t size) : path_(unused_path()) {
    const HANDLE file = opened(path_, file_access::read_write, CREATE_NEW);
    DWORD unused = 0; // where files cannot be sparse (Wine leaves that to the host) this may fail, and nothing is lost
    DeviceIoControl(file, FSCTL_SET_SPARSE, nullptr, 0, nullptr, 0, &unused, nullptr);
    const bool sized = set_size(file, size);
    const DWORD why = GetLastError();
    CloseHandle(file);
    if (sized) return;
    DeleteFileW(wide(path_).c_str());
    SetLastError(why);
    raise_last_error(path_);
}

temp_file::~temp_file() {
    if (removed_) return;
    SetFileAttributesW(wide(path_).c_str(), FILE_ATTRIBUTE_NORMAL);
    DeleteFileW(wide(path_).c_str());
}

uint64_t temp_file::size() const {
    const open_file file(path_, file_access::read);
    LARGE_INTEGER size = {};
    if (!GetFileSizeEx(as_handle(file.value()), &size)) raise_last_error(path_);
    return static_cast<uint64_t>(size.QuadPart);
}

void temp_file::write(uint64_t offset, const std::string &bytes) {
    const open_file file(path_, file_access::read_write);
    OVERLAPPED place = at(offset);
    DWORD wrote = 0;
    if (!WriteFile(as_handle(file.value()), bytes.data(), static_cast<DWORD>(bytes.size()), &wrote, &place) ||
        wrote != bytes.size()) {
        raise_last_error(path_);
    }
}

std::string temp_file::read(uint64_t offset, uint64_t size) const {
    const open_file file(path_, file_access::read);
    std::string bytes(static_cast<std::size_t>(size), '\0');
    OVERLAPPED place = at(offset);
    DWORD got = 0;
    const bool done = ReadFile(as_handle(file.value()), bytes.data(), static_cast<DWORD>(size), &got, &place);
    if (!done && GetLastError() != ERROR_HANDLE_EOF) raise_last_error(path_);
    bytes.resize(got);
    return bytes;
}

bool temp_file::resize(uint64_t size) {
    const open_file file(path_, file_access::read_write);
    return set_size(as_handle(file.value()), size);
}

void temp_file::remove() {
    if (!DeleteFileW(wide(path_).c_str())) raise_last_error(path_);
    removed_ = true;
}

} // namespace fm::test
