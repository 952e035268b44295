// The checks of attempts.hpp.
#include "hostile/attempts.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <iostream>
#include <map>
#include <string_view>
#include <unistd.h>

namespace fm::test {

namespace {

/// Makes the call, whose function's name is given, after another failure: an old message cannot pass for a new one.
template <class Call>
fm_status attempt(const std::string &function, Call call) {
    fm_close(nullptr);
    const auto before = poison<fm_handle>();
    fm_handle value = before;
    const fm_status status = call(&value);
    if (status >= 0) {
        EXPECT_STATUS(FM_OK, fm_close(value));
        return status;
    }
    EXPECT_EQ(before, value) << function << " failed and wrote its output";
    EXPECT_TRUE(last_error().starts_with(function + ": ")) << "no message of its own: " << last_error();
    EXPECT_LT(function.size() + 10, last_error().size()) << "the message says nothing: " << last_error();
    return status;
}

/// Well-formed as far as lengths go; that is where other languages stumble.
bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at++]);
        int following = lead < 0x80 ? 0 : lead < 0xc2 ? -1 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : -1;
        if (following < 0) return false;
        for (; following > 0; --following, ++at)
            if (at == text.size() || (text[at] & 0xc0) != 0x80) return false;
    }
    return true;
}

/// Looks at a view's first, middle and last byte, and writes them back.
void use_view(fm_view shown) {
    const uint64_t last = fm_view_size(shown) - 1;
    for (const uint64_t at : {uint64_t(0), last / 2, last}) {
        char byte = 0;
        const fm_status got = fm_read(shown, at, &byte, 1);
        EXPECT_TRUE(got == FM_OK || got == FM_E_IN_PAGE) << describe(got);
        if (got == FM_OK) fm_write(shown, at, &byte, 1);
    }
    fm_flush(shown, 0, 0);
    fm_prefetch(shown, 0, 0);
}

} // namespace

fm_status attempt_open(const std::string &name, uint32_t access) {
    return attempt("fm_open", [&](fm_handle *out) { return fm_open(name.c_str(), access, out); });
}

fm_status attempt_create(const std::string &name, uint64_t size, const fm_create_options &with) {
    return attempt("fm_create", [&](fm_handle *out) { return fm_create(name.c_str(), size, &with, out); });
}

fm_status attempt_import(const fm_token &token, uint32_t access) {
    return attempt("fm_import_token", [&](fm_handle *out) {
        const fm_status status = fm_import_token(&token, access, out);
        if (status >= 0) use(*out);
        return status;
    });
}

void use(fm_handle opened) {
    const fm_info info = queried(opened);
    for (const uint32_t access : {FM_ACCESS_READ, FM_ACCESS_WRITE, FM_ACCESS_COPY, FM_ACCESS_ALL}) {
        for (const uint64_t offset : {uint64_t(0), info.size / 2, info.size - 1}) {
            view shown;
            if (fm_map(opened, access, offset, 0, shown.out()) == FM_OK) use_view(shown);
        }
    }
    fm_commit(opened, info.size - 1, 1);
    handle copy;
    fm_duplicate(opened, 0, FM_DUPLICATE_SAME_ACCESS | FM_DUPLICATE_INHERITABLE, copy.out());
    fm_token token;
    if (fm_export_token(opened, 0, &token) == FM_OK) fm_import_token(&token, 0, copy.out());
    name_of(opened);
}

std::vector<std::string> list_all() {
    std::vector<std::string> names;
    handle listing;
    EXPECT_STATUS(FM_OK, fm_list_open(FM_LIST_LOCAL | FM_LIST_GLOBAL | FM_LIST_DEAD, listing.out()));
    fm_list_info info = {};
    info.struct_size = sizeof info;
    fm_status status;
    while ((status = fm_list_next(listing, &info)) == FM_OK) {
        uint64_t needed = 0;
        EXPECT_STATUS(FM_E_BUFFER_TOO_SMALL, fm_list_name(listing, nullptr, 0, &needed));
        std::string text(static_cast<std::size_t>(needed), '\0');
        EXPECT_STATUS(FM_OK, fm_list_name(listing, text.data(), text.size(), nullptr));
        text.pop_back();
        EXPECT_TRUE(is_utf8(text)) << "listed: " << testing::PrintToString(text);
        names.push_back(text);
    }
    EXPECT_STATUS(FM_END, status);
    return names;
}

fm_sweep_info swept() {
    fm_sweep_info report = {};
    report.struct_size = sizeof report;
    EXPECT_STATUS(FM_OK, fm_sweep(&report));
    return report;
}

std::string open_descriptors() {
    std::map<int, std::string> open;
    for (int fd = 0; fd < 1024; ++fd) {
        const int flags = fcntl(fd, F_GETFD);
        if (flags < 0) continue;
        std::error_code gone;
        open[fd] = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), gone);
        open[fd] += flags == 0 ? " (kept by exec)" : "";
    }
    std::string text;
    for (const auto &[fd, what] : open) text += std::to_string(fd) + " " + what + "\n";
    return text;
}

void expect_role_to_pass(const std::string &role, const arguments &values, const child_options &options) {
    child running(role, values, options);
    running.close_input();
    std::string said;
    while (const std::optional<std::string> line = running.receive()) said += *line + "\n";
    EXPECT_EQ("exit 0", running.wait()) << said;
}

int role_result() { return testing::Test::HasFailure() ? 1 : 0; }

void hostile::SetUp() {
    for (const char *each : {"Local\\warm", "Global\\warm"}) created(each); // the namespace's own descriptors
    descriptors_ = open_descriptors();
}

} // namespace fm::test
