// fm_create, fm_open, fm_commit and the functions on views.

#include "api/guard.hpp"
#include "core/mappings.hpp"

#include <cstring>

using namespace fm;

namespace {

/// Up to here a copy is done before a closer could notice; above, it takes a reference instead of holding closers up.
constexpr uint64_t brief_copy = 16384;

fm_status map_found(call &scope, fm_handle mapping, const platform::view_request &asked, bool aligned, fm_view *out_view) {
    auto found = find_handle(mapping, FM_KIND_MAPPING);
    if (!found) return found.error();
    counted<open_handle> held(*found);
    scope.leave();
    return map_view(*held, asked, aligned, out_view);
}

fm_status check_copy(const open_view &view, uint32_t right, uint64_t offset, const void *memory, uint64_t size) {
    if (!(view.rights & right))
        return fail(FM_E_ACCESS_DENIED, 0, "the view may not be %s", right == FM_ACCESS_READ ? "read" : "written");
    if (offset > view.size || size > view.size - offset)
        return fail(FM_E_OUT_OF_RANGE, 0, "offset %llu and size %llu leave the view's %llu bytes",
                    static_cast<unsigned long long>(offset), static_cast<unsigned long long>(size),
                    static_cast<unsigned long long>(view.size));
    if (memory == nullptr && size != 0) return fail(FM_E_INVALID_ARGUMENT, 0, "the buffer is NULL, but size is not 0");
    return FM_OK;
}

/// Copies that may take long or fault, with the view kept by a reference.
fm_status copy_held(const open_view &view, void *to, const void *from, uint64_t size) {
    if (!view.memory.guarded) {
        std::memcpy(to, from, static_cast<std::size_t>(size));
        return FM_OK;
    }
    if (platform::copy_guarded(to, from, size)) return FM_OK;
    return fail(FM_E_IN_PAGE, 0, "a page behind the view could not be accessed: the file was cut short or cannot be "
                                 "read, or reserved memory was not committed");
}

fm_status copy(call &scope, open_view &view, void *to, const void *from, uint64_t size) {
    if (size <= brief_copy && !view.memory.guarded) {
        if (size != 0) std::memcpy(to, from, static_cast<std::size_t>(size));
        return FM_OK;
    }
    counted<open_view> held(&view);
    scope.leave();
    return copy_held(*held, to, from, size);
}

using range_operation = fm_status (*)(const platform::view_memory &, uint64_t offset, uint64_t size);

fm_status on_range(const char *function, fm_view view, uint64_t offset, uint64_t size, range_operation operation) {
    return api::guarded(function, [&](call &scope) -> fm_status {
        auto found = find_view(view);
        if (!found) return found.error();
        counted<open_view> held(*found);
        scope.leave();
        auto length = size_within(held->size, offset, size);
        return length ? operation(held->memory, offset, *length) : length.error();
    });
}

} // namespace

extern "C" {

FM_API fm_status FM_CALL fm_create(const char *name, uint64_t size, const fm_create_options *options, fm_handle *out_mapping) {
    return api::guarded(__func__, [&](call &scope) {
        scope.leave();
        return create_mapping(name, size, options, out_mapping);
    });
}

FM_API fm_status FM_CALL fm_open(const char *name, uint32_t access, fm_handle *out_mapping) {
    return api::guarded(__func__, [&](call &scope) {
        scope.leave();
        return open_mapping(name, access, out_mapping);
    });
}

FM_API fm_status FM_CALL fm_commit(fm_handle mapping, uint64_t offset, uint64_t size) {
    return api::guarded(__func__, [&](call &scope) -> fm_status {
        auto found = find_handle(mapping, FM_KIND_MAPPING);
        if (!found) return found.error();
        counted<open_handle> held(*found);
        scope.leave();
        return commit_range(*held, offset, size);
    });
}

FM_API fm_status FM_CALL fm_map(fm_handle mapping, uint32_t access, uint64_t offset, uint64_t size, fm_view *out_view) {
    return api::guarded(__func__, [&](call &scope) {
        return map_found(scope, mapping, {access, offset, size, nullptr}, false, out_view);
    });
}

FM_API fm_status FM_CALL fm_map_at(fm_handle mapping, uint32_t access, uint64_t offset, uint64_t size, void *address,
                                   fm_view *out_view) {
    return api::guarded(__func__, [&](call &scope) {
        return map_found(scope, mapping, {access, offset, size, address}, address != nullptr, out_view);
    });
}

FM_API fm_status FM_CALL fm_unmap(fm_view view) {
    return api::guarded(__func__, [&](call &scope) -> fm_status {
        scope.leave();
        counted<open_view> taken = views().take(value_of(view));
        if (!taken) return detail::not_open("view", view);
        wait_for_calls_under_way();
        return FM_OK;
    });
}

FM_API void *FM_CALL fm_view_data(fm_view view) {
    call scope(__func__);
    auto *found = scope.valid() ? views().find(value_of(view)) : nullptr;
    return found != nullptr ? found->memory.data : nullptr;
}

FM_API uint64_t FM_CALL fm_view_size(fm_view view) {
    call scope(__func__);
    auto *found = scope.valid() ? views().find(value_of(view)) : nullptr;
    return found != nullptr ? found->size : 0;
}

FM_API fm_status FM_CALL fm_read(fm_view view, uint64_t offset, void *buffer, uint64_t size) {
    return api::guarded(__func__, [&](call &scope) -> fm_status {
        auto found = find_view(view);
        if (!found) return found.error();
        if (fm_status status = check_copy(**found, FM_ACCESS_READ, offset, buffer, size); status < 0) return status;
        return copy(scope, **found, buffer, (*found)->memory.data + offset, size);
    });
}

FM_API fm_status FM_CALL fm_write(fm_view view, uint64_t offset, const void *data, uint64_t size) {
    return api::guarded(__func__, [&](call &scope) -> fm_status {
        auto found = find_view(view);
        if (!found) return found.error();
        if (fm_status status = check_copy(**found, FM_ACCESS_WRITE, offset, data, size); status < 0) return status;
        return copy(scope, **found, (*found)->memory.data + offset, data, size);
    });
}

FM_API fm_status FM_CALL fm_flush(fm_view view, uint64_t offset, uint64_t size) {
    return on_range(__func__, view, offset, size, platform::flush);
}

FM_API fm_status FM_CALL fm_prefetch(fm_view view, uint64_t offset, uint64_t size) {
    return on_range(__func__, view, offset, size, platform::prefetch);
}

} // extern "C"
