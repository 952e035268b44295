// The file of a registry: where it is, who may write it, and that there is exactly one.
#pragma once

#include "platform/linux/sync/registry.hpp"

#include <memory>

namespace fm::sync {

result<std::unique_ptr<registry>> open_registry(bool shared);

} // namespace fm::sync
