// What the dead have taken with them. A death at a kill point is decided; of one from outside, in the middle of an
// operation, only a bound is known. So for each object the number of tokens that are gone, or of owners that died, is
// at least `sure` and at most `sure + maybe`.
#pragma once

#include "objects.hpp"

namespace fm::kill_sync {

class ledger {
public:
    ledger(board &shared, const object_set &objects) : board_(shared), objects_(objects) {}

    /// An epoch begins, in which nobody does anything yet.
    void open();
    void account(const seat &dead);
    /// The driver has put a token there.
    void added(uint32_t object) { ++pages_[object].added; }
    /// An epoch has ended, and nobody does anything any more: compares, and says what does not agree.
    void close();

    uint64_t owners_died() const { return owners_died_; }
    uint64_t tokens_lost() const { return tokens_lost_; }
    uint64_t exact() const { return exact_; }   ///< epochs in which nothing was uncertain
    uint64_t epochs() const { return epochs_; }

private:
    struct page {
        int64_t begun = 0, added = 0, sure = 0, maybe = 0, consumed = 0;
        uint64_t reports = 0, ended = 0;
    };

    /// Waiting takes something away for good. What is there for everybody is neither a token nor a mutex.
    bool is_token(uint32_t object) const { return objects_.kind(object) != FM_KIND_MUTEX && !objects_.inside(object).manual; }
    uint32_t tokens_among(uint32_t mask) const;
    void add(uint32_t mask, int64_t page::*column);
    void account_wait(const seat &dead);
    void check_tokens();
    void check_mutex(uint32_t object);

    board &board_;
    const object_set &objects_;
    page pages_[most_objects];
    int64_t something_ = 0;     ///< deaths that took one of several, which cannot be told
    int64_t perhaps_ = 0;       ///< tokens that are uncertain in all
    bool only_together_ = true; ///< whatever is uncertain about 0 is as uncertain about 1
    uint64_t owners_died_ = 0, tokens_lost_ = 0, exact_ = 0, epochs_ = 0;
};

} // namespace fm::kill_sync
