// On Windows the objects are the system's own: programs that use Win32 itself and filemap share them, and the names
// with jobs, which filemap does not make.
#include "statements/waitables.hpp"

#include <windows.h>

namespace fm::test {

namespace {

class win32_object {
public:
    explicit win32_object(HANDLE value) : value_(value) {
        if (value == nullptr) throw std::runtime_error("Win32 error " + std::to_string(GetLastError()));
    }
    ~win32_object() { CloseHandle(value_); }
    win32_object(const win32_object &) = delete;
    win32_object &operator=(const win32_object &) = delete;
    operator HANDLE() const { return value_; }

private:
    HANDLE value_;
};

std::wstring wide(const std::string &ascii) {
    return std::wstring(ascii.begin(), ascii.end());
}

/// The kind's function of Win32 that creates an object of this name.
HANDLE create_with_win32(uint32_t kind, const std::string &name) {
    switch (kind) {
    case FM_KIND_EVENT:
        return CreateEventW(nullptr, FALSE, FALSE, wide(name).c_str());
    case FM_KIND_MUTEX:
        return CreateMutexW(nullptr, FALSE, wide(name).c_str());
    case FM_KIND_SEMAPHORE:
        return CreateSemaphoreW(nullptr, 0, 5, wide(name).c_str());
    case FM_KIND_TIMER:
        return CreateWaitableTimerW(nullptr, FALSE, wide(name).c_str());
    default:
        return CreateJobObjectW(nullptr, wide(name).c_str());
    }
}

class win32_waitables : public testing::TestWithParam<object_kind> {
protected:
    const object_kind &kind = GetParam();
};

} // namespace

TEST_P(win32_waitables, n1_n2_a_jobs_name) {
    const std::string name = unique_name();
    const win32_object job(create_with_win32(FM_KIND_JOB, name));
    fm_handle none = poison<fm_handle>();
    EXPECT_STATUS(FM_E_WRONG_KIND, kind.create(name.c_str(), nullptr, &none));
    EXPECT_STATUS(FM_E_WRONG_KIND, kind.open(name.c_str(), FM_ACCESS_ALL, &none));
    EXPECT_EQ(poison<fm_handle>(), none);
}

TEST_P(win32_waitables, n1_a_job_cannot_take_their_name) {
    const std::string name = unique_name();
    const handle made = new_object(kind, name);
    EXPECT_EQ(nullptr, create_with_win32(FM_KIND_JOB, name));
    EXPECT_EQ(static_cast<DWORD>(ERROR_INVALID_HANDLE), GetLastError());
}

TEST_P(win32_waitables, an_object_that_win32_made) {
    const std::string name = unique_name();
    const win32_object theirs(create_with_win32(kind.kind, name));
    handle ours;
    ASSERT_STATUS(FM_EXISTED, kind.create(name.c_str(), nullptr, ours.out()));
    if (kind.kind == FM_KIND_MUTEX) {
        ASSERT_EQ(WAIT_OBJECT_0, WaitForSingleObject(theirs, 0));
        EXPECT_STATUS(FM_OK, fm_mutex_release(ours)); // the same thread
        return;
    }
    EXPECT_STATUS(FM_TIMED_OUT, look(ours));
    EXPECT_STATUS(FM_OK, kind.modify(opened_as(kind, name, FM_ACCESS_MODIFY)));
    EXPECT_EQ(WAIT_OBJECT_0, WaitForSingleObject(theirs, 60000));
    EXPECT_STATUS(FM_TIMED_OUT, look(ours));
}

TEST_P(win32_waitables, win32_finds_what_was_made_here) {
    const std::string name = unique_name();
    const handle ours = new_object(kind, name);
    const win32_object theirs(create_with_win32(kind.kind, name));
    EXPECT_EQ(static_cast<DWORD>(ERROR_ALREADY_EXISTS), GetLastError());
    EXPECT_EQ(kind.kind == FM_KIND_MUTEX ? WAIT_OBJECT_0 : WAIT_TIMEOUT, WaitForSingleObject(theirs, 0));
    if (kind.kind == FM_KIND_MUTEX) {
        EXPECT_EQ(1u, queried(ours).count);
        EXPECT_TRUE(ReleaseMutex(theirs));
    }
}

INSTANTIATE_TEST_SUITE_P(kinds, win32_waitables, testing::ValuesIn(waitable_kinds()), kind_name);

} // namespace fm::test
