// A child process that does with filemap what the test tells it, line by line. So a test of several processes reads
// from top to bottom in one place: `EXPECT_EQ("FM_OK", other.ask("open", name, "read"))`.
//
// Commands; `slot` is any word, under which the child keeps a handle and a view:
//     create slot name size [protection [flags [permissions]]]     numbers; name "-" is unnamed
//     create_file slot name size path
//     open slot name access        access: letters of rwcx, s (wait), m (modify), "all", "none"
//     close slot | unmap slot
//     map slot access [offset [size]]
//     write slot offset text | read slot offset size
//     touch slot | poke slot       read or write the view's first byte by its address
//     holders slot | size slot | name slot | list name | list_dead name
//     duplicate slot new-slot access
//     export slot process | import slot token access | import_variable slot variable access
//     sweep                        number of objects removed, and of those that remain
//     event | mutex | timer slot name [flags [object-flags [permissions]]]
//     semaphore slot name initial maximum [object-flags [permissions]]
//     open_event | open_mutex | open_semaphore | open_timer slot name access
//     set slot | reset slot | pulse slot | release slot [count] | unlock slot | arm slot due period | disarm slot
//     wait slot [milliseconds]     as long as tests are patient, where it does not say
//     wait_any milliseconds slot... | wait_all milliseconds slot... | signal_and_wait slot slot milliseconds
//     ready slot | count slot | owner slot
//     thread command...            the command in a thread of its own, which ends with it
// Answers: the name of the status; after FM_OK a blank and what was asked for; after a failure a tab and its message.
#pragma once

#include "support/child.hpp"

#include <ostream>
#include <sstream>
#include <string>

namespace fm::test {

/// What a puppet answers. It compares as the status and what was asked for; a failing test also shows the detail.
class reply {
public:
    explicit reply(const std::string &line) : text_(line.substr(0, line.find('\t'))), why_(line.substr(text_.size())) {}
    friend bool operator==(const reply &one, const std::string &text) { return one.text_ == text; }
    friend std::ostream &operator<<(std::ostream &out, const reply &one) { return out << one.text_ << one.why_; }
    bool ok() const { return text_.rfind("FM_OK", 0) == 0; }
    std::string news() const { return ok() ? text_.substr(std::string("FM_OK ").size()) : text_; }

private:
    std::string text_;
    std::string why_;
};

class puppet : public child {
public:
    explicit puppet(const child_options &options = {}) : child("puppet", {}, options) {}

    /// Sends a command without waiting for its answer.
    template <class... Words>
    void tell(const Words &...words) {
        std::ostringstream line;
        const char *separator = "";
        ((line << std::exchange(separator, " ") << words), ...);
        send(line.str());
    }
    reply answer() { return reply(receive().value_or("gone")); }

    template <class... Words>
    reply ask(const Words &...words) {
        tell(words...);
        return answer();
    }

    /// Lets it end by itself, with whatever it holds still open.
    std::string leave() {
        close_input();
        return wait();
    }
};

} // namespace fm::test
