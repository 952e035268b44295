// Other processes on Windows. A child has every inheritable HANDLE, as CreateProcess is told to let it inherit.
#include "child_process.hpp"

#include <windows.h>

namespace {

// So that the child's C runtime finds the word as it was: quoted, and backslashes doubled where a quote follows.
std::string quoted(const std::string &word) {
    std::string text = "\"";
    std::size_t backslashes = 0;
    for (const char c : word) {
        if (c == '"') text.append(backslashes + 1, '\\');
        backslashes = c == '\\' ? backslashes + 1 : 0;
        text += c;
    }
    return text.append(backslashes, '\\') + "\"";
}

} // namespace

std::int64_t own_process_id() {
    return GetCurrentProcessId();
}

std::string own_program() {
    char path[MAX_PATH] = "";
    GetModuleFileNameA(nullptr, path, sizeof path);
    return path;
}

void set_for_children(const char *variable, const char *value) {
    SetEnvironmentVariableA(variable, value);
}

std::optional<std::intptr_t> start_child(const std::vector<std::string> &program_and_arguments) {
    std::string line;
    for (const std::string &word : program_and_arguments) line += (line.empty() ? "" : " ") + quoted(word);
    STARTUPINFOA startup{};
    startup.cb = sizeof startup;
    PROCESS_INFORMATION child{};
    constexpr BOOL inherit_handles = TRUE;
    if (!CreateProcessA(nullptr, line.data(), nullptr, nullptr, inherit_handles, 0, nullptr, nullptr, &startup, &child))
        return std::nullopt;
    CloseHandle(child.hThread);
    return reinterpret_cast<std::intptr_t>(child.hProcess);
}

int wait_for_child(std::intptr_t child) {
    const HANDLE process = reinterpret_cast<HANDLE>(child);
    DWORD code = 1;
    WaitForSingleObject(process, INFINITE);
    GetExitCodeProcess(process, &code);
    CloseHandle(process);
    return static_cast<int>(code);
}

void wait_for_end_of(std::int64_t process_id) {
    const HANDLE process = OpenProcess(SYNCHRONIZE, FALSE, static_cast<DWORD>(process_id));
    if (process == nullptr) return; // there is none of this id: it has ended before
    WaitForSingleObject(process, INFINITE);
    CloseHandle(process);
}
