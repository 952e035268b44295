// A mapping without a name reaches another process. The parent creates it, writes a UTF-16 message, and starts a child
// with a token in the environment variable FILEMAP_TOKEN; the child, this program or another, imports it and reads.
// Knows of the other program only what both must know: the variable, the options, the place of the message.
#include "child_process.hpp"

#include <filemap.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

namespace {

constexpr const char *usage =
    "parent: CppUnnamedMapping [--leave] [--not-inheritable] [program [argument...]]\n"
    "child:  CppUnnamedMapping [--after process-id] [--token text], or the token in FILEMAP_TOKEN\n";
constexpr const char *token_variable = "FILEMAP_TOKEN";
constexpr std::uint64_t map_size = 65536;
constexpr std::uint64_t view_offset = 0;
constexpr std::uint64_t view_size = 1024;

// The bytes that the processes agreed on are UTF-16LE and end with NUL; a literal has its NUL behind its last unit.
constexpr std::u16string_view message = u"Message from the first process.";
constexpr std::uint64_t message_bytes = (message.size() + 1) * sizeof(char16_t);
static_assert(message_bytes <= view_size);

struct handle_closer {
    void operator()(fm_handle handle) const { fm_close(handle); }
};
struct view_closer {
    void operator()(fm_view view) const { fm_unmap(view); }
};
using unique_handle = std::unique_ptr<fm_handle_tag, handle_closer>;
using unique_view = std::unique_ptr<fm_view_tag, view_closer>;

struct arguments {
    bool leave = false;             // parent: end before the child imports
    bool inheritable = true;        // parent: else the child has to duplicate the parent's handle
    std::vector<std::string> child; // parent: the program to start; empty: this one
    std::int64_t after = 0;         // child: import when the process of this id has ended
    const char *token = nullptr;    // child: the token, where it did not come in the environment
};

bool parse(int count, char **words, arguments &parsed) {
    for (int i = 1; i < count; ++i) {
        const std::string_view word = words[i];
        if (word == "--leave") {
            parsed.leave = true;
        } else if (word == "--not-inheritable") {
            parsed.inheritable = false;
        } else if (word == "--after" && i + 1 < count) {
            parsed.after = std::strtoll(words[++i], nullptr, 10);
        } else if (word == "--token" && i + 1 < count) {
            parsed.token = words[++i];
        } else {
            parsed.child.assign(words + i, words + count);
            return word.substr(0, 2) != "--";
        }
    }
    return true;
}

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

// Starts the child with the token; waits for it, unless the parent is to leave before the child imports.
int hand_over(const fm_token &token, const arguments &given) {
    char text[FM_TOKEN_TEXT_SIZE];
    if (const fm_status status = fm_token_to_text(&token, text, sizeof text); status < 0)
        return report("fm_token_to_text", status);
    std::vector<std::string> program = given.child;
    if (program.empty()) program = {own_program()};
    if (given.leave) program.insert(program.end(), {"--after", std::to_string(own_process_id())});
    set_for_children(token_variable, text);
    std::printf("The child gets a token in its environment\n");
    std::fflush(stdout); // before the child prints

    const auto child = start_child(program);
    if (!child) {
        std::printf("The child could not be started: %s\n", program[0].c_str());
        return 1;
    }
    return given.leave ? 0 : wait_for_child(*child);
}

int be_parent(const arguments &given) {
    fm_create_options options{};
    options.struct_size = sizeof options;
    if (given.inheritable) options.flags = FM_INHERITABLE;
    fm_handle new_handle = nullptr;
    if (const fm_status status = fm_create(nullptr, map_size, &options, &new_handle); status < 0)
        return report("fm_create", status);
    const unique_handle mapping(new_handle);
    std::printf("The unnamed file mapping is created (%s)\n", given.inheritable ? "inheritable" : "not inheritable");

    fm_view new_view = nullptr;
    if (const fm_status status = fm_map(mapping.get(), FM_ACCESS_WRITE, view_offset, view_size, &new_view); status < 0)
        return report("fm_map", status);
    const unique_view view(new_view);
    std::printf("The file view is mapped\n");

    if (const fm_status status = fm_write(view.get(), 0, message.data(), message_bytes); status < 0)
        return report("fm_write", status);
    std::printf("This message is written to the view:\n\"%s\"\n", to_utf8(message).c_str());

    // The token holds nothing open: the mapping lives as long as this process, or a child that inherited it, does that.
    fm_token token;
    if (const fm_status status = fm_export_token(mapping.get(), 0, &token); status < 0)
        return report("fm_export_token", status);
    return hand_over(token, given);
}

int be_child(const char *text, const arguments &given) {
    std::printf("The token came %s\n", given.token ? "as an argument" : "in the environment");
    if (given.after != 0) wait_for_end_of(given.after);

    fm_token token;
    if (const fm_status status = fm_token_from_text(text, &token); status < 0)
        return report("fm_token_from_text", status);
    fm_handle new_handle = nullptr;
    if (const fm_status status = fm_import_token(&token, FM_ACCESS_READ, &new_handle); status < 0)
        return report("fm_import_token", status);
    const unique_handle mapping(new_handle);
    // With the parent alive it may as well have been by duplication; the library does not say.
    std::printf("The unnamed file mapping is imported%s\n", given.after ? " by inheritance: the parent has ended" : "");

    fm_view new_view = nullptr;
    if (const fm_status status = fm_map(mapping.get(), FM_ACCESS_READ, view_offset, view_size, &new_view); status < 0)
        return report("fm_map", status);
    const unique_view view(new_view);
    std::printf("The file view is mapped\n");

    // Another process wrote these bytes: copy them, and do not trust that a NUL is among them.
    std::u16string copy(view_size / sizeof(char16_t), u'\0');
    if (const fm_status status = fm_read(view.get(), 0, copy.data(), view_size); status < 0)
        return report("fm_read", status);
    const std::u16string_view read = std::u16string_view(copy).substr(0, copy.find(u'\0'));
    std::printf("Read from the file mapping:\n\"%s\"\n", to_utf8(read).c_str());
    return 0;
}

} // namespace

int main(int argc, char **argv) {
    arguments given;
    if (!parse(argc, argv, given)) {
        std::fputs(usage, stderr);
        return 2;
    }
    const char *text = given.token ? given.token : std::getenv(token_variable);
    return text ? be_child(text, given) : be_parent(given);
}
