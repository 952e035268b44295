// The part of options.hpp that is not a template.

#include "core/options.hpp"

namespace fm {

fm_status write_text(std::string_view text, char *buffer, uint64_t capacity, uint64_t *out_needed) {
    if (buffer == nullptr && capacity != 0) return fail(FM_E_INVALID_ARGUMENT, 0, "buffer is NULL, but its capacity is not 0");
    uint64_t needed = text.size() + 1;
    if (out_needed != nullptr) *out_needed = needed;
    if (capacity < needed)
        return fail(FM_E_BUFFER_TOO_SMALL, 0, "the text takes %llu bytes, the buffer has %llu",
                    static_cast<unsigned long long>(needed), static_cast<unsigned long long>(capacity));
    std::memcpy(buffer, text.data(), text.size());
    buffer[text.size()] = '\0';
    return FM_OK;
}

} // namespace fm
