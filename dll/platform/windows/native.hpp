// What we need of ntdll: the declarations that Microsoft documents but leaves out of winternl.h, and the questions
// that only the native interface answers. Knows nothing of filemap's statuses and names.
#pragma once

#include "platform/windows/win32.hpp"

#include <winternl.h>

#include <optional>
#include <string>

extern "C" {
NTSTATUS NTAPI NtQuerySection(HANDLE section, int question, void *answer, SIZE_T size, SIZE_T *needed);
NTSTATUS NTAPI NtQueryEvent(HANDLE event, int question, void *answer, ULONG size, ULONG *needed);
NTSTATUS NTAPI NtQueryMutant(HANDLE mutex, int question, void *answer, ULONG size, ULONG *needed);
NTSTATUS NTAPI NtQuerySemaphore(HANDLE semaphore, int question, void *answer, ULONG size, ULONG *needed);
NTSTATUS NTAPI NtQueryTimer(HANDLE timer, int question, void *answer, ULONG size, ULONG *needed);
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

// The state of an object; nothing where the handle is none of its kind, or lacks the right to query it.

struct event_state {
    bool manual;
    bool set;
};
std::optional<event_state> query_event(HANDLE event);

struct mutex_state {
    uint32_t acquisitions; ///< that the owner has to release
    bool owned_by_caller;
};
std::optional<mutex_state> query_mutex(HANDLE mutex);
/// The id of the owning thread's process; 0 where there is none, or the system (Wine 8) cannot tell.
uint32_t query_mutex_owner(HANDLE mutex);

struct semaphore_counts {
    LONG count;
    LONG maximum;
};
std::optional<semaphore_counts> query_semaphore(HANDLE semaphore);

struct timer_state {
    int64_t remaining; ///< 100 ns until it is next due; 0 or less: it is not set
    bool ready;
};
std::optional<timer_state> query_timer(HANDLE timer);

struct handle_basics {
    ACCESS_MASK granted;
    uint32_t handles; ///< open handles to the object, in all processes
};
std::optional<handle_basics> query_handle(HANDLE handle);

/// The path of an object in the kernel's namespace; "" where it has none or it cannot be told.
std::wstring query_path(HANDLE handle);

/// The name of an object's type, such as "Event"; "" where it cannot be told.
std::wstring query_type_name(HANDLE handle);

/// A text as the kernel wants it. The text must outlive it and have at most 32,767 units.
inline UNICODE_STRING kernel_text(std::wstring_view text) {
    auto bytes = static_cast<USHORT>(text.size() * sizeof(wchar_t));
    return {bytes, bytes, const_cast<wchar_t *>(text.data())};
}

} // namespace fm::windows
