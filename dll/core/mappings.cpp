// The rules of fm_create(), fm_open(), fm_map() and fm_commit() that hold on every system.

#include "core/mappings.hpp"

#include "core/options.hpp"

#include <limits>

namespace fm {

namespace {

constexpr uint32_t create_flags = FM_CREATE_NEW | FM_RESERVE | FM_LARGE_PAGES | FM_INHERITABLE | FM_FILE;

/// No system has larger files, and rounding up to pages cannot overflow below it.
constexpr uint64_t largest_size = (uint64_t(1) << 63) - (uint64_t(1) << 32);

fm_status check_file_options(const fm_create_options &given) {
    bool by_value = given.file != 0 || (given.flags & FM_FILE);
    if (by_value && given.file_path != nullptr)
        return fail(FM_E_INVALID_ARGUMENT, 0, "options has both a file and a file_path; give one of them");
    if (given.file_path != nullptr && (*given.file_path == '\0' || !utf16_length(given.file_path)))
        return fail(FM_E_INVALID_ARGUMENT, 0, "options->file_path is empty or not valid UTF-8");
    if ((by_value || given.file_path != nullptr) && (given.flags & FM_LARGE_PAGES))
        return fail(FM_E_INVALID_ARGUMENT, 0, "FM_LARGE_PAGES is for memory, not for files");
    return FM_OK;
}

fm_status check_flags(const fm_create_options &given) {
    if (given.flags & ~create_flags)
        return fail(FM_E_INVALID_ARGUMENT, 0, "options->flags has unknown bits: 0x%x", given.flags & ~create_flags);
    if ((given.flags & FM_RESERVE) && (given.flags & FM_LARGE_PAGES))
        return fail(FM_E_INVALID_ARGUMENT, 0, "FM_RESERVE and FM_LARGE_PAGES exclude each other");
    if (given.protection != 0 && !is_protection(given.protection))
        return fail(FM_E_INVALID_ARGUMENT, 0, "options->protection is 0x%x; give one FM_PROTECT_ value", given.protection);
    if (given.permissions & ~0777u)
        return fail(FM_E_INVALID_ARGUMENT, 0, "options->permissions is 0%o; nine bits, such as 0660, are allowed", given.permissions);
    return check_file_options(given);
}

fm_status check_size(uint64_t size, bool has_file) {
    if (size == 0 && !has_file) return fail(FM_E_INVALID_ARGUMENT, 0, "size is 0, and there is no file to take it from");
    if (size > largest_size)
        return fail(FM_E_INVALID_ARGUMENT, 0, "size %llu is larger than any mapping can be", static_cast<unsigned long long>(size));
    return FM_OK;
}

result<platform::mapping_options> check_options(const char *name, uint64_t size, const fm_create_options *options) {
    fm_create_options given{};
    if (fm_status status = read_options(options, given); status < 0) return failure{status};
    if (fm_status status = check_flags(given); status < 0) return failure{status};
    platform::mapping_options checked;
    if (given.file != 0 || (given.flags & FM_FILE)) checked.file = given.file;
    checked.file_path = given.file_path;
    if (fm_status status = check_size(size, checked.file || checked.file_path); status < 0) return failure{status};
    checked.size = size;
    if (given.protection != 0) checked.protection = given.protection;
    checked.flags = given.flags & ~FM_FILE;
    checked.permissions = given.permissions;
    if (name == nullptr || *name == '\0') return checked;
    auto parsed = parse_name(name);
    if (!parsed) return parsed.error();
    checked.name = *parsed;
    return checked;
}

counted<open_handle> handle_to(std::shared_ptr<platform::mapping> object, uint32_t rights, bool inheritable) {
    counted<open_handle> handle(new open_handle);
    attach(*handle, FM_KIND_MAPPING, std::move(object));
    handle->rights = rights;
    handle->inheritable = inheritable;
    return handle;
}

fm_status check_open_access(uint32_t access) {
    if (access & ~(mapping_rights | FM_ACCESS_ALL))
        return fail(FM_E_INVALID_ARGUMENT, 0, "access 0x%x has bits that mappings do not know", access);
    if (access == 0) return fail(FM_E_ACCESS_DENIED, 0, "access is 0: ask for FM_ACCESS_READ, FM_ACCESS_WRITE ...");
    return FM_OK;
}

fm_status check_view(const open_handle &mapping, uint32_t access) {
    if (access & ~(mapping_rights | FM_ACCESS_ALL))
        return fail(FM_E_INVALID_ARGUMENT, 0, "access 0x%x has bits that views do not know", access);
    uint32_t rights = view_rights(access);
    if ((rights & FM_ACCESS_WRITE) && (rights & FM_ACCESS_COPY))
        return fail(FM_E_INVALID_ARGUMENT, 0, "FM_ACCESS_WRITE and FM_ACCESS_COPY exclude each other");
    if (!handle_allows_view(mapping.rights, rights))
        return fail(FM_E_ACCESS_DENIED, 0, "the handle has rights 0x%x, which do not allow a view with access 0x%x",
                    mapping.rights, access);
    uint32_t protection = mapping.object->facts().protection;
    if (!protection_allows_view(protection, rights))
        return fail(FM_E_ACCESS_DENIED, 0, "the mapping has protection 0x%x, which does not allow a view with access 0x%x",
                    protection, access);
    return FM_OK;
}

fm_status check_alignment(const platform::view_request &asked) {
    uint64_t granularity = platform::allocation_granularity();
    if (asked.offset % granularity == 0 && value_of(asked.address) % granularity == 0) return FM_OK;
    return fail(FM_E_NOT_ALIGNED, 0, "offset %llu and address %p must be multiples of the granularity, %llu",
                static_cast<unsigned long long>(asked.offset), asked.address, static_cast<unsigned long long>(granularity));
}

platform::mapping &mapping_of(open_handle &handle) {
    return static_cast<platform::mapping &>(*handle.object); // the kind was checked
}

} // namespace

fm_status create_mapping(const char *name, uint64_t size, const fm_create_options *options, fm_handle *out_mapping) {
    if (out_mapping == nullptr) return fail(FM_E_INVALID_ARGUMENT, 0, "out_mapping is NULL");
    auto checked = check_options(name, size, options);
    if (!checked) return checked.error();
    auto created = platform::create_mapping(*checked);
    if (!created) return created.error();
    uint32_t rights = created->existed ? rights_implied_by(checked->protection) : mapping_rights;
    fm_status status = publish(handle_to(std::move(created->object), rights, checked->flags & FM_INHERITABLE), out_mapping);
    return status < 0 ? status : created->existed ? FM_EXISTED : FM_OK;
}

fm_status open_mapping(const char *name, uint32_t access, fm_handle *out_mapping) {
    if (out_mapping == nullptr) return fail(FM_E_INVALID_ARGUMENT, 0, "out_mapping is NULL");
    if (name == nullptr) return fail(FM_E_INVALID_ARGUMENT, 0, "name is NULL: unnamed objects are reached by a token");
    if (*name == '\0') return fail(FM_E_WRONG_KIND, 0, "the name is empty: unnamed objects are reached by a token");
    auto parsed = parse_name(name);
    if (!parsed) return parsed.error();
    if (fm_status status = check_open_access(access); status < 0) return status;
    auto opened = platform::open_mapping(*parsed, access);
    if (!opened) return opened.error();
    return publish(handle_to(std::move(*opened), handle_rights(access, mapping_rights), false), out_mapping);
}

result<uint64_t> size_within(uint64_t whole, uint64_t offset, uint64_t size) {
    bool inside = offset < whole && size <= whole - offset;
    if (inside) return size != 0 ? size : whole - offset;
    return fail(FM_E_OUT_OF_RANGE, 0, "offset %llu and size %llu leave the %llu bytes there are",
                static_cast<unsigned long long>(offset), static_cast<unsigned long long>(size),
                static_cast<unsigned long long>(whole));
}

fm_status map_view(open_handle &mapping, const platform::view_request &asked, bool aligned, fm_view *out_view) {
    if (out_view == nullptr) return fail(FM_E_INVALID_ARGUMENT, 0, "out_view is NULL");
    if (fm_status status = check_view(mapping, asked.access); status < 0) return status;
    if (aligned)
        if (fm_status status = check_alignment(asked); status < 0) return status;
    auto size = size_within(mapping.object->facts().size, asked.offset, asked.size);
    if (!size) return size.error();
    if (*size > std::numeric_limits<uintptr_t>::max() - platform::allocation_granularity())
        return fail(FM_E_NO_MEMORY, 0, "%llu bytes do not fit this process's address space", static_cast<unsigned long long>(*size));
    uint32_t rights = view_rights(asked.access);
    counted<open_view> view(new open_view(*size, rights)); // before the memory: what fails later gives that back
    auto memory = mapping_of(mapping).map({rights, asked.offset, *size, asked.address});
    if (!memory) return memory.error();
    view->memory = *memory;
    uintptr_t value = views().insert(std::move(view));
    if (value == 0) return fail(FM_E_NO_HANDLES, 0, "this process has as many views as the library can hold");
    *out_view = reinterpret_cast<fm_view>(value);
    return FM_OK;
}

fm_status commit_range(open_handle &mapping, uint64_t offset, uint64_t size) {
    const platform::object_facts &facts = mapping.object->facts();
    if (!(mapping.rights & FM_ACCESS_WRITE) || (facts.protection != 0 && !protection_writes(facts.protection)))
        return fail(FM_E_ACCESS_DENIED, 0, "committing needs FM_ACCESS_WRITE and a writable protection");
    auto length = size_within(facts.size, offset, size);
    if (!length) return length.error();
    if (!(facts.flags & FM_RESERVE)) return FM_OK; // all of it is there already
    return mapping_of(mapping).commit(offset, *length);
}

} // namespace fm
