// The rules of fm_event_create() and its like that hold on every system.

#include "core/waitables.hpp"

#include "core/options.hpp"

namespace fm {

namespace {

constexpr uint32_t object_flags = FM_CREATE_NEW | FM_INHERITABLE;

fm_status check_options(const char *name, const fm_object_options *options, platform::waitable_options &wanted) {
    fm_object_options given{};
    if (fm_status status = read_options(options, given); status < 0) return status;
    if (given.flags & ~object_flags)
        return fail(FM_E_INVALID_ARGUMENT, 0, "options->flags has bits that this kind does not know: 0x%x", given.flags & ~object_flags);
    if (given.permissions & ~0777u)
        return fail(FM_E_INVALID_ARGUMENT, 0, "options->permissions is 0%o; nine bits, such as 0660, are allowed", given.permissions);
    if (given.reserved != 0) return fail(FM_E_INVALID_ARGUMENT, 0, "options->reserved is %u; set it to 0", given.reserved);
    wanted.flags = given.flags;
    wanted.permissions = given.permissions;
    if (name == nullptr || *name == '\0') return FM_OK;
    auto parsed = parse_name(name);
    if (!parsed) return parsed.error();
    wanted.name = *parsed;
    return FM_OK;
}

counted<open_handle> handle_to(std::shared_ptr<platform::waitable> object, uint32_t kind, uint32_t rights) {
    counted<open_handle> handle(new open_handle);
    attach(*handle, kind, std::move(object));
    handle->rights = rights;
    return handle;
}

} // namespace

failure refusal(fm_handle handle, uint32_t kind, uint32_t right) {
    auto found = find_handle(handle, kind);
    if (!found) return found.error();
    if (kind == FM_KIND_UNKNOWN && !is_waitable((*found)->kind))
        return fail(FM_E_WRONG_KIND, 0, "the handle belongs to an object that cannot be waited for");
    return fail(FM_E_ACCESS_DENIED, 0, "the handle was opened without %s", right == FM_ACCESS_WAIT ? "FM_ACCESS_WAIT" : "FM_ACCESS_MODIFY");
}

fm_status create_waitable(const char *name, const fm_object_options *options, platform::waitable_options wanted, fm_handle *out_handle) {
    if (out_handle == nullptr) return fail(FM_E_INVALID_ARGUMENT, 0, "the address for the handle is NULL");
    if (fm_status status = check_options(name, options, wanted); status < 0) return status;
    auto created = platform::create_waitable(wanted);
    if (!created) return created.error();
    auto handle = handle_to(std::move(created->object), wanted.kind, waitable_rights);
    handle->inheritable = wanted.flags & FM_INHERITABLE;
    fm_status status = publish(std::move(handle), out_handle);
    return status < 0 ? status : created->existed ? FM_EXISTED : FM_OK;
}

fm_status open_waitable(const char *name, uint32_t kind, uint32_t access, fm_handle *out_handle) {
    if (out_handle == nullptr) return fail(FM_E_INVALID_ARGUMENT, 0, "the address for the handle is NULL");
    if (name == nullptr) return fail(FM_E_INVALID_ARGUMENT, 0, "name is NULL: unnamed objects are reached by a token");
    if (*name == '\0') return fail(FM_E_WRONG_KIND, 0, "the name is empty: unnamed objects are reached by a token");
    auto parsed = parse_name(name);
    if (!parsed) return parsed.error();
    if (access & ~(waitable_rights | FM_ACCESS_ALL))
        return fail(FM_E_INVALID_ARGUMENT, 0, "access 0x%x has bits that this kind does not know", access);
    if (access == 0) return fail(FM_E_ACCESS_DENIED, 0, "access is 0: ask for FM_ACCESS_WAIT, FM_ACCESS_MODIFY or FM_ACCESS_ALL");
    auto opened = platform::open_waitable(*parsed, kind, access);
    if (!opened) return opened.error();
    return publish(handle_to(std::move(*opened), kind, handle_rights(access, waitable_rights)), out_handle);
}

} // namespace fm
