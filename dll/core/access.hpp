// Who may do what: the table of protections and views, and the rights a handle needs for a view.
#pragma once

#include "filemap.h"

namespace fm {

inline constexpr uint32_t mapping_rights = FM_ACCESS_READ | FM_ACCESS_WRITE | FM_ACCESS_EXECUTE | FM_ACCESS_COPY;
inline constexpr uint32_t waitable_rights = FM_ACCESS_WAIT | FM_ACCESS_MODIFY;
inline constexpr uint32_t every_right = mapping_rights | waitable_rights;

/// All the rights that a handle to an object of this kind can have.
constexpr uint32_t rights_of_kind(uint32_t kind) {
    return kind == FM_KIND_MAPPING ? mapping_rights : waitable_rights;
}

bool is_protection(uint32_t protection);
bool protection_writes(uint32_t protection);
bool protection_executes(uint32_t protection);

/// What a handle may do that fm_create() opened on an existing mapping, by the protection asked for.
uint32_t rights_implied_by(uint32_t protection);

/// The rights that a request stands for: FM_ACCESS_ALL spelled out as `all`, FM_ACCESS_COPY as FM_ACCESS_READ.
uint32_t handle_rights(uint32_t access, uint32_t all);

/// A view's access with FM_ACCESS_ALL spelled out and the reading that WRITE, COPY and EXECUTE include.
uint32_t view_rights(uint32_t access);

/// Whether a handle with `rights` may map a view with `view` (both spelled out).
bool handle_allows_view(uint32_t rights, uint32_t view);

/// Whether pages of this protection may be mapped with `view`; an unknown protection (0) leaves it to the system.
bool protection_allows_view(uint32_t protection, uint32_t view);

} // namespace fm
