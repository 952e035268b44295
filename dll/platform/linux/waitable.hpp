// Events, mutexes, semaphores and timers on Linux, as the seam sees them: an entry whose control page holds the words
// that sync/ knows how to change.
#pragma once

#include "platform/linux/entry_right.hpp"
#include "platform/linux/sync/object.hpp"

namespace fm::posix {

class linux_waitable final : public platform::waitable {
public:
    linux_waitable() = default; ///< fill entry(), then call attach()
    explicit linux_waitable(held_entry entry) : right_(std::move(entry)) {}
    ~linux_waitable() override;
    /// Maps the words and finds the registry that they name.
    fm_status attach();

    const platform::object_facts &facts() const override { return right_.facts(); }
    uint32_t holders() const override { return FM_UNKNOWN_COUNT; }
    result<std::string> name() const override { return right_.name(); }
    result<std::shared_ptr<platform::object>> reopen(bool inheritable) override;
    result<platform::token_body> token() const override { return right_.token(-1); }

    platform::waitable_state state() override;
    fm_status set() override;
    fm_status reset() override;
    fm_status pulse() override;
    fm_status release(uint32_t count, uint32_t *previous) override;
    fm_status arm(int64_t due, uint32_t period_ms) override;
    fm_status disarm() override;
    fm_status try_take() override;

    held_entry &entry() { return right_.entry; }
    const sync::object &object() const { return object_; }
    fm_status make_inheritable() { return right_.make_inheritable(); }

private:
    fm_status map_words();
    fm_status check_words(const sync::words &found);

    entry_right right_;
    void *control_page_ = nullptr;
    sync::object object_;
};

} // namespace fm::posix

namespace fm::platform {

result<std::shared_ptr<object>> import_waitable(posix::held_entry entry);

} // namespace fm::platform
