// What can be done with a waitable object in a few instructions and without a call, inlined into the functions of the
// ABI: an uncontended operation should cost little more than its compare-and-swap. `words` is waitable::words. False
// means that nothing was done, and says nothing: platform.hpp's operations are asked then. A system whose objects are
// in its kernel can do nothing so.
#pragma once

#if defined(__linux__)
#  include "platform/linux/sync/at_once.hpp"
#else
#  include <cstdint>
namespace fm::platform {
inline bool take_at_once(const void *) { return false; }
inline bool set_at_once(const void *) { return false; }
inline bool release_semaphore_at_once(const void *, uint32_t, uint32_t *) { return false; }
inline bool release_mutex_at_once(const void *) { return false; }
} // namespace fm::platform
#endif
