// A pointer that counts its holders in the object itself, so that a slot of a table and calls under way can share it.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace fm {

/// Base of what counted<> points to.
struct countable {
    std::atomic<uint32_t> holders{0};
};

template <class T>
class counted {
public:
    counted() = default;
    explicit counted(T *object) noexcept : object_(object) {
        if (object_ != nullptr) object_->holders.fetch_add(1, std::memory_order_relaxed);
    }
    counted(const counted &other) noexcept : counted(other.object_) {}
    counted(counted &&other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    counted &operator=(counted other) noexcept {
        std::swap(object_, other.object_);
        return *this;
    }
    ~counted() {
        if (object_ != nullptr && object_->holders.fetch_sub(1, std::memory_order_acq_rel) == 1) delete object_;
    }

    /// Takes over a count that release() gave up.
    static counted adopt(T *object) noexcept {
        counted taken;
        taken.object_ = object;
        return taken;
    }
    T *release() noexcept { return std::exchange(object_, nullptr); }

    T *get() const { return object_; }
    T *operator->() const { return object_; }
    T &operator*() const { return *object_; }
    explicit operator bool() const { return object_ != nullptr; }

private:
    T *object_ = nullptr;
};

} // namespace fm
