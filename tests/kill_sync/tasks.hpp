// What the kernel says of a thread: whether it is asleep, ending or gone.
#pragma once

#include <cstdint>

namespace fm::kill_sync {

enum class task_state {
    gone,    ///< or a zombie
    ending,  ///< on its way there
    asleep,  ///< in the kernel, until somebody wakes it
    running, ///< or waiting for a processor
};

task_state look_at_task(uint32_t process, uint32_t thread);

/// Waits until the thread has begun to end; false where it still lives after a second.
bool ends_soon(uint32_t process, uint32_t thread);

int64_t monotonic();

} // namespace fm::kill_sync
