// The form of a token: a fixed layout with a check value, and text.
#pragma once

#include "platform/platform.hpp"

namespace fm {

struct token_contents {
    platform::token_body body;
    int64_t target_process = 0;
};

fm_token pack_token(const token_contents &contents);
/// Nothing where the bytes are no token.
std::optional<token_contents> unpack_token(const fm_token &token);

/// "fm1-" and two hexadecimal digits a byte.
std::string token_text(const fm_token &token);
std::optional<fm_token> token_of_text(std::string_view text);

} // namespace fm
