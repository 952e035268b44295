// One right to one entry, whatever kind of object the entry is: what mappings and waitable objects have in common.
#pragma once

#include "platform/linux/lifetime.hpp"

namespace fm::posix {

class entry_right {
public:
    entry_right() = default; ///< fill entry, then call settle()
    explicit entry_right(held_entry held) : entry(std::move(held)) { settle(); }
    ~entry_right();
    entry_right(const entry_right &) = delete;
    entry_right &operator=(const entry_right &) = delete;

    void settle() { facts_ = facts_of(entry.control); }
    const platform::object_facts &facts() const { return facts_; }
    result<std::string> name() const;
    /// `file`: the descriptor of a mapped file beside it, or -1.
    result<platform::token_body> token(int32_t file) const;
    fm_status make_inheritable();

    held_entry entry;

private:
    platform::object_facts facts_;
    bool inheritable_ = false;
};

/// What every new object's control block says.
control_block new_control(uint32_t kind, const std::optional<object_name> &name);

/// An entry in memory that no name leads to.
result<held_entry> unnamed_entry(entry_plan &plan, bool executable);

/// A share of the entry that a token names. `inherited`: this process got the descriptor from the one that made the
/// token, and now owns it.
result<held_entry> find_entry(const platform::token_body &body, bool &inherited);

/// The inheritable descriptors that this process made itself: they are not its parent's, so no token adopts them.
bool is_own_inheritable(int32_t fd);
/// Whether the process that made a token left us this descriptor.
bool was_inherited(int64_t handle);

/// Another right to the same object, which child processes inherit if asked for. Kind is the class of the object.
template <class Kind>
result<std::shared_ptr<platform::object>> reopen_right(const platform::token_body &token, bool inheritable) {
    platform::token_body body = token;
    body.access = FM_ACCESS_ALL;
    auto again = platform::import_token(body, FM_ACCESS_ALL);
    if (!again || !inheritable) return again;
    if (fm_status status = static_cast<Kind &>(**again).make_inheritable(); status < 0) return failure{status};
    return again;
}

} // namespace fm::posix
