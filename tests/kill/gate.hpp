// Stands between a worker's library and the kernel: kills the process before or after a system call, or lies about
// locks so that the test can show that it would notice.
#pragma once

#include <cstdint>

namespace fm::kill {

void install_gate(uint32_t kill_one_in, uint32_t seed, bool lie_about_locks);

} // namespace fm::kill
