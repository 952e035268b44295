// The second process once more, for Windows alone: plain Win32, and not a word of filemap. It meets the servers of the
// other folders because their mapping is an ordinary Win32 object under its ordinary name.
#include <windows.h>

#include <cstdio>
#include <memory>
#include <string>

namespace {

constexpr const wchar_t *map_name = L"Local\\SampleMap";
constexpr DWORD view_offset = 0;
constexpr SIZE_T view_size = 1024;

struct handle_closer {
    void operator()(HANDLE handle) const { CloseHandle(handle); }
};
struct view_closer {
    void operator()(const wchar_t *view) const { UnmapViewOfFile(view); }
};
using unique_handle = std::unique_ptr<void, handle_closer>;
using unique_view = std::unique_ptr<const wchar_t, view_closer>;

int report(const char *function) {
    std::printf("%s failed w/err 0x%08lx\n", function, GetLastError());
    return 1;
}

} // namespace

int main() {
    const unique_handle mapping(OpenFileMappingW(FILE_MAP_READ, FALSE, map_name));
    if (!mapping) return report("OpenFileMapping");
    std::printf("The file mapping (%ls) is opened\n", map_name);

    const void *address = MapViewOfFile(mapping.get(), FILE_MAP_READ, 0, view_offset, view_size);
    const unique_view view(static_cast<const wchar_t *>(address));
    if (!view) return report("MapViewOfFile");
    std::printf("The file view is mapped\n");

    // Another process wrote these bytes: copy them, and do not trust that a NUL is among them.
    const std::wstring text(view.get(), view_size / sizeof(wchar_t));
    const std::wstring message = text.substr(0, text.find(L'\0'));
    std::printf("Read from the file mapping:\n\"%ls\"\n", message.c_str());

    std::printf("Press ENTER to clean up resources and quit");
    std::fflush(stdout);
    std::getchar();
    return 0;
}
