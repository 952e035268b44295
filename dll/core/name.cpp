// Checks names: UTF-8 by the Unicode standard's table of well-formed sequences, the prefixes, the length.

#include "core/name.hpp"

#include "platform/platform.hpp"

namespace fm {

namespace {

struct lead {
    unsigned following;     ///< bytes after the first
    unsigned char low, high; ///< what the second byte may be
};

/// What may follow a first byte. Overlong forms, surrogates and what lies beyond U+10FFFF have no row.
std::optional<lead> classify(unsigned char first) {
    if (first < 0x80) return lead{0, 0, 0};
    if (first < 0xc2) return std::nullopt;
    if (first < 0xe0) return lead{1, 0x80, 0xbf};
    if (first == 0xe0) return lead{2, 0xa0, 0xbf};
    if (first == 0xed) return lead{2, 0x80, 0x9f};
    if (first < 0xf0) return lead{2, 0x80, 0xbf};
    if (first == 0xf0) return lead{3, 0x90, 0xbf};
    if (first < 0xf4) return lead{3, 0x80, 0xbf};
    if (first == 0xf4) return lead{3, 0x80, 0x8f};
    return std::nullopt;
}

bool take_prefix(std::string_view &name, std::string_view prefix) {
    if (!name.starts_with(prefix)) return false;
    name.remove_prefix(prefix.size());
    return true;
}

} // namespace

std::optional<uint64_t> utf16_length(std::string_view text) {
    uint64_t units = 0;
    for (std::size_t at = 0; at < text.size();) {
        auto kind = classify(static_cast<unsigned char>(text[at++]));
        if (!kind || text.size() - at < kind->following) return std::nullopt;
        for (unsigned i = 0; i < kind->following; ++i) {
            auto byte = static_cast<unsigned char>(text[at++]);
            if (byte < (i == 0 ? kind->low : 0x80) || byte > (i == 0 ? kind->high : 0xbf)) return std::nullopt;
        }
        units += kind->following == 3 ? 2 : 1;
    }
    return units;
}

result<object_name> parse_name(const char *name) {
    std::string_view text(name);
    auto units = utf16_length(text);
    if (!units) return fail(FM_E_INVALID_NAME, 0, "the name is not valid UTF-8");
    if (*units > FM_MAX_NAME_UNITS)
        return fail(FM_E_INVALID_NAME, 0, "the name has %llu UTF-16 units; at most %u are allowed",
                    static_cast<unsigned long long>(*units), FM_MAX_NAME_UNITS);
    object_name parsed{scope::local, text};
    if (take_prefix(parsed.rest, "Global\\"))
        parsed.where = scope::global;
    else if (take_prefix(parsed.rest, "Host\\") && !platform::host_prefix_is_local())
        return fail(FM_E_NOT_SUPPORTED, 0, "%.64s: the prefix Host\\ is reserved on this system", name);
    else if (parsed.rest.size() == text.size())
        take_prefix(parsed.rest, "Local\\");
    if (parsed.rest.empty()) return fail(FM_E_INVALID_NAME, 0, "%s: nothing follows the prefix", name);
    if (parsed.rest.find('\\') != std::string_view::npos)
        return fail(FM_E_INVALID_NAME, 0, "%.200s: a backslash may only end the prefix Local\\ or Global\\", name);
    return parsed;
}

std::string full_name(scope where, std::string_view rest) {
    std::string name(where == scope::global ? "Global\\" : "Local\\");
    return name.append(rest);
}

} // namespace fm
