// What works on a handle of any kind: close, duplicate, query, tokens.

#include "api/guard.hpp"
#include "core/options.hpp"
#include "core/token.hpp"
#include "core/waitables.hpp"

using namespace fm;

namespace {

constexpr uint32_t duplicate_flags = FM_DUPLICATE_SAME_ACCESS | FM_DUPLICATE_CLOSE_SOURCE | FM_DUPLICATE_INHERITABLE;

/// A reference to the object behind a handle, with the call left: what follows may take its time.
result<counted<open_handle>> hold(call &scope, fm_handle handle) {
    auto found = find_handle(handle);
    if (!found) return found.error();
    counted<open_handle> held(*found);
    scope.leave();
    return held;
}

result<counted<open_handle>> hold_object(call &scope, fm_handle handle) {
    auto held = hold(scope, handle);
    if (held && !(*held)->object) return fail(FM_E_WRONG_KIND, 0, "the handle is a listing or a cancel object, which is this process's own");
    return held;
}

bool close_handle(fm_handle handle) {
    counted<open_handle> taken = handles().take(value_of(handle));
    if (!taken) return false;
    wait_for_calls_under_way();
    return true;
}

/// Closes the source of a duplicate at the end, whatever the outcome.
class source_closer {
public:
    source_closer(fm_handle source, uint32_t flags) : source_(flags & FM_DUPLICATE_CLOSE_SOURCE ? source : nullptr) {}
    source_closer(const source_closer &) = delete;
    source_closer &operator=(const source_closer &) = delete;
    ~source_closer() {
        if (source_ != nullptr) close_handle(source_);
    }

private:
    fm_handle source_;
};

counted<open_handle> sibling(const open_handle &source, std::shared_ptr<platform::object> object, uint32_t rights) {
    counted<open_handle> handle(new open_handle);
    attach(*handle, source.kind, std::move(object));
    handle->rights = rights;
    return handle;
}

fm_status duplicate(open_handle &source, uint32_t access, uint32_t flags, fm_handle *out_handle) {
    uint32_t rights = flags & FM_DUPLICATE_SAME_ACCESS ? source.rights : handle_rights(access, source.rights);
    if (rights & ~source.rights)
        return fail(FM_E_ACCESS_DENIED, 0, "access 0x%x is more than the handle's rights, 0x%x", access, source.rights);
    bool inheritable = flags & FM_DUPLICATE_INHERITABLE;
    auto object = source.object;
    if (inheritable || source.inheritable) { // a descriptor or HANDLE of its own, for what children inherit
        auto reopened = source.object->reopen(inheritable);
        if (!reopened) return reopened.error();
        object = std::move(*reopened);
    }
    auto copy = sibling(source, std::move(object), rights);
    copy->inheritable = inheritable;
    return publish(std::move(copy), out_handle);
}

fm_status check_duplicate(uint32_t access, uint32_t flags, const fm_handle *out_handle) {
    if (out_handle == nullptr) return fail(FM_E_INVALID_ARGUMENT, 0, "out_handle is NULL");
    if (flags & ~duplicate_flags) return fail(FM_E_INVALID_ARGUMENT, 0, "flags has unknown bits: 0x%x", flags & ~duplicate_flags);
    if (!(flags & FM_DUPLICATE_SAME_ACCESS) && (access & ~(every_right | FM_ACCESS_ALL)))
        return fail(FM_E_INVALID_ARGUMENT, 0, "access 0x%x has unknown bits", access);
    return FM_OK;
}

void describe_state(platform::waitable &object, fm_info &info) {
    platform::waitable_state state = object.state();
    info.ready = state.ready;
    info.count = state.count;
    info.maximum = state.maximum;
    info.manual = state.manual;
    info.owner = state.owner;
    info.period_ms = state.period_ms;
    info.due = state.due;
}

fm_info describe(open_handle &handle) {
    fm_info info{};
    info.kind = handle.kind;
    info.access = handle.rights;
    info.holders = FM_UNKNOWN_COUNT;
    info.due = FM_FOREVER;
    if (handle.inheritable) info.flags |= FM_INHERITABLE;
    if (handle.cancel) info.ready = handle.cancel->is_set();
    if (!handle.object) return info;
    if (is_waitable(handle.kind)) describe_state(waitable_of(handle), info);
    const platform::object_facts &facts = handle.object->facts();
    info.size = facts.size;
    info.protection = facts.protection;
    info.flags |= facts.flags;
    info.created = facts.created;
    info.holders = handle.object->holders();
    return info;
}

fm_status import(const token_contents &contents, uint32_t access, fm_handle *out_handle) {
    const platform::token_body &body = contents.body;
    if (body.access & ~rights_of_kind(body.kind))
        return fail(FM_E_INVALID_ARGUMENT, 0, "the token speaks of rights 0x%x, which objects of its kind do not have", body.access);
    if (contents.target_process != 0 && contents.target_process != platform::process_id())
        return fail(FM_E_ACCESS_DENIED, 0, "the token was made for process %lld alone", static_cast<long long>(contents.target_process));
    uint32_t rights = access == 0 ? body.access : handle_rights(access, body.access);
    if (rights & ~body.access)
        return fail(FM_E_ACCESS_DENIED, 0, "access 0x%x is more than the exported handle's rights, 0x%x", access, body.access);
    auto object = platform::import_token(body, rights);
    if (!object) return object.error();
    counted<open_handle> handle(new open_handle);
    attach(*handle, body.kind, std::move(*object));
    handle->rights = rights;
    return publish(std::move(handle), out_handle);
}

} // namespace

extern "C" {

FM_API fm_status FM_CALL fm_close(fm_handle handle) {
    return api::guarded(__func__, [&](call &scope) -> fm_status {
        scope.leave();
        if (close_handle(handle)) return FM_OK;
        return detail::not_open("handle", handle);
    });
}

FM_API fm_status FM_CALL fm_duplicate(fm_handle handle, uint32_t access, uint32_t flags, fm_handle *out_handle) {
    return api::guarded(__func__, [&](call &scope) -> fm_status {
        auto held = hold_object(scope, handle);
        if (!held) return held.error();
        source_closer closer(handle, flags);
        fm_status status = check_duplicate(access, flags, out_handle);
        return status < 0 ? status : duplicate(**held, access, flags, out_handle);
    });
}

FM_API fm_status FM_CALL fm_query(fm_handle handle, fm_info *out_info) {
    return api::guarded(__func__, [&](call &scope) -> fm_status {
        if (fm_status status = check_info(out_info); status < 0) return status;
        auto held = hold(scope, handle);
        if (!held) return held.error();
        write_info(describe(**held), out_info);
        return FM_OK;
    });
}

FM_API fm_status FM_CALL fm_query_name(fm_handle handle, char *buffer, uint64_t capacity, uint64_t *out_needed) {
    return api::guarded(__func__, [&](call &scope) -> fm_status {
        auto held = hold(scope, handle);
        if (!held) return held.error();
        if (!(*held)->object) return write_text("", buffer, capacity, out_needed);
        auto name = (*held)->object->name();
        return name ? write_text(*name, buffer, capacity, out_needed) : name.error();
    });
}

FM_API fm_status FM_CALL fm_export_token(fm_handle handle, int64_t target_process, fm_token *out_token) {
    return api::guarded(__func__, [&](call &scope) -> fm_status {
        if (out_token == nullptr) return fail(FM_E_INVALID_ARGUMENT, 0, "out_token is NULL");
        if (target_process < 0) return fail(FM_E_INVALID_ARGUMENT, 0, "target_process is negative; 0 means any process of this user");
        auto held = hold_object(scope, handle);
        if (!held) return held.error();
        auto body = (*held)->object->token();
        if (!body) return body.error();
        body->access = (*held)->rights;
        *out_token = pack_token({*body, target_process});
        return FM_OK;
    });
}

FM_API fm_status FM_CALL fm_import_token(const fm_token *token, uint32_t access, fm_handle *out_handle) {
    return api::guarded(__func__, [&](call &scope) -> fm_status {
        scope.leave();
        if (token == nullptr || out_handle == nullptr) return fail(FM_E_INVALID_ARGUMENT, 0, "token or out_handle is NULL");
        if (access & ~(every_right | FM_ACCESS_ALL)) return fail(FM_E_INVALID_ARGUMENT, 0, "access 0x%x has unknown bits", access);
        auto contents = unpack_token(*token);
        if (!contents) return fail(FM_E_INVALID_ARGUMENT, 0, "the bytes are no token, or a damaged one");
        return import(*contents, access, out_handle);
    });
}

FM_API fm_status FM_CALL fm_token_to_text(const fm_token *token, char *buffer, uint64_t capacity) {
    return api::guarded(__func__, [&](call &) -> fm_status {
        if (token == nullptr || buffer == nullptr) return fail(FM_E_INVALID_ARGUMENT, 0, "token or buffer is NULL");
        if (!unpack_token(*token)) return fail(FM_E_INVALID_ARGUMENT, 0, "the bytes are no token, or a damaged one");
        return write_text(token_text(*token), buffer, capacity, nullptr);
    });
}

FM_API fm_status FM_CALL fm_token_from_text(const char *text, fm_token *out_token) {
    return api::guarded(__func__, [&](call &) -> fm_status {
        if (text == nullptr || out_token == nullptr) return fail(FM_E_INVALID_ARGUMENT, 0, "text or out_token is NULL");
        auto token = token_of_text(text);
        if (!token) return fail(FM_E_INVALID_ARGUMENT, 0, "the text is no token, or a damaged one");
        *out_token = *token;
        return FM_OK;
    });
}

} // extern "C"
