// Waiting: from handles to objects, one look, and only then what may block.
#pragma once

#include "core/waitables.hpp"

namespace fm {

/// fm_wait() and its like. The call is left before anything blocks.
fm_status wait_one(call &scope, fm_handle handle, int64_t timeout_ns);

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
