// The one table from Win32 error numbers to statuses, and the system's words for a number.

#include "platform/windows/errors.hpp"

#include "platform/platform.hpp"
#include "platform/windows/win32.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace fm::windows {

namespace {

struct row {
    int32_t win32_error;
    fm_status status;
};

constexpr row table[] = {
    {ERROR_FILE_NOT_FOUND, FM_E_NOT_FOUND},
    {ERROR_PATH_NOT_FOUND, FM_E_INVALID_NAME}, // a backslash in an object's name
    {ERROR_INVALID_NAME, FM_E_INVALID_NAME},
    {ERROR_BAD_PATHNAME, FM_E_INVALID_NAME},
    {ERROR_FILENAME_EXCED_RANGE, FM_E_INVALID_NAME},
    {ERROR_ALREADY_EXISTS, FM_E_EXISTS},
    {ERROR_INVALID_HANDLE, FM_E_WRONG_KIND}, // create and open by name: STATUS_OBJECT_TYPE_MISMATCH
    {ERROR_ACCESS_DENIED, FM_E_ACCESS_DENIED},
    {ERROR_WRITE_PROTECT, FM_E_ACCESS_DENIED},
    {ERROR_SHARING_VIOLATION, FM_E_ACCESS_DENIED},
    {ERROR_LOCK_VIOLATION, FM_E_ACCESS_DENIED},
    {ERROR_PRIVILEGE_NOT_HELD, FM_E_ACCESS_DENIED},
    {ERROR_INVALID_PARAMETER, FM_E_INVALID_ARGUMENT},
    {ERROR_NOT_ENOUGH_MEMORY, FM_E_NO_MEMORY},
    {ERROR_OUTOFMEMORY, FM_E_NO_MEMORY},
    {ERROR_NO_SYSTEM_RESOURCES, FM_E_NO_MEMORY},
    {ERROR_DISK_FULL, FM_E_NO_SPACE},
    {ERROR_HANDLE_DISK_FULL, FM_E_NO_SPACE},
    {ERROR_COMMITMENT_LIMIT, FM_E_NO_SPACE},
    {ERROR_FILE_INVALID, FM_E_FILE_INVALID},
    {ERROR_BAD_EXE_FORMAT, FM_E_FILE_INVALID}, // STATUS_INVALID_FILE_FOR_SECTION: a directory, a device
    {ERROR_MAPPED_ALIGNMENT, FM_E_NOT_ALIGNED},
    {ERROR_INVALID_ADDRESS, FM_E_ADDRESS_IN_USE},
    {ERROR_NOT_OWNER, FM_E_NOT_OWNER},
    {ERROR_TOO_MANY_POSTS, FM_E_TOO_MANY},
    {ERROR_TOO_MANY_OPEN_FILES, FM_E_NO_HANDLES},
    {ERROR_NOT_ENOUGH_QUOTA, FM_E_NO_HANDLES},
    {ERROR_NOT_SUPPORTED, FM_E_NOT_SUPPORTED},
    {ERROR_INVALID_FUNCTION, FM_E_NOT_SUPPORTED},
    {ERROR_CALL_NOT_IMPLEMENTED, FM_E_NOT_SUPPORTED},
};

/// What a path that leads nowhere can answer.
constexpr int32_t missing_path[] = {ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND, ERROR_INVALID_NAME,
                                    ERROR_BAD_PATHNAME,   ERROR_BAD_NETPATH,    ERROR_FILENAME_EXCED_RANGE,
                                    ERROR_BAD_NET_NAME,   ERROR_INVALID_DRIVE,  ERROR_NOT_READY};

/// The system's text, without the line end and the full stop; empty where it has none in this language.
DWORD format_words(int32_t os_error, DWORD language, wchar_t *words, DWORD capacity) {
    DWORD length =
        FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS | FORMAT_MESSAGE_MAX_WIDTH_MASK,
                       nullptr, static_cast<DWORD>(os_error), language, words, capacity, nullptr);
    while (length != 0 && (words[length - 1] <= L' ' || words[length - 1] == L'.')) --length;
    return length;
}

} // namespace

fm_status status_of(int32_t win32_error) {
    auto found =
        std::find_if(std::begin(table), std::end(table), [&](const row &r) { return r.win32_error == win32_error; });
    return found != std::end(table) ? found->status : static_cast<fm_status>(FM_E_SYSTEM);
}

fm_status status_of_path(int32_t win32_error) {
    bool missing = std::find(std::begin(missing_path), std::end(missing_path), win32_error) != std::end(missing_path);
    return missing ? static_cast<fm_status>(FM_E_NOT_FOUND) : status_of(win32_error);
}

} // namespace fm::windows

namespace fm::platform {

void describe_error(int32_t os_error, char *buffer, std::size_t capacity) {
    if (capacity == 0) return;
    wchar_t words[512];
    DWORD length = windows::format_words(os_error, MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), words, 512);
    if (length == 0) length = windows::format_words(os_error, 0, words, 512);
    char text[4 * 512];
    int bytes = WideCharToMultiByte(CP_UTF8, 0, words, static_cast<int>(length), text, sizeof text, nullptr, nullptr);
    auto kept = std::min(static_cast<std::size_t>(std::max(bytes, 0)), capacity - 1);
    if (kept < static_cast<std::size_t>(bytes)) // never end inside a character
        while (kept != 0 && (text[kept] & 0xc0) == 0x80) --kept;
    std::memcpy(buffer, text, kept);
    buffer[kept] = '\0';
}

} // namespace fm::platform
