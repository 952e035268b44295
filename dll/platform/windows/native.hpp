// What we need of ntdll: the declarations that Microsoft documents but leaves out of winternl.h, and the questions
// that only the native interface answers. Knows nothing of filemap's statuses and names.
#pragma once

#include "platform/windows/win32.hpp"

#include <winternl.h>

#include <optional>
#include <string>

extern "C" {
NTSTATUS NTAPI NtQuerySection(HANDLE section, int question, void *answer, SIZE_T size, SIZE_T *needed);
NTSTATUS NTAPI NtQuerySemaphore(HANDLE semaphore, int question, void *answer, ULONG size, ULONG *needed);
NTSTATUS NTAPI NtOpenDirectoryObject(HANDLE *directory, ACCESS_MASK access, OBJECT_ATTRIBUTES *attributes);
NTSTATUS NTAPI NtQueryDirectoryObject(HANDLE directory, void *buffer, ULONG size, BOOLEAN single, BOOLEAN restart,
                                      ULONG *position, ULONG *needed);
NTSTATUS NTAPI NtOpenSection(HANDLE *section, ACCESS_MASK access, OBJECT_ATTRIBUTES *attributes);
NTSTATUS NTAPI NtOpenEvent(HANDLE *event, ACCESS_MASK access, OBJECT_ATTRIBUTES *attributes);
NTSTATUS NTAPI NtOpenMutant(HANDLE *mutex, ACCESS_MASK access, OBJECT_ATTRIBUTES *attributes);
NTSTATUS NTAPI NtOpenSemaphore(HANDLE *semaphore, ACCESS_MASK access, OBJECT_ATTRIBUTES *attributes);
NTSTATUS NTAPI NtOpenTimer(HANDLE *timer, ACCESS_MASK access, OBJECT_ATTRIBUTES *attributes);
NTSTATUS NTAPI NtOpenJobObject(HANDLE *job, ACCESS_MASK access, OBJECT_ATTRIBUTES *attributes);
}

namespace fm::windows {

constexpr bool succeeded(NTSTATUS status) {
    return status >= 0;
}

constexpr NTSTATUS status_more_entries = 0x00000105;
constexpr NTSTATUS status_no_more_entries = static_cast<NTSTATUS>(0x8000001A);
constexpr NTSTATUS status_buffer_too_small = static_cast<NTSTATUS>(0xC0000023);
constexpr NTSTATUS status_object_name_not_found = static_cast<NTSTATUS>(0xC0000034);
constexpr NTSTATUS status_not_implemented = static_cast<NTSTATUS>(0xC0000002);

constexpr ACCESS_MASK directory_query = 0x0001;
constexpr ACCESS_MASK directory_traverse = 0x0002;

/// The Win32 number of a native status.
inline int32_t win32_number(NTSTATUS status) {
    return static_cast<int32_t>(RtlNtStatusToDosError(status));
}

struct section_basics {
    uint64_t size;
    uint32_t attributes; ///< SEC_FILE, SEC_RESERVE, ...
};
/// Nothing where the handle is no section, or lacks SECTION_QUERY.
std::optional<section_basics> query_section(HANDLE section);

struct semaphore_counts {
    LONG count;
    LONG maximum;
};
/// Nothing where the handle is no semaphore.
std::optional<semaphore_counts> query_semaphore(HANDLE semaphore);

struct handle_basics {
    ACCESS_MASK granted;
    uint32_t handles; ///< open handles to the object, in all processes
};
std::optional<handle_basics> query_handle(HANDLE handle);

/// The path of an object in the kernel's namespace; "" where it has none or it cannot be told.
std::wstring query_path(HANDLE handle);

/// A text as the kernel wants it. The text must outlive it and have at most 32,767 units.
inline UNICODE_STRING kernel_text(std::wstring_view text) {
    auto bytes = static_cast<USHORT>(text.size() * sizeof(wchar_t));
    return {bytes, bytes, const_cast<wchar_t *>(text.data())};
}

} // namespace fm::windows
