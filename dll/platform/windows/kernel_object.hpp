// What every kind of object has in common here: a HANDLE, perhaps a name, and the mark that tokens are verified by.
#pragma once

#include "platform/platform.hpp"
#include "platform/windows/export_mark.hpp"

#include <mutex>
#include <optional>
#include <string>

namespace fm::windows {

/// An open HANDLE of ours, and what can be asked of it whatever it leads to.
class held_handle {
public:
    held_handle(unique_handle handle, std::optional<std::string> name)
        : handle_(std::move(handle)), name_(std::move(name)) {}
    /// Another one to the same object.
    held_handle(unique_handle handle, const held_handle &like) : handle_(std::move(handle)), name_(like.name_) {}

    HANDLE get() const { return handle_.get(); }
    uint32_t holders() const;
    std::string name() const;
    result<unique_handle> copy(bool inheritable) const;
    result<platform::token_body> token(uint32_t kind) const;

    /// Makes the object ready for tokens. Done before the first token; for what children inherit, before they start.
    fm_status mark() const;

private:
    unique_handle handle_;
    std::optional<std::string> name_; ///< none: not known yet, ask the kernel
    mutable std::mutex marking_;
    mutable export_mark mark_; ///< behind handle_, because it has to be closed first
};

/// An object of one kind. `Interface` is platform::mapping or its like; `Self`, the class made from this one, has a
/// constructor Self(unique_handle, const Self &like) for another right to the same object.
template <class Self, class Interface>
class kernel_object : public Interface {
public:
    kernel_object(unique_handle handle, const platform::object_facts &facts, std::optional<std::string> name)
        : facts_(facts), held_(std::move(handle), std::move(name)) {}
    kernel_object(unique_handle handle, const kernel_object &like)
        : facts_(like.facts_), held_(std::move(handle), like.held_) {}

    const platform::object_facts &facts() const final { return facts_; }
    uint32_t holders() const final { return held_.holders(); }
    result<std::string> name() const final { return held_.name(); }
    result<platform::token_body> token() const final { return held_.token(facts_.kind); }

    result<std::shared_ptr<platform::object>> reopen(bool inheritable) final {
        auto copy = held_.copy(inheritable);
        if (!copy) return copy.error();
        auto other = std::make_shared<Self>(std::move(*copy), static_cast<const Self &>(*this));
        if (inheritable)
            if (fm_status status = other->mark(); status < 0) return failure{status};
        return std::shared_ptr<platform::object>(std::move(other));
    }

    fm_status mark() const { return held_.mark(); }
    HANDLE handle() const { return held_.get(); }

protected:
    platform::object_facts facts_;

private:
    held_handle held_;
};

} // namespace fm::windows
