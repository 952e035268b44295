// From errno to fm_status, in one table.

#include "platform/linux/descriptor.hpp"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <iterator>

namespace fm::posix {

namespace {

struct row {
    int32_t error;
    fm_status status;
    const char *advice;
};

constexpr row rows[] = {
    {sys::error_noent, FM_E_NOT_FOUND, ""},
    {sys::error_access, FM_E_ACCESS_DENIED, ""},
    {sys::error_perm, FM_E_ACCESS_DENIED, ""},
    {sys::error_rofs, FM_E_ACCESS_DENIED, ""},
    {sys::error_txtbsy, FM_E_ACCESS_DENIED, ""},
    {sys::error_nomem, FM_E_NO_MEMORY, ""},
    {sys::error_nospc, FM_E_NO_SPACE, "; free some space, or set FILEMAP_DIR to a directory with more"},
    {sys::error_dquot, FM_E_NO_SPACE, "; the user's quota is used up"},
    {sys::error_fbig, FM_E_NO_SPACE, "; the file system does not hold files of this size"},
    {sys::error_mfile, FM_E_NO_HANDLES, "; raise the limit of open files (ulimit -n): each open object takes one or two"},
    {sys::error_nfile, FM_E_NO_HANDLES, "; the whole system has too many open files"},
    {sys::error_loop, FM_E_CORRUPT, "; a symbolic link stands there"},
    {sys::error_isdir, FM_E_CORRUPT, "; a directory stands there"},
    {sys::error_nxio, FM_E_CORRUPT, "; a pipe or device stands there"},
    {sys::error_nodev, FM_E_FILE_INVALID, ""},
    {sys::error_notsup, FM_E_NOT_SUPPORTED, ""},
    {sys::error_nosys, FM_E_NOT_SUPPORTED, ""},
};

constexpr row other{0, FM_E_SYSTEM, ""};

const row &row_for(int64_t answer) {
    auto *found = std::find_if(std::begin(rows), std::end(rows), [&](const row &r) { return r.error == -answer; });
    return found != std::end(rows) ? *found : other;
}

} // namespace

fm_status status_for(int64_t answer) {
    return row_for(answer).status;
}

failure system_failure(int64_t answer, const char *format, ...) {
    char tried[600];
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(tried, sizeof tried, format, arguments);
    va_end(arguments);
    const row &known = row_for(answer);
    return fail(known.status, static_cast<int32_t>(-answer), "%s%s", tried, known.advice);
}

} // namespace fm::posix
