// The questions of native.hpp, with the layouts of their answers.

#include "platform/windows/native.hpp"

#include <vector>

namespace fm::windows {

namespace {

constexpr int section_basic_information = 0;
constexpr int state_information = 0; // EventBasicInformation, and the like for mutants, semaphores and timers
constexpr int mutant_owner_information = 1;
constexpr auto object_basic_information = static_cast<OBJECT_INFORMATION_CLASS>(0);
constexpr auto object_name_information = static_cast<OBJECT_INFORMATION_CLASS>(1);
constexpr auto object_type_information = static_cast<OBJECT_INFORMATION_CLASS>(2);

struct section_answer {
    void *base;
    ULONG attributes;
    LARGE_INTEGER size;
};

struct event_answer {
    int type; ///< 0: manual reset, 1: automatic
    LONG set;
};

struct mutant_answer {
    LONG count; ///< 1: free, else less by one for each acquisition
    BOOLEAN owned_by_caller;
    BOOLEAN abandoned;
};

struct timer_answer {
    LARGE_INTEGER remaining;
    BOOLEAN ready;
};

struct handle_answer {
    ULONG attributes;
    ACCESS_MASK granted;
    ULONG handles;
    ULONG pointers;
    ULONG reserved[10];
};
static_assert(sizeof(handle_answer) == 56); // the kernel takes no other size

/// The longest path has 65,534 bytes and stands behind its UNICODE_STRING.
constexpr std::size_t longest_path_answer = sizeof(UNICODE_STRING) + 65536;

} // namespace

std::optional<section_basics> query_section(HANDLE section) {
    section_answer answer{};
    if (!succeeded(NtQuerySection(section, section_basic_information, &answer, sizeof answer, nullptr)))
        return std::nullopt;
    return section_basics{static_cast<uint64_t>(answer.size.QuadPart), answer.attributes};
}

std::optional<event_state> query_event(HANDLE event) {
    event_answer answer{};
    if (!succeeded(NtQueryEvent(event, state_information, &answer, sizeof answer, nullptr))) return std::nullopt;
    return event_state{answer.type == 0, answer.set != 0};
}

std::optional<mutex_state> query_mutex(HANDLE mutex) {
    mutant_answer answer{};
    if (!succeeded(NtQueryMutant(mutex, state_information, &answer, sizeof answer, nullptr))) return std::nullopt;
    return mutex_state{static_cast<uint32_t>(1 - answer.count), answer.owned_by_caller != FALSE};
}

uint32_t query_mutex_owner(HANDLE mutex) {
    CLIENT_ID owner{};
    if (!succeeded(NtQueryMutant(mutex, mutant_owner_information, &owner, sizeof owner, nullptr))) return 0;
    return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(owner.UniqueProcess));
}

std::optional<semaphore_counts> query_semaphore(HANDLE semaphore) {
    semaphore_counts answer{};
    if (!succeeded(NtQuerySemaphore(semaphore, state_information, &answer, sizeof answer, nullptr)))
        return std::nullopt;
    return answer;
}

std::optional<timer_state> query_timer(HANDLE timer) {
    timer_answer answer{};
    if (!succeeded(NtQueryTimer(timer, state_information, &answer, sizeof answer, nullptr))) return std::nullopt;
    return timer_state{answer.remaining.QuadPart, answer.ready != FALSE};
}

std::optional<handle_basics> query_handle(HANDLE handle) {
    handle_answer answer{};
    if (!succeeded(NtQueryObject(handle, object_basic_information, &answer, sizeof answer, nullptr)))
        return std::nullopt;
    return handle_basics{answer.granted, answer.handles};
}

std::wstring query_path(HANDLE handle) {
    std::vector<UNICODE_STRING> buffer(longest_path_answer / sizeof(UNICODE_STRING) + 1);
    auto size = static_cast<ULONG>(buffer.size() * sizeof(UNICODE_STRING));
    ULONG needed = 0;
    if (!succeeded(NtQueryObject(handle, object_name_information, buffer.data(), size, &needed))) return {};
    const UNICODE_STRING &path = buffer.front();
    if (path.Buffer == nullptr) return {};
    return std::wstring(path.Buffer, path.Length / sizeof(wchar_t));
}

std::wstring query_type_name(HANDLE handle) {
    alignas(UNICODE_STRING) unsigned char answer[512]; // a PUBLIC_OBJECT_TYPE_INFORMATION and a short word behind it
    ULONG needed = 0;
    if (!succeeded(NtQueryObject(handle, object_type_information, answer, sizeof answer, &needed))) return {};
    const auto &name = *reinterpret_cast<const UNICODE_STRING *>(answer);
    return std::wstring(name.Buffer, name.Length / sizeof(wchar_t));
}

} // namespace fm::windows
