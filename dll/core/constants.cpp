// The table behind fm_constant(). tests/abi holds it against the header.

#include "core/constants.hpp"

#include <algorithm>
#include <iterator>

namespace fm {

namespace {

struct entry {
    std::string_view name;
    int64_t value;
};

#define FM_CONSTANT(name) {#name, name}
#define FM_STATUS_CONSTANT(name, number, win32, text) {#name, number},
#define FM_SIZE(type) {"sizeof(" #type ")", sizeof(type)}

constexpr entry table[] = {
    FM_STATUS_LIST(FM_STATUS_CONSTANT)
    FM_CONSTANT(FM_VERSION_MAJOR), FM_CONSTANT(FM_VERSION_MINOR), FM_CONSTANT(FM_VERSION_PATCH), FM_CONSTANT(FM_VERSION),
    FM_CONSTANT(FM_ACCESS_READ), FM_CONSTANT(FM_ACCESS_WRITE), FM_CONSTANT(FM_ACCESS_EXECUTE),
    FM_CONSTANT(FM_ACCESS_COPY), FM_CONSTANT(FM_ACCESS_WAIT), FM_CONSTANT(FM_ACCESS_MODIFY), FM_CONSTANT(FM_ACCESS_ALL),
    FM_CONSTANT(FM_PROTECT_READ), FM_CONSTANT(FM_PROTECT_READ_WRITE), FM_CONSTANT(FM_PROTECT_WRITE_COPY),
    FM_CONSTANT(FM_PROTECT_EXECUTE_READ), FM_CONSTANT(FM_PROTECT_EXECUTE_READ_WRITE),
    FM_CONSTANT(FM_PROTECT_EXECUTE_WRITE_COPY),
    FM_CONSTANT(FM_CREATE_NEW), FM_CONSTANT(FM_RESERVE), FM_CONSTANT(FM_LARGE_PAGES), FM_CONSTANT(FM_INHERITABLE),
    FM_CONSTANT(FM_FILE),
    FM_CONSTANT(FM_DUPLICATE_SAME_ACCESS), FM_CONSTANT(FM_DUPLICATE_CLOSE_SOURCE), FM_CONSTANT(FM_DUPLICATE_INHERITABLE),
    FM_CONSTANT(FM_LIST_LOCAL), FM_CONSTANT(FM_LIST_GLOBAL), FM_CONSTANT(FM_LIST_DEAD),
    FM_CONSTANT(FM_KIND_UNKNOWN), FM_CONSTANT(FM_KIND_MAPPING), FM_CONSTANT(FM_KIND_EVENT), FM_CONSTANT(FM_KIND_MUTEX),
    FM_CONSTANT(FM_KIND_SEMAPHORE), FM_CONSTANT(FM_KIND_TIMER), FM_CONSTANT(FM_KIND_JOB), FM_CONSTANT(FM_KIND_CHANNEL),
    FM_CONSTANT(FM_KIND_LIST),
    FM_CONSTANT(FM_MAX_NAME_UNITS), FM_CONSTANT(FM_UNKNOWN_COUNT), FM_CONSTANT(FM_TOKEN_SIZE),
    FM_CONSTANT(FM_TOKEN_TEXT_SIZE),
    FM_SIZE(fm_create_options), FM_SIZE(fm_info), FM_SIZE(fm_list_info), FM_SIZE(fm_sweep_info), FM_SIZE(fm_token),
};

} // namespace

std::optional<int64_t> constant_named(std::string_view name) {
    auto found = std::find_if(std::begin(table), std::end(table), [&](const entry &row) { return row.name == name; });
    return found != std::end(table) ? std::optional(found->value) : std::nullopt;
}

} // namespace fm
