// Waiting: from handles to objects, one look, and only then what may block.
#pragma once

#include "core/waitables.hpp"

namespace fm {

namespace detail {
failure bad_timeout(int64_t timeout_ns);
fm_status block_on_one(call scope, open_handle &found, int64_t timeout_ns);
} // namespace detail

/// fm_wait(). The call is left before anything blocks.
[[gnu::always_inline]] inline fm_status wait_one(call &scope, fm_handle handle, int64_t timeout_ns) {
    open_handle *found = find_to_wait(handle);
    if (found == nullptr) return refusal(handle, FM_KIND_UNKNOWN, FM_ACCESS_WAIT);
    if (timeout_ns < FM_FOREVER) return detail::bad_timeout(timeout_ns);
    fm_status status = waitable_of(*found).try_take();
    if (status != FM_TIMED_OUT || timeout_ns == 0) return status;
    return detail::block_on_one(std::move(scope), *found, timeout_ns);
}

struct wait_arguments {
    const fm_handle *handles;
    uint32_t count;
    uint32_t flags;
    int64_t timeout_ns;
    fm_handle cancel;
};
fm_status wait_many(call &scope, const wait_arguments &asked, uint32_t *out_index);

fm_status signal_and_wait(call &scope, fm_handle to_signal, fm_handle to_wait, int64_t timeout_ns);

} // namespace fm
