// Providing what a file's pages need before anybody touches them.
#pragma once

#include "platform/linux/descriptor.hpp"

namespace fm::posix {

/// Provides the space of a range, so that touching it cannot fail later.
fm_status provide(int32_t fd, uint64_t offset, uint64_t size, bool keep_size);

} // namespace fm::posix
