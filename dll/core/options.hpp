// Reading and filling the ABI's structs, whose first member says how much of them the caller knows.
#pragma once

#include "core/failure.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace fm {

/// Copies a caller's options. A longer struct of a newer caller is fine as long as what we do not know is zero.
template <class Options>
fm_status read_options(const Options *given, Options &known) {
    if (given == nullptr) return FM_OK;
    uint32_t size = given->struct_size;
    if (size < sizeof(Options))
        return fail(FM_E_INVALID_ARGUMENT, 0, "options->struct_size is %u; set it to sizeof, %u here", size,
                    static_cast<unsigned>(sizeof(Options)));
    if (size > 65536) return fail(FM_E_INVALID_ARGUMENT, 0, "options->struct_size is %u; no version is that large", size);
    auto *bytes = reinterpret_cast<const unsigned char *>(given);
    if (std::any_of(bytes + sizeof(Options), bytes + size, [](unsigned char byte) { return byte != 0; }))
        return fail(FM_E_INVALID_ARGUMENT, 0, "options has members set that this version of the library does not know");
    std::memcpy(&known, given, sizeof(Options));
    return FM_OK;
}

/// Checks the struct a caller wants filled.
template <class Info>
fm_status check_info(const Info *out_info) {
    if (out_info == nullptr) return fail(FM_E_INVALID_ARGUMENT, 0, "out_info is NULL");
    if (out_info->struct_size < sizeof(Info))
        return fail(FM_E_INVALID_ARGUMENT, 0, "out_info->struct_size is %u; set it to sizeof, %u here", out_info->struct_size,
                    static_cast<unsigned>(sizeof(Info)));
    return FM_OK;
}

/// Fills it; members that only a newer caller knows become zero.
template <class Info>
void write_info(Info info, Info *out_info) {
    uint32_t size = out_info->struct_size;
    info.struct_size = size;
    std::memcpy(out_info, &info, sizeof(Info));
    std::memset(reinterpret_cast<unsigned char *>(out_info) + sizeof(Info), 0, size - sizeof(Info));
}

/// Copies a text out, as fm_query_name() and its like promise.
fm_status write_text(std::string_view text, char *buffer, uint64_t capacity, uint64_t *out_needed);

} // namespace fm
