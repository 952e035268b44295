// The kernel's types of object that share the names, and what opening one takes. Knows nothing of what can be done with
// an open one.
#pragma once

#include "core/failure.hpp"
#include "platform/windows/native.hpp"

#include <string>
#include <string_view>

namespace fm::windows {

struct kernel_type {
    std::wstring_view name;
    uint32_t kind;    ///< FM_KIND_...
    const char *word; ///< for messages
    NTSTATUS(NTAPI *open_in_directory)(HANDLE *, ACCESS_MASK, OBJECT_ATTRIBUTES *);
    HANDLE(WINAPI *open_by_name)(DWORD rights, BOOL inheritable, const wchar_t *name);
    ACCESS_MASK all;   ///< every right there is
    ACCESS_MASK use;   ///< the rights to do something with it
    ACCESS_MASK query; ///< lets one look at it, no more
};

/// The type of this name or for this FM_KIND_...; null where there is none.
const kernel_type *find_type(std::wstring_view name);
const kernel_type *find_type(uint32_t kind);

/// What stands behind an open handle; FM_KIND_UNKNOWN where it is none of these types.
uint32_t kind_of(HANDLE handle);

/// Opens an object with these rights; `beside` are rights that we would like as well, but only where they can be had.
/// Empty on failure, with GetLastError() telling why.
unique_handle open_named(const kernel_type &type, const wchar_t *name, ACCESS_MASK rights, ACCESS_MASK beside,
                         bool inheritable);

/// Opens an object with all that it allows this user, which may be less than all there is, but lets one do something.
/// Empty on failure, with GetLastError() telling why.
unique_handle open_named_with_all(const kernel_type &type, const wchar_t *name, bool inheritable);

/// Why there is no handle to the object of this name, which has its prefix.
failure open_failure(const kernel_type &type, const std::string &name, int32_t error);

} // namespace fm::windows
