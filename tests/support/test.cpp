// The shorthands of test.hpp.
#include "support/test.hpp"

#include <atomic>
#include <iostream>
#include <stdexcept>

namespace fm::test {

namespace {

void require(fm_status status, const std::string &what) {
    if (status < 0) throw std::runtime_error(what + ": " + describe(status));
}

} // namespace

std::string last_error() {
    std::string text(static_cast<std::size_t>(fm_last_error_message(nullptr, 0)), '\0');
    fm_last_error_message(text.data(), text.size());
    while (!text.empty() && text.back() == '\0') text.pop_back();
    return text;
}

std::string describe(fm_status status) {
    std::string text = fm_status_name(status);
    if (status < 0) text += " (" + last_error() + ")";
    return text;
}

testing::AssertionResult status_is(const char *, const char *call, fm_status expected, fm_status actual) {
    if (expected == actual) return testing::AssertionSuccess();
    return testing::AssertionFailure() << call << "\n  gave " << describe(actual) << "\n  not  "
                                       << fm_status_name(expected);
}

fm_status FM_CALL end_handle(fm_handle value) {
    return fm_close(value);
}
fm_status FM_CALL end_view(fm_view value) {
    return fm_unmap(value);
}

std::string unique_name(const std::string &tail) {
    static std::atomic<unsigned> counter{0};
    return "fm-test-" + std::to_string(process_id()) + "-" + std::to_string(counter.fetch_add(1)) + tail;
}

fm_create_options options(uint32_t flags, uint32_t protection) {
    fm_create_options all = {};
    all.struct_size = sizeof all;
    all.flags = flags;
    all.protection = protection;
    return all;
}

handle created(const std::string &name, uint64_t size, const fm_create_options &with) {
    handle made;
    const fm_status status = fm_create(name.c_str(), size, &with, made.out());
    require(status, "creating " + name);
    if (status != FM_OK) throw std::runtime_error(name + " exists already");
    return made;
}

handle unnamed(uint64_t size, uint32_t protection) {
    return created("", size, options(0, protection));
}

handle opened(const std::string &name, uint32_t access) {
    handle made;
    require(fm_open(name.c_str(), access, made.out()), "opening " + name);
    return made;
}

handle duplicated(fm_handle of, uint32_t access, uint32_t flags) {
    handle made;
    require(fm_duplicate(of, access, flags, made.out()), "duplicating");
    return made;
}

view mapped(fm_handle mapping, uint32_t access, uint64_t offset, uint64_t size) {
    view made;
    require(fm_map(mapping, access, offset, size, made.out()), "mapping a view");
    return made;
}

fm_status try_open(const std::string &name, uint32_t access) {
    handle made;
    return fm_open(name.c_str(), access, made.out());
}

fm_status try_map(fm_handle mapping, uint32_t access, uint64_t offset, uint64_t size) {
    view made;
    return fm_map(mapping, access, offset, size, made.out());
}

fm_info queried(fm_handle of) {
    fm_info info = {};
    info.struct_size = sizeof info;
    require(fm_query(of, &info), "querying");
    return info;
}

std::string name_of(fm_handle of) {
    uint64_t needed = 0;
    const fm_status status = fm_query_name(of, nullptr, 0, &needed);
    if (status != FM_E_BUFFER_TOO_SMALL) throw std::runtime_error("asking for a name's length: " + describe(status));
    std::string name(static_cast<std::size_t>(needed), '\0');
    require(fm_query_name(of, name.data(), name.size(), nullptr), "asking for a name");
    name.pop_back();
    return name;
}

void write_text(fm_view to, uint64_t offset, std::string_view text) {
    require(fm_write(to, offset, text.data(), text.size()), "writing");
}

std::string read_text(fm_view from, uint64_t offset, uint64_t size) {
    std::string text(static_cast<std::size_t>(size), '\0');
    require(fm_read(from, offset, text.data(), size), "reading");
    return text;
}

bool differs_under_wine(const std::string &statement) {
    if (!under_wine()) return false;
    std::cout << "[ under Wine ] " << statement << std::endl;
    testing::Test::RecordProperty("differs_under_wine", statement);
    return true;
}

} // namespace fm::test
