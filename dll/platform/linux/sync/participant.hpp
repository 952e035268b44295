// The calling thread's part in a registry: made at its first use, given up by the kernel when the thread ends.
#pragma once

#include "platform/linux/sync/registry.hpp"
#include "platform/linux/sync/robust_list.hpp"

namespace fm::sync {

struct alignas(64) participant { // one line, and found by a shift
    registry *home = nullptr;
    slot *own = nullptr;
    uint32_t index = 0;
    owner_id id = 0;
    uint32_t sequence = 0; ///< of its changes; see reservation.hpp
    robust_list list;

    /// The word of each owner that this thread sleeps on.
    uint32_t death_index() const { return index % death_words; }
};

#if defined(__ELF__)
#  define FM_SYNC_TLS [[gnu::tls_model("initial-exec")]]
#else
#  define FM_SYNC_TLS
#endif

namespace detail {
FM_SYNC_TLS extern constinit thread_local participant participants[2]; ///< in the user's registry; in the shared one
participant &begin_part(registry &home);
} // namespace detail

/// Claims a slot at the thread's first use; throws the failure where there is none left.
inline participant &take_part(registry &home) {
    participant &mine = detail::participants[home.shared()];
    return mine.own != nullptr ? mine : detail::begin_part(home);
}

} // namespace fm::sync
