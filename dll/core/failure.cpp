// Keeps the detail of a thread's last failure in its record. The text is made here, once, in one form:
// "function: what was tried (what the system said)".

#include "core/failure.hpp"

#include "core/calls.hpp"
#include "platform/platform.hpp"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace fm {

namespace {

/// Appends to a text of fixed capacity; what does not fit is cut.
class bounded_text {
public:
    bounded_text(char *buffer, std::size_t capacity) : at_(buffer), left_(capacity) { *at_ = '\0'; }

    void append(const char *format, va_list arguments) { advance(std::vsnprintf(at_, left_, format, arguments)); }
    [[gnu::format(printf, 2, 3)]] void append(const char *format, ...) {
        va_list arguments;
        va_start(arguments, format);
        append(format, arguments);
        va_end(arguments);
    }

private:
    void advance(int written) {
        auto step = std::min(left_ - 1, static_cast<std::size_t>(std::max(written, 0)));
        at_ += step;
        left_ -= step;
    }

    char *at_;
    std::size_t left_;
};

} // namespace

failure fail(fm_status status, int32_t os_error, const char *format, ...) {
    thread_record *record = this_thread();
    if (record == nullptr) return {status};
    bounded_text text(record->message, sizeof record->message);
    text.append("%s: ", record->function);
    va_list arguments;
    va_start(arguments, format);
    text.append(format, arguments);
    va_end(arguments);
    record->os_error = os_error;
    if (os_error != 0) {
        char words[256];
        platform::describe_error(os_error, words, sizeof words);
        text.append(" (system error %d: %s)", static_cast<int>(os_error), words);
    }
    return {status};
}

} // namespace fm
