// Where Win32 keeps named objects: \Sessions\<n>\BaseNamedObjects for session n, \BaseNamedObjects for all.

#include "platform/windows/names.hpp"

#include "platform/windows/win32.hpp"

namespace fm::windows {

namespace {

constexpr std::wstring_view global_directory = L"\\BaseNamedObjects";
constexpr std::wstring_view sessions_directory = L"\\Sessions\\";

DWORD own_session() {
    DWORD session = 0;
    ProcessIdToSessionId(GetCurrentProcessId(), &session);
    return session;
}

} // namespace

std::wstring to_utf16(std::string_view text) {
    auto bytes = static_cast<int>(text.size());
    int units = MultiByteToWideChar(CP_UTF8, 0, text.data(), bytes, nullptr, 0);
    std::wstring wide(static_cast<std::size_t>(units), L'\0');
    MultiByteToWideChar(CP_UTF8, 0, text.data(), bytes, wide.data(), units);
    return wide;
}

std::string to_utf8(std::wstring_view text) {
    auto units = static_cast<int>(text.size());
    int bytes = WideCharToMultiByte(CP_UTF8, 0, text.data(), units, nullptr, 0, nullptr, nullptr);
    std::string narrow(static_cast<std::size_t>(bytes), '\0');
    WideCharToMultiByte(CP_UTF8, 0, text.data(), units, narrow.data(), bytes, nullptr, nullptr);
    return narrow;
}

std::wstring kernel_name(const object_name &name) {
    // A local name goes without its prefix: it is the same object, and "Local\" could make the longest names too long.
    std::wstring rest = to_utf16(name.rest);
    return name.where == scope::global ? L"Global\\" + rest : rest;
}

std::wstring scope_directory(scope where) {
    DWORD session = where == scope::local ? own_session() : 0;
    if (session == 0) return std::wstring(global_directory);
    return std::wstring(sessions_directory) + std::to_wstring(session) + std::wstring(global_directory);
}

std::string name_of_path(std::wstring_view path) {
    auto last = path.rfind(L'\\');
    if (last == path.npos || last + 1 == path.size()) return {};
    std::wstring_view directory = path.substr(0, last);
    std::string rest = to_utf8(path.substr(last + 1));
    if (directory == scope_directory(scope::local)) return full_name(scope::local, rest);
    if (directory == global_directory) return full_name(scope::global, rest);
    // Another session's object, which came here as a token: it was local there, and no name here leads to it.
    bool elsewhere = directory.starts_with(sessions_directory) && directory.ends_with(global_directory);
    return elsewhere ? full_name(scope::local, rest) : std::string();
}

} // namespace fm::windows
