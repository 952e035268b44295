// Layout of a token (little endian, as both ends run on one machine): magic, then the members in order, then the check
// value over all before it. The check value finds accidents; what a token names is verified when it is imported.

#include "core/token.hpp"

#include <cstring>

namespace fm {

namespace {

constexpr std::string_view text_prefix = "fm1-";
constexpr char digits[] = "0123456789abcdef";

struct layout {
    char magic[8];
    uint32_t kind, access;
    int64_t process;
    uint64_t process_started;
    int64_t handle, file_handle;
    uint64_t identity[2];
    int64_t target_process;
    uint64_t reserved[2];
    uint64_t check;
};
static_assert(sizeof(layout) == FM_TOKEN_SIZE && offsetof(layout, check) == FM_TOKEN_SIZE - 8);
static_assert(FM_TOKEN_TEXT_SIZE == text_prefix.size() + 2 * FM_TOKEN_SIZE + 1);

constexpr char magic[8] = {'f', 'm', 't', 'o', 'k', 'e', 'n', '1'};

/// FNV-1a, 64 bit.
uint64_t check_value(const layout &token) {
    uint64_t hash = 0xcbf29ce484222325u;
    auto *bytes = reinterpret_cast<const unsigned char *>(&token);
    for (std::size_t i = 0; i < offsetof(layout, check); ++i) hash = (hash ^ bytes[i]) * 0x100000001b3u;
    return hash;
}

int digit_value(char digit) {
    auto *found = static_cast<const char *>(std::memchr(digits, digit, sizeof digits - 1));
    return found != nullptr ? static_cast<int>(found - digits) : -1;
}

} // namespace

fm_token pack_token(const token_contents &contents) {
    const platform::token_body &body = contents.body;
    layout packed{};
    std::memcpy(packed.magic, magic, sizeof magic);
    packed.kind = body.kind;
    packed.access = body.access;
    packed.process = body.process;
    packed.process_started = body.process_started;
    packed.handle = body.handle;
    packed.file_handle = body.file_handle;
    std::memcpy(packed.identity, body.identity, sizeof packed.identity);
    packed.target_process = contents.target_process;
    packed.check = check_value(packed);
    fm_token token;
    std::memcpy(token.bytes, &packed, sizeof packed);
    return token;
}

std::optional<token_contents> unpack_token(const fm_token &token) {
    layout packed;
    std::memcpy(&packed, token.bytes, sizeof packed);
    if (std::memcmp(packed.magic, magic, sizeof magic) != 0 || packed.check != check_value(packed)) return std::nullopt;
    token_contents contents;
    contents.body = {packed.kind,   packed.access,      packed.process,
                     packed.process_started, packed.handle, packed.file_handle,
                     {packed.identity[0], packed.identity[1]}};
    contents.target_process = packed.target_process;
    return contents;
}

std::string token_text(const fm_token &token) {
    std::string text(text_prefix);
    for (uint8_t byte : token.bytes) {
        text.push_back(digits[byte >> 4]);
        text.push_back(digits[byte & 15]);
    }
    return text;
}

std::optional<fm_token> token_of_text(std::string_view text) {
    if (!text.starts_with(text_prefix) || text.size() != text_prefix.size() + 2 * FM_TOKEN_SIZE) return std::nullopt;
    text.remove_prefix(text_prefix.size());
    fm_token token;
    for (std::size_t i = 0; i < FM_TOKEN_SIZE; ++i) {
        int high = digit_value(text[2 * i]), low = digit_value(text[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        token.bytes[i] = static_cast<uint8_t>(high << 4 | low);
    }
    return unpack_token(token) ? std::optional(token) : std::nullopt;
}

} // namespace fm
