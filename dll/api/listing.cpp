// What exists: listings and the sweep.

#include "api/guard.hpp"
#include "core/objects.hpp"
#include "core/options.hpp"

using namespace fm;

namespace {

constexpr uint32_t scopes = FM_LIST_LOCAL | FM_LIST_GLOBAL;

fm_status open_list(uint32_t flags, fm_handle *out_list) {
    if (out_list == nullptr) return fail(FM_E_INVALID_ARGUMENT, 0, "out_list is NULL");
    if (flags & ~(scopes | FM_LIST_DEAD)) return fail(FM_E_INVALID_ARGUMENT, 0, "flags has unknown bits: 0x%x", flags);
    auto source = platform::open_listing(flags & scopes ? flags : flags | scopes);
    if (!source) return source.error();
    counted<open_handle> handle(new open_handle);
    handle->kind = FM_KIND_LIST;
    handle->list = std::make_unique<list_position>();
    handle->list->source = std::move(*source);
    return publish(std::move(handle), out_list);
}

fm_list_info describe(const platform::list_item &item) {
    fm_list_info info{};
    info.kind = item.facts.kind;
    info.size = item.facts.size;
    info.scope = static_cast<uint32_t>(item.where);
    info.dead = item.dead;
    info.holders = item.holders;
    info.creator = item.creator;
    info.created = item.facts.created;
    return info;
}

fm_status next(list_position &list, fm_list_info *out_info) {
    std::lock_guard guard(list.busy);
    platform::list_item item;
    auto found = list.source->next(item);
    if (!found) return found.error();
    list.item.reset();
    if (!*found) return FM_END;
    write_info(describe(item), out_info);
    list.item = std::move(item);
    return FM_OK;
}

/// Runs `body` with the listing's position, kept by a reference.
template <class Body>
fm_status with_list(const char *function, fm_handle list, Body body) {
    return api::guarded(function, [&](call &scope) -> fm_status {
        auto found = find_handle(list, FM_KIND_LIST);
        if (!found) return found.error();
        counted<open_handle> held(*found);
        scope.leave();
        return body(*held->list);
    });
}

fm_status item_text(const char *function, fm_handle list, std::string platform::list_item::*text, char *buffer,
                    uint64_t capacity, uint64_t *out_needed) {
    return with_list(function, list, [&](list_position &position) -> fm_status {
        std::lock_guard guard(position.busy);
        return position.item ? write_text((*position.item).*text, buffer, capacity, out_needed) : FM_END;
    });
}

} // namespace

extern "C" {

FM_API fm_status FM_CALL fm_list_open(uint32_t flags, fm_handle *out_list) {
    return api::guarded(__func__, [&](call &scope) {
        scope.leave();
        return open_list(flags, out_list);
    });
}

FM_API fm_status FM_CALL fm_list_next(fm_handle list, fm_list_info *out_info) {
    return with_list(__func__, list, [&](list_position &position) -> fm_status {
        if (fm_status status = check_info(out_info); status < 0) return status;
        return next(position, out_info);
    });
}

FM_API fm_status FM_CALL fm_list_name(fm_handle list, char *buffer, uint64_t capacity, uint64_t *out_needed) {
    return item_text(__func__, list, &platform::list_item::name, buffer, capacity, out_needed);
}

FM_API fm_status FM_CALL fm_list_owner(fm_handle list, char *buffer, uint64_t capacity, uint64_t *out_needed) {
    return item_text(__func__, list, &platform::list_item::owner, buffer, capacity, out_needed);
}

FM_API fm_status FM_CALL fm_sweep(fm_sweep_info *out_info) {
    return api::guarded(__func__, [&](call &scope) -> fm_status {
        scope.leave();
        if (fm_status status = check_info(out_info); status < 0) return status;
        auto report = platform::sweep();
        if (!report) return report.error();
        fm_sweep_info info{};
        info.removed = report->removed;
        info.bytes = report->bytes;
        info.remaining = report->remaining;
        write_info(info, out_info);
        return FM_OK;
    });
}

} // extern "C"
