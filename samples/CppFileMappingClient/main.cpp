// The second process: opens the file mapping Local\SampleMap that a server keeps, and reads the UTF-16 message in it.
// Knows of the server only what both must know: the name, the place of the message, and its encoding.
#include <filemap.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace {

constexpr const char *map_name = "Local\\SampleMap";
constexpr std::uint64_t view_offset = 0;
constexpr std::uint64_t view_size = 1024;

struct handle_closer {
    void operator()(fm_handle handle) const { fm_close(handle); }
};
struct view_closer {
    void operator()(fm_view view) const { fm_unmap(view); }
};
using unique_handle = std::unique_ptr<fm_handle_tag, handle_closer>;
using unique_view = std::unique_ptr<fm_view_tag, view_closer>;

int report(const char *function, fm_status status) {
    char why[512];
    fm_last_error_message(why, sizeof why);
    std::printf("%s failed w/err 0x%08x (%s): %s\n", function, static_cast<unsigned>(fm_status_win32(status)),
                fm_status_name(status), why);
    return 1;
}

// What stands in the view is UTF-16 on every system; a terminal takes UTF-8. A lone surrogate becomes U+FFFD.
std::string to_utf8(std::u16string_view text) {
    std::string utf8;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char32_t point = text[i];
        const bool high = point >= 0xD800 && point <= 0xDBFF;
        if (high && i + 1 < text.size() && text[i + 1] >= 0xDC00 && text[i + 1] <= 0xDFFF)
            point = 0x10000 + ((point - 0xD800) << 10) + (text[++i] - 0xDC00);
        else if (point >= 0xD800 && point <= 0xDFFF)
            point = 0xFFFD;
        if (point < 0x80) {
            utf8 += static_cast<char>(point);
            continue;
        }
        int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3; // bytes after the first
        constexpr unsigned char first[] = {0x00, 0xC0, 0xE0, 0xF0};
        utf8 += static_cast<char>(first[more] | (point >> (6 * more)));
        while (more-- > 0) utf8 += static_cast<char>(0x80 | ((point >> (6 * more)) & 0x3F));
    }
    return utf8;
}

} // namespace

int main() {
    fm_handle new_handle = nullptr;
    if (const fm_status status = fm_open(map_name, FM_ACCESS_READ, &new_handle); status < 0)
        return report("fm_open", status);
    const unique_handle mapping(new_handle);
    std::printf("The file mapping (%s) is opened\n", map_name);

    fm_view new_view = nullptr;
    if (const fm_status status = fm_map(mapping.get(), FM_ACCESS_READ, view_offset, view_size, &new_view); status < 0)
        return report("fm_map", status);
    const unique_view view(new_view);
    std::printf("The file view is mapped\n");

    // Another process wrote these bytes: copy them, and do not trust that a NUL is among them.
    std::u16string text(view_size / sizeof(char16_t), u'\0');
    if (const fm_status status = fm_read(view.get(), 0, text.data(), view_size); status < 0)
        return report("fm_read", status);
    const std::u16string_view message = std::u16string_view(text).substr(0, text.find(u'\0'));
    std::printf("Read from the file mapping:\n\"%s\"\n", to_utf8(message).c_str());

    std::printf("Press ENTER to clean up resources and quit");
    std::fflush(stdout);
    std::getchar();
    return 0;
}
