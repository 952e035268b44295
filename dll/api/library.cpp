// What the library tells of itself, of the system and of the last failure.

#include "api/guard.hpp"
#include "core/constants.hpp"
#include "platform/platform.hpp"

#include <algorithm>
#include <cstring>

using namespace fm;

#define FM_TEXT_OF(x) #x
#define FM_TEXT(x) FM_TEXT_OF(x)

namespace {

struct status_row {
    fm_status number;
    int32_t win32;
    const char *name;
    const char *text;
};

#define FM_STATUS_ROW(name, number, win32, text) {number, win32, #name, text},
constexpr status_row rows[] = {FM_STATUS_LIST(FM_STATUS_ROW)};

constexpr status_row unknown{0, 31, "FM_UNKNOWN_STATUS", "a status that this version of the library does not know"};

const status_row &row_of(fm_status status) {
    auto *found = std::find_if(std::begin(rows), std::end(rows), [&](const status_row &row) { return row.number == status; });
    return found != std::end(rows) ? *found : unknown;
}

} // namespace

extern "C" {

FM_API uint32_t FM_CALL fm_version(void) { return FM_VERSION; }

FM_API const char *FM_CALL fm_version_string(void) {
    return FM_TEXT(FM_VERSION_MAJOR) "." FM_TEXT(FM_VERSION_MINOR) "." FM_TEXT(FM_VERSION_PATCH);
}

FM_API const char *FM_CALL fm_status_name(fm_status status) { return row_of(status).name; }
FM_API const char *FM_CALL fm_status_message(fm_status status) { return row_of(status).text; }
FM_API int32_t FM_CALL fm_status_win32(fm_status status) { return row_of(status).win32; }

FM_API fm_status FM_CALL fm_constant(const char *name, int64_t *out_value) {
    return api::guarded(__func__, [&](call &) -> fm_status {
        if (name == nullptr || out_value == nullptr) return fail(FM_E_INVALID_ARGUMENT, 0, "name or out_value is NULL");
        auto value = constant_named(name);
        if (!value) return fail(FM_E_NOT_FOUND, 0, "%.100s: filemap.h has no constant of this name", name);
        *out_value = *value;
        return FM_OK;
    });
}

FM_API int32_t FM_CALL fm_last_os_error(void) {
    thread_record *record = this_thread();
    return record != nullptr ? record->os_error : 0;
}

FM_API uint64_t FM_CALL fm_last_error_message(char *buffer, uint64_t capacity) {
    thread_record *record = this_thread();
    const char *message = record != nullptr ? record->message : "";
    uint64_t length = std::strlen(message);
    if (buffer == nullptr || capacity == 0) return length + 1;
    uint64_t copied = std::min(length, capacity - 1);
    std::memcpy(buffer, message, static_cast<std::size_t>(copied));
    buffer[copied] = '\0';
    return length + 1;
}

FM_API uint64_t FM_CALL fm_page_size(void) { return platform::page_size(); }
FM_API uint64_t FM_CALL fm_allocation_granularity(void) { return platform::allocation_granularity(); }
FM_API uint64_t FM_CALL fm_large_page_size(void) { return platform::large_page_size(); }

} // extern "C"
