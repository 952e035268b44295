// The rules of ledger.hpp.

#include "ledger.hpp"

namespace fm::kill_sync {

void ledger::open() {
    for (uint32_t i = 0; i < objects_.count(); ++i) {
        const record &inside = board_.records[i];
        pages_[i] = {};
        pages_[i].begun = is_token(i) ? objects_.tokens(i) : 0;
        pages_[i].reports = inside.reports;
        pages_[i].ended = inside.ended;
    }
    something_ = perhaps_ = 0;
    only_together_ = true;
}

void ledger::add(uint32_t mask, int64_t page::*column) {
    for (uint32_t i = 0; i < objects_.count(); ++i)
        if (has(mask, i)) ++(pages_[i].*column);
}

uint32_t ledger::tokens_among(uint32_t mask) const {
    uint32_t tokens = 0;
    for (uint32_t i = 0; i < objects_.count(); ++i)
        if (has(mask, i) && is_token(i)) tokens |= 1u << i;
    return tokens;
}

void ledger::account_wait(const seat &dead) {
    uint32_t members = dead.members.load();
    bool any = static_cast<mode>(dead.how.load()) == mode::any, decided = dead.died_at.load() != 0;
    add(dead.took.load(), &page::sure);
    add(dead.took_over.load(), &page::consumed);
    if (decided && dead.took_something.load() == 0) return;
    add(decided ? tokens_among(members) : members, &page::maybe);
    if (decided) ++something_;
    else perhaps_ += any ? 1 : __builtin_popcount(tokens_among(members));
    if ((members & 3) != 0 && (any || (members & 3) != 3)) only_together_ = false;
}

void ledger::account(const seat &dead) {
    uint32_t held = dead.held.load();
    switch (doing_of(dead)) {
    case doing::waiting:
        if (held == 0) account_wait(dead);
        break;
    case doing::releasing: {
        uint32_t one = held & 1u << dead.releasing.load();
        held &= ~one;
        if (dead.died_at.load() == 0) {
            add(one, &page::maybe);
            perhaps_ += __builtin_popcount(tokens_among(one));
            if (one & 3) only_together_ = false;
        } else if (dead.let_go.load() == 0) {
            add(one, &page::sure);
        }
        break;
    }
    case doing::tallying:
        add(held, &page::maybe);
        held = 0;
        break;
    default: break;
    }
    add(held, &page::sure);
}

/// Where one of several was taken, the sum over all objects says more than each of them.
void ledger::check_tokens() {
    int64_t sure = something_, gone = 0, apart = 0;
    for (uint32_t i = 0; i < objects_.count(); ++i) {
        if (!is_token(i)) continue;
        const page &one = pages_[i];
        int64_t missing = one.begun + one.added - objects_.tokens(i);
        if (missing < one.sure || missing > one.sure + one.maybe)
            violation(board_, "object %u: %lld tokens are gone, and the dead took %lld to %lld", i, static_cast<long long>(missing),
                      static_cast<long long>(one.sure), static_cast<long long>(one.sure + one.maybe));
        sure += one.sure;
        gone += missing;
        tokens_lost_ += static_cast<uint64_t>(missing);
        if (i <= 1) apart += i == 0 ? missing - one.sure : one.sure - missing;
    }
    if (gone < sure || gone > sure + perhaps_)
        violation(board_, "%lld tokens are gone in all, and the dead took %lld to %lld", static_cast<long long>(gone),
                  static_cast<long long>(sure), static_cast<long long>(sure + perhaps_));
    if (only_together_ && is_token(0) && is_token(1) && apart != 0)
        violation(board_, "dead waits for all took %lld more of object 0 than of object 1", static_cast<long long>(apart));
}

/// Everybody has let go, so a mutex is free or its last owner died: whoever looks now takes that death over.
void ledger::check_mutex(uint32_t object) {
    page &one = pages_[object];
    record &inside = board_.records[object];
    fm_status status = fm_wait(objects_.handle(object), 1'000'000'000); // not one look: see end_owning()
    if (status != FM_OK && status != FM_ABANDONED)
        return violation(board_, "nobody has mutex %u, and it gives %d", object, status);
    if (status == FM_ABANDONED) inside.reports.fetch_add(1);
    if (status == FM_OK && (inside.holder.load() != 0 || inside.first != inside.second))
        violation(board_, "mutex %u is not abandoned, and was left in the middle", object);
    inside.holder = 0;
    inside.second = inside.first;
    fm_mutex_release(objects_.handle(object));
    auto reports = static_cast<int64_t>(inside.reports - one.reports);
    int64_t died = one.sure + static_cast<int64_t>(inside.ended - one.ended), least = died - one.consumed;
    if (reports < least || reports > least + one.maybe)
        violation(board_, "mutex %u: %lld reports that it was abandoned, and %lld to %lld owners died", object,
                  static_cast<long long>(reports), static_cast<long long>(least), static_cast<long long>(least + one.maybe));
    owners_died_ += static_cast<uint64_t>(died);
}

void ledger::close() {
    check_tokens();
    bool certain = true;
    for (uint32_t i = 0; i < objects_.count(); ++i) {
        if (objects_.kind(i) == FM_KIND_MUTEX) check_mutex(i);
        certain &= pages_[i].maybe == 0 || objects_.inside(i).manual;
    }
    ++epochs_;
    exact_ += certain;
}

} // namespace fm::kill_sync
