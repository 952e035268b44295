// The questions of native.hpp, with the layouts of their answers.

#include "platform/windows/native.hpp"

#include <vector>

namespace fm::windows {

namespace {

constexpr int section_basic_information = 0;
constexpr int semaphore_basic_information = 0;
constexpr auto object_basic_information = static_cast<OBJECT_INFORMATION_CLASS>(0);
constexpr auto object_name_information = static_cast<OBJECT_INFORMATION_CLASS>(1);

struct section_answer {
    void *base;
    ULONG attributes;
    LARGE_INTEGER size;
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

std::optional<semaphore_counts> query_semaphore(HANDLE semaphore) {
    semaphore_counts answer{};
    if (!succeeded(NtQuerySemaphore(semaphore, semaphore_basic_information, &answer, sizeof answer, nullptr)))
        return std::nullopt;
    return answer;
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

} // namespace fm::windows
