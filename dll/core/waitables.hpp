// Events, mutexes, semaphores and timers: creating and opening them, and reaching one through a handle.
#pragma once

#include "core/objects.hpp"
#include "platform/at_once.hpp"

namespace fm {

/// What the kinds have in common, in the words of filemap.h. `wanted` brings its kind and that kind's own members.
fm_status create_waitable(const char *name, const fm_object_options *options, platform::waitable_options wanted, fm_handle *out_handle);
fm_status open_waitable(const char *name, uint32_t kind, uint32_t access, fm_handle *out_handle);

constexpr bool is_waitable(uint32_t kind) {
    return kind >= FM_KIND_EVENT && kind <= FM_KIND_TIMER;
}

inline platform::waitable &waitable_of(open_handle &handle) {
    return static_cast<platform::waitable &>(*handle.object); // the kind was checked
}

/// What a handle stands for, where it is of the kind and has the right; else null, and refusal() tells why. Only
/// inside a call. These are the library's hottest lines: a good handle is found without a result<> on the way.
[[gnu::always_inline]] inline open_handle *find_allowed(fm_handle handle, uint32_t kind, uint32_t right) {
    open_handle *found = handles().find(value_of(handle));
    return found != nullptr && found->kind == kind && (found->rights & right) == right ? found : nullptr;
}

/// The same for an object of whatever kind that can be waited for.
[[gnu::always_inline]] inline open_handle *find_to_wait(fm_handle handle) {
    open_handle *found = handles().find(value_of(handle));
    return found != nullptr && (found->rights & FM_ACCESS_WAIT) ? found : nullptr; // no other kind has this right
}

/// Does something at once to the object that `find` gives; false where it was not done.
template <class Find, class Operation>
[[gnu::always_inline]] inline bool at_once(Find find, Operation operation) {
    brief_call scope;
    if (!scope.entered()) return false;
    const open_handle *found = find();
    return found != nullptr && found->words != nullptr && operation(found->words);
}

/// Why a handle was not found; kind FM_KIND_UNKNOWN is any that can be waited for.
failure refusal(fm_handle handle, uint32_t kind, uint32_t right);

} // namespace fm
