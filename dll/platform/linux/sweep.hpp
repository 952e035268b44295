// Removing what crashes left.
#pragma once

namespace fm::posix {

/// Once in each process, before it first uses a name: looks through the namespaces for a few milliseconds. In a
/// namespace with more entries than that, the next process goes on where this one stopped.
void sweep_at_first_use() noexcept;

} // namespace fm::posix
