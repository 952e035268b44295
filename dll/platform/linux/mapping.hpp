// A mapping on Linux, as the seam sees it.
#pragma once

#include "platform/linux/mapped_file.hpp"

#include <mutex>

namespace fm::posix {

class linux_mapping final : public platform::mapping {
public:
    linux_mapping() = default; ///< fill entry(), then call settle()
    explicit linux_mapping(held_entry entry) : entry_(std::move(entry)) { settle(); }
    ~linux_mapping() override;
    void settle() { facts_ = facts_of(entry_.control); }

    const platform::object_facts &facts() const override { return facts_; }
    uint32_t holders() const override;
    result<std::string> name() const override;
    result<std::shared_ptr<platform::object>> reopen(bool inheritable) override;
    result<platform::token_body> token() const override;
    result<platform::view_memory> map(const platform::view_request &request) override;
    fm_status commit(uint64_t offset, uint64_t size) override;

    const held_entry &entry() const { return entry_; }
    held_entry &entry() { return entry_; }
    /// The bytes are in this file and not in the entry.
    void attach(descriptor file) { file_ = std::move(file); }
    fm_status make_inheritable();
    /// What views map; opened at the first use.
    result<int32_t> memory_descriptor();

private:
    held_entry entry_;
    platform::object_facts facts_;
    descriptor file_;
    std::mutex opening_; ///< entry_.data is opened by whoever comes first
    bool inheritable_ = false;
};

/// The inheritable descriptors that this process made itself: they are not its parent's, so no token adopts them.
void remember_inheritable(int32_t fd);
void forget_inheritable(int32_t fd);
bool is_own_inheritable(int32_t fd);

} // namespace fm::posix
