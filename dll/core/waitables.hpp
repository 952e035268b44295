// Events, mutexes, semaphores and timers: creating and opening them, and reaching one through a handle.
#pragma once

#include "core/objects.hpp"

namespace fm {

/// What the kinds have in common, in the words of filemap.h. `wanted` brings its kind and that kind's own members.
fm_status create_waitable(const char *name, const fm_object_options *options, platform::waitable_options wanted, fm_handle *out_handle);
fm_status open_waitable(const char *name, uint32_t kind, uint32_t access, fm_handle *out_handle);

namespace detail {
failure lacks(uint32_t right);
failure not_waitable();
} // namespace detail

constexpr bool is_waitable(uint32_t kind) {
    return kind >= FM_KIND_EVENT && kind <= FM_KIND_TIMER;
}

inline platform::waitable &waitable_of(open_handle &handle) {
    return static_cast<platform::waitable &>(*handle.object); // the kind was checked
}

/// The object behind a handle of a kind, for changing it. Only inside a call.
inline result<platform::waitable *> find_to_modify(fm_handle handle, uint32_t kind) {
    auto found = find_handle(handle, kind);
    if (!found) return found.error();
    if (!((*found)->rights & FM_ACCESS_MODIFY)) return detail::lacks(FM_ACCESS_MODIFY);
    return &waitable_of(**found);
}

/// What a handle stands for, to be waited for. Only inside a call.
inline result<open_handle *> find_to_wait(fm_handle handle) {
    auto found = find_handle(handle);
    if (!found) return found;
    if (!is_waitable((*found)->kind)) return detail::not_waitable();
    if (!((*found)->rights & FM_ACCESS_WAIT)) return detail::lacks(FM_ACCESS_WAIT);
    return found;
}

} // namespace fm
