// Creating, opening and mapping: what is checked before a system is asked.
#pragma once

#include "core/objects.hpp"

namespace fm {

fm_status create_mapping(const char *name, uint64_t size, const fm_create_options *options, fm_handle *out_mapping);
fm_status open_mapping(const char *name, uint32_t access, fm_handle *out_mapping);

/// A range asked of an object: its size spelled out (0 = to the end), or FM_E_OUT_OF_RANGE.
result<uint64_t> size_within(uint64_t whole, uint64_t offset, uint64_t size);

/// A view of a mapping that the caller keeps alive. `aligned`: offset and address must be multiples of the granularity.
fm_status map_view(open_handle &mapping, const platform::view_request &asked, bool aligned, fm_view *out_view);

fm_status commit_range(open_handle &mapping, uint64_t offset, uint64_t size);

} // namespace fm
