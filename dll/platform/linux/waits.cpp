// The seam's waits, in the words of sync/.

#include "platform/linux/sync/at_once.hpp"
#include "platform/linux/sync/signalling.hpp"
#include "platform/linux/sync/waiting.hpp"
#include "platform/linux/waitable.hpp"

namespace fm::posix {

namespace {

class linux_cancel final : public platform::cancel_source {
public:
    void set() override {
        word_.store(1, std::memory_order_release);
        sys::wake_private(&word_);
    }
    void reset() override { word_.store(0, std::memory_order_release); }
    bool is_set() const override { return word_.load(std::memory_order_acquire) != 0; }
    const sync::cancel_word &word() const { return word_; }

private:
    sync::cancel_word word_{0};
};

const sync::object &object_of(const platform::waitable &one) {
    return static_cast<const linux_waitable &>(one).object();
}

int64_t deadline_after(int64_t timeout_ns) {
    if (timeout_ns <= 0) return timeout_ns == 0 ? 0 : sys::no_deadline;
    int64_t now = sys::now(sys::clock_monotonic);
    return timeout_ns < sys::no_deadline - now ? now + timeout_ns : sys::no_deadline;
}

fm_status wait_until(const platform::wait_request &request, const sync::patience &limit, uint32_t &index) {
    if (request.count == 1) {
        const sync::object &one = object_of(*request.objects[0]);
        index = 0;
        return sync::wait_for_one(one, limit, sync::pulses_of(one, sync::settled(one)));
    }
    const sync::object *objects[FM_MAX_WAIT];
    for (uint32_t i = 0; i < request.count; ++i) objects[i] = &object_of(*request.objects[i]);
    return request.all ? sync::wait_for_all(objects, request.count, limit, index)
                       : sync::wait_for_any(objects, request.count, limit, index);
}

/// An object whose state alone says that it is not ready, and which nobody is at.
bool is_plainly_not_ready(const sync::object &one, sync::state value) {
    return !(value & (sync::ready_bit | sync::reserved_bit)) && (one.kind == FM_KIND_EVENT || one.kind == FM_KIND_SEMAPHORE);
}

/// The usual case in the fewest steps, with the rules of take_first(). False says nothing.
bool take_any_at_once(const platform::wait_request &request, uint32_t &index) {
    for (uint32_t i = 0; i < request.count; ++i) {
        const sync::object &one = object_of(*request.objects[i]);
        sync::state value = one.value().load(std::memory_order_acquire);
        if (is_plainly_not_ready(one, value)) continue;
        for (uint32_t k = 0; k < i; ++k) {
            const sync::object &before = object_of(*request.objects[k]);
            if (!is_plainly_not_ready(before, before.value().load(std::memory_order_acquire))) return false;
        }
        index = i;
        return sync::take_at_once(one, value);
    }
    return false;
}

fm_status signal_one(platform::waitable &one) {
    return object_of(one).kind == FM_KIND_EVENT ? one.set() : one.release(1, nullptr);
}

} // namespace

} // namespace fm::posix

namespace fm::platform {

using namespace posix;

result<std::shared_ptr<cancel_source>> create_cancel_source() {
    return std::shared_ptr<cancel_source>(std::make_shared<linux_cancel>());
}

fm_status try_wait(const wait_request &request, uint32_t &index) {
    if (!request.all && take_any_at_once(request, index)) return FM_OK;
    if (request.count != 1) return wait_until(request, {}, index);
    index = 0;
    return sync::try_one(object_of(*request.objects[0]));
}

fm_status wait(const wait_request &request, int64_t timeout_ns, uint32_t &index) {
    sync::patience limit{deadline_after(timeout_ns), nullptr};
    if (request.cancel != nullptr) limit.cancel = &static_cast<linux_cancel *>(request.cancel)->word();
    return wait_until(request, limit, index);
}

fm_status signal_and_wait(waitable &to_signal, waitable &to_wait, int64_t timeout_ns) {
    const sync::object &one = object_of(to_wait);
    sync::patience limit{deadline_after(timeout_ns), nullptr};
    uint32_t pulses = sync::announce_waiter(one); // before the signal: a pulse in answer to it is not lost
    if (fm_status status = signal_one(to_signal); status < 0) return status;
    return sync::wait_for_one(one, limit, pulses);
}

} // namespace fm::platform
