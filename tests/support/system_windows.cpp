// system.hpp for Windows and Wine.
#include "support/system.hpp"

#include <windows.h>

#include <stdexcept>

namespace fm::test {

namespace {

LONG WINAPI end_process(EXCEPTION_POINTERS *fault) {
    TerminateProcess(GetCurrentProcess(), fault->ExceptionRecord->ExceptionCode);
    return EXCEPTION_EXECUTE_HANDLER;
}

bool in_session_zero() {
    DWORD session = 1;
    return ProcessIdToSessionId(GetCurrentProcessId(), &session) && session == 0;
}

bool has_privilege(const wchar_t *name) {
    PRIVILEGE_SET wanted = {1, PRIVILEGE_SET_ALL_NECESSARY, {{{}, SE_PRIVILEGE_ENABLED}}};
    HANDLE token = nullptr;
    if (!LookupPrivilegeValueW(nullptr, name, &wanted.Privilege[0].Luid)) return false;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) return false;
    BOOL held = FALSE;
    const BOOL asked = PrivilegeCheck(token, &wanted, &held);
    CloseHandle(token);
    return asked && held;
}

} // namespace

bool on_windows() {
    return true;
}

bool under_wine() {
    static const bool wine = GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr;
    return wine;
}

int64_t process_id() {
    return GetCurrentProcessId();
}

uint64_t open_handle_count() {
    DWORD count = 0;
    if (!GetProcessHandleCount(GetCurrentProcess(), &count)) throw std::runtime_error("GetProcessHandleCount failed");
    return count;
}

bool may_create_global() {
    return under_wine() || in_session_zero() || has_privilege(L"SeCreateGlobalPrivilege");
}
bool may_change_user() {
    return false;
}

void die_quietly_on_fault() {
    SetUnhandledExceptionFilter(end_process);
}

} // namespace fm::test
