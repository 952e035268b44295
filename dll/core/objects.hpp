// What handles and views stand for in this process, and the two tables that hold them.
#pragma once

#include "core/access.hpp"
#include "core/calls.hpp"
#include "core/slot_table.hpp"
#include "platform/platform.hpp"

#include <string>

namespace fm {

/// A listing under way and the object it is at.
struct list_position {
    std::mutex busy;
    std::unique_ptr<platform::listing> source;
    std::optional<platform::list_item> item;
};

/// One handle. Handles made by fm_duplicate() may share their object; the rights are each handle's own.
struct open_handle : countable {
    uint32_t kind = FM_KIND_UNKNOWN;
    uint32_t rights = 0;
    bool inheritable = false;
    const void *words = nullptr; ///< of a waitable object: see platform/at_once.hpp
    std::shared_ptr<platform::object> object; ///< null for a listing and a cancel object
    std::unique_ptr<list_position> list;
    std::shared_ptr<platform::cancel_source> cancel;
};

/// One view.
struct open_view : countable {
    platform::view_memory memory;
    uint64_t size = 0;
    uint32_t rights = 0;

    /// A copy-on-write view may be written by fm_write(): it stays private.
    open_view(uint64_t bytes, uint32_t access)
        : size(bytes), rights(access & FM_ACCESS_COPY ? access | FM_ACCESS_WRITE : access) {}
    ~open_view() { platform::unmap(memory); }
};

using handle_table = slot_table<open_handle, 0>;
using view_table = slot_table<open_view, 1>;

namespace detail {
extern handle_table handles;
extern view_table views;
failure not_open(const char *what, const void *value);
failure wrong_kind();
} // namespace detail

inline handle_table &handles() { return detail::handles; }
inline view_table &views() { return detail::views; }

inline uintptr_t value_of(const void *handle) { return reinterpret_cast<uintptr_t>(handle); }

/// Gives a new handle its object.
void attach(open_handle &handle, uint32_t kind, std::shared_ptr<platform::object> object);

/// Puts an object behind a new handle; FM_E_NO_HANDLES where the table is full.
fm_status publish(counted<open_handle> object, fm_handle *out_handle);

/// The object behind a handle of the given kind, or the failure to return. Only inside a call.
inline result<open_handle *> find_handle(fm_handle handle, uint32_t kind = FM_KIND_UNKNOWN) {
    open_handle *object = handles().find(value_of(handle));
    if (object == nullptr) return detail::not_open("handle", handle);
    if (kind != FM_KIND_UNKNOWN && object->kind != kind) return detail::wrong_kind();
    return object;
}

inline result<open_view *> find_view(fm_view view) {
    open_view *found = views().find(value_of(view));
    if (found == nullptr) return detail::not_open("view", view);
    return found;
}

} // namespace fm
