// Objects shared with programs that call Win32 directly, both ways round: design.md, section 7.
#include "process/puppet.hpp"
#include "support/differences.hpp"
#include "support/test.hpp"

#include <windows.h>

namespace fm::test {

namespace {

class win32_handle {
public:
    explicit win32_handle(HANDLE value) : value_(value) {}
    ~win32_handle() { close(); }
    win32_handle(const win32_handle &) = delete;
    win32_handle &operator=(const win32_handle &) = delete;
    void close() {
        if (value_) CloseHandle(std::exchange(value_, nullptr));
    }
    HANDLE get() const { return value_; }

private:
    HANDLE value_;
};

class win32_view {
public:
    win32_view(HANDLE mapping, DWORD access) : data_(static_cast<char *>(MapViewOfFile(mapping, access, 0, 0, 0))) {}
    ~win32_view() {
        if (data_) UnmapViewOfFile(data_);
    }
    win32_view(const win32_view &) = delete;
    win32_view &operator=(const win32_view &) = delete;
    char *data() const { return data_; }

private:
    char *data_;
};

std::wstring wide(const std::string &ascii) {
    return std::wstring(ascii.begin(), ascii.end());
}

HANDLE win32_create(const std::string &name, DWORD size, DWORD protection = PAGE_READWRITE) {
    return CreateFileMappingW(INVALID_HANDLE_VALUE, nullptr, protection, 0, size, wide(name).c_str());
}

HANDLE win32_open(const std::string &name, DWORD access) {
    return OpenFileMappingW(access, FALSE, wide(name).c_str());
}

/// Owns a mapping made with Win32 alone, in a process of its own: role "win32_owner name text".
int own(const arguments &values) {
    const win32_handle made(win32_create(values.at(0), 65536));
    const win32_view whole(made.get(), FILE_MAP_WRITE);
    if (!whole.data()) return 1;
    std::memcpy(whole.data(), values.at(1).data(), values.at(1).size());
    say("ready");
    const std::optional<std::string> expected = hear();
    if (!expected) return 2;
    say(std::string(whole.data(), expected->size()) == *expected ? "as expected" : "something else");
    return 0;
}

const role registered("win32_owner", own);

} // namespace

TEST(win32, opens_what_filemap_created) {
    const std::string name = unique_name();
    handle made = created(name, 65536);
    write_text(mapped(made), 0, "from filemap");
    win32_handle plain(win32_open(name, FILE_MAP_ALL_ACCESS));
    ASSERT_NE(nullptr, plain.get());
    const win32_view whole(plain.get(), FILE_MAP_WRITE);
    ASSERT_NE(nullptr, whole.data());
    EXPECT_EQ("from filemap", std::string(whole.data(), 12));
    std::memcpy(whole.data(), "from Win32", 10);
    EXPECT_EQ("from Win32", read_text(mapped(made), 0, 10));
    EXPECT_NE(nullptr, win32_handle(win32_open("Local\\" + name, FILE_MAP_READ)).get());
    made.close();
    EXPECT_STATUS(FM_OK, try_open(name)); // the plain handle holds it
    plain.close();
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
}

TEST(win32, created_what_filemap_opens) {
    const std::string name = unique_name();
    win32_handle plain(win32_create("Local\\" + name, 10000));
    ASSERT_NE(nullptr, plain.get());
    const handle made = opened(name);
    EXPECT_EQ(12288u, queried(made).size); // whole pages
    EXPECT_EQ(FM_KIND_MAPPING, queried(made).kind);
    EXPECT_EQ("Local\\" + name, name_of(made));
    write_text(mapped(made), 100, "here");
    const win32_view whole(plain.get(), FILE_MAP_READ);
    ASSERT_NE(nullptr, whole.data());
    EXPECT_EQ("here", std::string(whole.data() + 100, 4));
    handle again;
    EXPECT_STATUS(FM_EXISTED, fm_create(name.c_str(), 1, nullptr, again.out()));
    plain.close();
    EXPECT_STATUS(FM_OK, try_open(name));
}

TEST(win32, protection_of_a_plain_mapping_holds) {
    const std::string name = unique_name();
    const win32_handle plain(win32_create(name, 4096, PAGE_READONLY));
    ASSERT_NE(nullptr, plain.get());
    const handle made = opened(name);
    EXPECT_STATUS(FM_OK, try_map(made, FM_ACCESS_READ));
    const bool wine = differs_under_wine(wine_forgets_protections);
    EXPECT_STATUS(wine ? FM_OK : FM_E_ACCESS_DENIED, try_map(made, FM_ACCESS_WRITE));
}

TEST(win32, another_process_that_knows_no_filemap) {
    const std::string name = unique_name();
    child owner("win32_owner", {name, "made-with-Win32"});
    owner.expect("ready");
    const view whole = mapped(opened(name));
    EXPECT_EQ("made-with-Win32", read_text(whole, 0, 15));
    write_text(whole, 0, "seen-by-filemap");
    owner.send("seen-by-filemap");
    owner.expect("as expected");
    EXPECT_EQ("exit 0", owner.wait());
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
}

TEST(win32, n1_n2_an_event_of_another_process_holds_the_name) {
    const std::string name = unique_name();
    const win32_handle event(CreateEventW(nullptr, TRUE, FALSE, wide(name).c_str()));
    ASSERT_NE(nullptr, event.get());
    puppet other;
    EXPECT_EQ("FM_E_WRONG_KIND", other.ask("create", "a", name, 4096));
    EXPECT_EQ("FM_E_WRONG_KIND", other.ask("open", "a", name, "r"));
}

} // namespace fm::test
