// The table of kernel types, and the ways to an object that are the same for all of them.

#include "platform/windows/kinds.hpp"

#include "platform/windows/errors.hpp"

#include <algorithm>
#include <iterator>

namespace fm::windows {

namespace {

constexpr ACCESS_MASK query_state = 0x0001; // EVENT_, MUTANT_, SEMAPHORE_ and TIMER_QUERY_STATE
constexpr ACCESS_MASK job_use = JOB_OBJECT_ASSIGN_PROCESS | JOB_OBJECT_SET_ATTRIBUTES | JOB_OBJECT_TERMINATE;

constexpr kernel_type types[] = {
    {L"Section", FM_KIND_MAPPING, "mapping", NtOpenSection, OpenFileMappingW, FILE_MAP_ALL_ACCESS,
     SECTION_MAP_READ | SECTION_MAP_WRITE | SECTION_MAP_EXECUTE, SECTION_QUERY},
    {L"Event", FM_KIND_EVENT, "event", NtOpenEvent, OpenEventW, EVENT_ALL_ACCESS, SYNCHRONIZE | EVENT_MODIFY_STATE,
     query_state},
    {L"Mutant", FM_KIND_MUTEX, "mutex", NtOpenMutant, OpenMutexW, MUTEX_ALL_ACCESS, SYNCHRONIZE | MUTEX_MODIFY_STATE,
     query_state},
    {L"Semaphore", FM_KIND_SEMAPHORE, "semaphore", NtOpenSemaphore, OpenSemaphoreW, SEMAPHORE_ALL_ACCESS,
     SYNCHRONIZE | SEMAPHORE_MODIFY_STATE, query_state},
    {L"Timer", FM_KIND_TIMER, "timer", NtOpenTimer, OpenWaitableTimerW, TIMER_ALL_ACCESS,
     SYNCHRONIZE | TIMER_MODIFY_STATE, query_state},
    {L"Job", FM_KIND_JOB, "job", NtOpenJobObject, OpenJobObjectW, JOB_OBJECT_ALL_ACCESS, job_use, JOB_OBJECT_QUERY},
};

template <class Condition>
const kernel_type *find_if(Condition condition) {
    auto found = std::find_if(std::begin(types), std::end(types), condition);
    return found != std::end(types) ? found : nullptr;
}

} // namespace

const kernel_type *find_type(std::wstring_view name) {
    return find_if([&](const kernel_type &type) { return type.name == name; });
}

const kernel_type *find_type(uint32_t kind) {
    return find_if([&](const kernel_type &type) { return type.kind == kind; });
}

uint32_t kind_of(HANDLE handle) {
    const kernel_type *type = find_type(query_type_name(handle));
    return type != nullptr ? type->kind : FM_KIND_UNKNOWN;
}

unique_handle open_named(const kernel_type &type, const wchar_t *name, ACCESS_MASK rights, ACCESS_MASK beside,
                         bool inheritable) {
    unique_handle handle(type.open_by_name(rights | beside, inheritable, name));
    if (handle || GetLastError() != ERROR_ACCESS_DENIED) return handle;
    return unique_handle(type.open_by_name(rights, inheritable, name));
}

unique_handle open_named_with_all(const kernel_type &type, const wchar_t *name, bool inheritable) {
    unique_handle handle(type.open_by_name(type.all, inheritable, name));
    if (handle || GetLastError() != ERROR_ACCESS_DENIED) return handle;
    handle = unique_handle(type.open_by_name(MAXIMUM_ALLOWED, inheritable, name));
    auto basics = query_handle(handle.get());
    if (handle && basics && !(basics->granted & type.use)) handle = unique_handle();
    if (!handle) SetLastError(ERROR_ACCESS_DENIED);
    return handle;
}

failure open_failure(const kernel_type &type, const std::string &name, int32_t error) {
    if (error == ERROR_FILE_NOT_FOUND)
        return fail(FM_E_NOT_FOUND, error, "%.300s: there is no object of this name", name.c_str());
    if (error == ERROR_INVALID_HANDLE)
        return fail(FM_E_WRONG_KIND, error, "%.300s: an object of another kind has this name", name.c_str());
    return fail(status_of(error), error, "%.300s: the %s could not be opened", name.c_str(), type.word);
}

} // namespace fm::windows
