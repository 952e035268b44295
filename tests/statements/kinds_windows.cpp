// Statements N1 and N2 on Windows, where other kinds of object exist already: events, mutexes, semaphores made with
// Win32 itself. tests/hostile makes entries of other kinds for Linux.
#include "support/test.hpp"

#include <windows.h>

namespace fm::test {

namespace {

class win32_object {
public:
    explicit win32_object(HANDLE value) : value_(value) {}
    ~win32_object() { CloseHandle(value_); }
    win32_object(const win32_object &) = delete;
    win32_object &operator=(const win32_object &) = delete;

private:
    HANDLE value_;
};

std::wstring wide(const std::string &ascii) {
    return std::wstring(ascii.begin(), ascii.end());
}

void expect_wrong_kind(const std::string &name) {
    fm_handle none = poison<fm_handle>();
    const fm_create_options fresh = options(FM_CREATE_NEW);
    EXPECT_STATUS(FM_E_WRONG_KIND, fm_create(name.c_str(), 4096, nullptr, &none));
    EXPECT_STATUS(FM_E_WRONG_KIND, fm_open(name.c_str(), FM_ACCESS_READ, &none));
    const fm_status status = fm_create(name.c_str(), 4096, &fresh, &none);
    EXPECT_TRUE(status == FM_E_EXISTS || status == FM_E_WRONG_KIND) << describe(status);
    EXPECT_EQ(poison<fm_handle>(), none);
}

} // namespace

TEST(kinds, n1_n2_name_of_an_event) {
    const std::string name = unique_name();
    const win32_object event(CreateEventW(nullptr, TRUE, FALSE, wide(name).c_str()));
    expect_wrong_kind(name);
    expect_wrong_kind("Local\\" + name);
}

TEST(kinds, n1_n2_name_of_a_mutex_or_semaphore) {
    const std::string mutex_name = unique_name(), semaphore_name = unique_name();
    const win32_object mutex(CreateMutexW(nullptr, FALSE, wide(mutex_name).c_str()));
    const win32_object semaphore(CreateSemaphoreW(nullptr, 0, 1, wide(semaphore_name).c_str()));
    expect_wrong_kind(mutex_name);
    expect_wrong_kind(semaphore_name);
}

TEST(kinds, n1_an_event_cannot_take_a_mappings_name) {
    const std::string name = unique_name();
    const handle made = created(name);
    const HANDLE event = CreateEventW(nullptr, TRUE, FALSE, wide(name).c_str());
    EXPECT_EQ(nullptr, event);
    EXPECT_EQ(static_cast<DWORD>(ERROR_INVALID_HANDLE), GetLastError());
}

} // namespace fm::test
