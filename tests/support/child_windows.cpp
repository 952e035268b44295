// Child processes on Windows and Wine: CreateProcessW, and pipes that can be read with a deadline.
#include "support/child.hpp"

#include <windows.h>

#include <atomic>
#include <stdexcept>

namespace fm::test {

namespace {

constexpr UINT killed_code = 0x6b696c6c; ///< tells TerminateProcess of the parent from everything else

[[noreturn]] void raise_last_error(const char *what) {
    throw std::runtime_error(std::string(what) + ": error " + std::to_string(GetLastError()));
}

class owned_handle {
public:
    explicit owned_handle(HANDLE value = nullptr) : value_(value == INVALID_HANDLE_VALUE ? nullptr : value) {}
    owned_handle(owned_handle &&other) noexcept : value_(std::exchange(other.value_, nullptr)) {}
    owned_handle &operator=(owned_handle &&other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }
    ~owned_handle() { close(); }
    void close() {
        if (value_) CloseHandle(std::exchange(value_, nullptr));
    }
    HANDLE get() const { return value_; }

private:
    HANDLE value_;
};

struct pipe_ends {
    owned_handle parent; ///< overlapped, not inheritable
    owned_handle child;  ///< inheritable
};

/// A pipe whose parent end can be waited for: anonymous pipes cannot.
pipe_ends make_pipe(bool parent_reads) {
    static std::atomic<unsigned> counter{0};
    const std::wstring name = L"\\\\.\\pipe\\filemap-test-" + std::to_wstring(GetCurrentProcessId()) + L"-" +
                              std::to_wstring(counter.fetch_add(1));
    const DWORD direction = parent_reads ? PIPE_ACCESS_INBOUND : PIPE_ACCESS_OUTBOUND;
    pipe_ends ends;
    ends.parent = owned_handle(
        CreateNamedPipeW(name.c_str(), direction | FILE_FLAG_OVERLAPPED, PIPE_TYPE_BYTE, 1, 65536, 65536, 0, nullptr));
    if (!ends.parent.get()) raise_last_error("CreateNamedPipeW");
    SECURITY_ATTRIBUTES inheritable = {sizeof inheritable, nullptr, TRUE};
    ends.child = owned_handle(CreateFileW(name.c_str(), parent_reads ? GENERIC_WRITE : GENERIC_READ, 0, &inheritable,
                                          OPEN_EXISTING, 0, nullptr));
    if (!ends.child.get()) raise_last_error("CreateFileW of a pipe");
    return ends;
}

DWORD milliseconds_until(time_point deadline) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    return left.count() <= 0 ? 0 : static_cast<DWORD>(left.count());
}

std::wstring widened(const std::string &ascii) {
    return std::wstring(ascii.begin(), ascii.end());
}

std::wstring command_text(const std::wstring &program, const arguments &command) {
    std::wstring text = L"\"" + program + L"\"";
    for (const std::string &word : command) {
        if (word.find('"') != std::string::npos || (!word.empty() && word.back() == '\\')) {
            throw std::invalid_argument("an argument that would need quoting: " + word);
        }
        text += L" \"" + widened(word) + L"\"";
    }
    return text;
}

std::wstring own_program() {
    std::wstring path(32768, L'\0');
    path.resize(GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size())));
    if (path.empty()) raise_last_error("GetModuleFileNameW");
    return path;
}

/// Sets variables for the time of one CreateProcessW; tests start children from one thread.
class added_environment {
public:
    explicit added_environment(const std::vector<std::pair<std::string, std::string>> &added) : added_(added) {
        for (const auto &[name, value] : added_) SetEnvironmentVariableW(widened(name).c_str(), widened(value).c_str());
    }
    ~added_environment() {
        for (const auto &[name, value] : added_) SetEnvironmentVariableW(widened(name).c_str(), nullptr);
    }
    added_environment(const added_environment &) = delete;
    added_environment &operator=(const added_environment &) = delete;

private:
    const std::vector<std::pair<std::string, std::string>> &added_;
};

/// The list of the only handles that a child may inherit.
class inherited_handles {
public:
    explicit inherited_handles(std::vector<HANDLE> handles) : handles_(std::move(handles)) {
        SIZE_T size = 0;
        InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
        storage_.resize(size);
        if (!InitializeProcThreadAttributeList(list(), 1, 0, &size))
            raise_last_error("InitializeProcThreadAttributeList");
        if (!UpdateProcThreadAttribute(list(), 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles_.data(),
                                       handles_.size() * sizeof(HANDLE), nullptr, nullptr)) {
            raise_last_error("UpdateProcThreadAttribute");
        }
    }
    ~inherited_handles() { DeleteProcThreadAttributeList(list()); }
    inherited_handles(const inherited_handles &) = delete;
    inherited_handles &operator=(const inherited_handles &) = delete;
    LPPROC_THREAD_ATTRIBUTE_LIST list() { return reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(storage_.data()); }

private:
    std::vector<HANDLE> handles_;
    std::vector<char> storage_;
};

class windows_process final : public process {
public:
    windows_process(const arguments &command, const child_options &options) : handed_over_(options.hand_over) {
        if (options.user != 0) throw std::invalid_argument("a child as another user is for Linux");
        pipe_ends to_child = make_pipe(false);
        pipe_ends from_child = make_pipe(true);
        const bool own = !handed_over_;
        launch(command, options, own ? to_child.child.get() : GetStdHandle(STD_INPUT_HANDLE),
               own ? from_child.child.get() : GetStdHandle(STD_OUTPUT_HANDLE));
        input_ = std::move(to_child.parent);
        output_ = std::move(from_child.parent);
        event_ = owned_handle(CreateEventW(nullptr, TRUE, FALSE, nullptr));
        if (!event_.get()) raise_last_error("CreateEventW");
    }

    ~windows_process() override {
        if (!outcome_.empty() || handed_over_) return;
        TerminateProcess(process_.get(), killed_code);
        WaitForSingleObject(process_.get(), INFINITE);
    }

    int64_t id() const override { return id_; }

    std::size_t read_some(char *buffer, std::size_t capacity, time_point deadline) override {
        OVERLAPPED pending = {};
        pending.hEvent = event_.get();
        if (ReadFile(output_.get(), buffer, static_cast<DWORD>(capacity), nullptr, &pending) ||
            GetLastError() == ERROR_IO_PENDING) {
            const bool in_time = WaitForSingleObject(event_.get(), milliseconds_until(deadline)) == WAIT_OBJECT_0;
            if (!in_time) CancelIo(output_.get());
            DWORD got = 0;
            if (GetOverlappedResult(output_.get(), &pending, &got, TRUE)) return got;
            if (!in_time) throw std::runtime_error("the child took too long");
        }
        if (GetLastError() == ERROR_BROKEN_PIPE) return 0;
        raise_last_error("ReadFile");
    }

    void write_all(const std::string &bytes) override {
        OVERLAPPED pending = {};
        pending.hEvent = event_.get();
        DWORD wrote = 0;
        const bool started =
            WriteFile(input_.get(), bytes.data(), static_cast<DWORD>(bytes.size()), nullptr, &pending) ||
            GetLastError() == ERROR_IO_PENDING;
        if (!started || !GetOverlappedResult(input_.get(), &pending, &wrote, TRUE))
            raise_last_error("write to the child");
    }

    void close_input() override { input_.close(); }
    void kill() override { TerminateProcess(process_.get(), killed_code); }

    std::string wait(time_point deadline) override {
        if (!outcome_.empty()) return outcome_;
        if (WaitForSingleObject(process_.get(), milliseconds_until(deadline)) != WAIT_OBJECT_0) {
            throw std::runtime_error("the child took too long");
        }
        DWORD code = 0;
        if (!GetExitCodeProcess(process_.get(), &code)) raise_last_error("GetExitCodeProcess");
        return outcome_ = describe(code);
    }

private:
    void launch(const arguments &command, const child_options &options, HANDLE input, HANDLE output) {
        const std::wstring program = own_program();
        std::wstring text = command_text(program, command);
        const added_environment added(options.environment);
        const HANDLE error = GetStdHandle(STD_ERROR_HANDLE);
        for (const HANDLE given : {input, output, error}) {
            SetHandleInformation(given, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
        }
        inherited_handles only({input, output, error});
        STARTUPINFOEXW startup = {};
        startup.StartupInfo.cb = options.inherit ? sizeof startup.StartupInfo : sizeof startup;
        startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
        startup.StartupInfo.hStdInput = input;
        startup.StartupInfo.hStdOutput = output;
        startup.StartupInfo.hStdError = error;
        if (!options.inherit) startup.lpAttributeList = only.list();
        PROCESS_INFORMATION started = {};
        if (!CreateProcessW(program.c_str(), text.data(), nullptr, nullptr, TRUE,
                            options.inherit ? 0 : EXTENDED_STARTUPINFO_PRESENT, nullptr, nullptr, &startup.StartupInfo,
                            &started)) {
            raise_last_error("CreateProcessW");
        }
        CloseHandle(started.hThread);
        process_ = owned_handle(started.hProcess);
        id_ = started.dwProcessId;
    }

    static std::string describe(DWORD code) {
        if (code == killed_code) return "killed";
        const bool fault = code == EXCEPTION_ACCESS_VIOLATION || code == EXCEPTION_IN_PAGE_ERROR;
        return fault ? "fault" : "exit " + std::to_string(code);
    }

    bool handed_over_;
    owned_handle process_;
    owned_handle input_;
    owned_handle output_;
    owned_handle event_;
    DWORD id_ = 0;
    std::string outcome_; ///< empty while it runs
};

} // namespace

std::unique_ptr<process> process::start(const arguments &command, const child_options &options) {
    return std::make_unique<windows_process>(command, options);
}

} // namespace fm::test
