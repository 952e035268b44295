// A mapping on Linux, as the seam sees it.
#pragma once

#include "platform/linux/entry_right.hpp"
#include "platform/linux/mapped_file.hpp"

#include <mutex>

namespace fm::posix {

class linux_mapping final : public platform::mapping {
public:
    linux_mapping() = default; ///< fill entry(), then call settle()
    explicit linux_mapping(held_entry entry) : right_(std::move(entry)) {}
    void settle() { right_.settle(); }

    const platform::object_facts &facts() const override { return right_.facts(); }
    uint32_t holders() const override { return FM_UNKNOWN_COUNT; } ///< counting reads the kernel's list of all locks: a listing does so
    result<std::string> name() const override { return right_.name(); }
    result<std::shared_ptr<platform::object>> reopen(bool inheritable) override;
    result<platform::token_body> token() const override;
    result<platform::view_memory> map(const platform::view_request &request) override;
    fm_status commit(uint64_t offset, uint64_t size) override;

    const held_entry &entry() const { return right_.entry; }
    held_entry &entry() { return right_.entry; }
    /// The bytes are in this file and not in the entry.
    void attach(descriptor file) { file_ = std::move(file); }
    fm_status make_inheritable();
    /// What views map; opened at the first use.
    result<int32_t> memory_descriptor();

private:
    entry_right right_;
    descriptor file_;
    std::mutex opening_; ///< the entry's second description is opened by whoever comes first
};

} // namespace fm::posix
