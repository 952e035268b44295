// The tables themselves: made before anything runs, never destroyed, whole again after a fork.

#include "core/objects.hpp"

namespace fm {

namespace detail {

handle_table handles; // made when the library is loaded, emptied by close_all()
view_table views;

failure not_open(const char *what, const void *value) {
    return fail(FM_E_INVALID_HANDLE, 0, "the %s %p is not open in this process", what, value);
}

failure wrong_kind() {
    return fail(FM_E_WRONG_KIND, 0, "the handle belongs to an object of another kind");
}

} // namespace detail

namespace {

void before_fork() {
    handles().lock();
    views().lock();
}

void after_fork() {
    views().unlock();
    handles().unlock();
}

/// exit() without fm_close(): let names end now rather than at the next use of the namespace.
void close_all() {
    thread_record *record = this_thread();
    if (record == nullptr || record->phase.load() % 2 != 0) return; // exit() from inside a call, by a signal handler
    handles().take_all([](counted<open_handle> object) {
        wait_for_calls_under_way();
        object = {};
    });
}

void prepare_process() {
    static const bool once =
        (platform::on_fork(before_fork, after_fork, after_fork), platform::on_exit(close_all), true);
    static_cast<void>(once);
}

} // namespace

uint32_t generation_seed(uint32_t index) noexcept {
    static const uint64_t seed = platform::random_number();
    uint64_t mixed = (seed ^ index) * 0x9e3779b97f4a7c15u; // spreads the index over all bits
    return static_cast<uint32_t>(mixed >> 32);
}

void attach(open_handle &handle, uint32_t kind, std::shared_ptr<platform::object> object) {
    handle.kind = kind;
    if (kind >= FM_KIND_EVENT && kind <= FM_KIND_TIMER) handle.words = static_cast<platform::waitable &>(*object).words;
    handle.object = std::move(object);
}

fm_status publish(counted<open_handle> object, fm_handle *out_handle) {
    prepare_process();
    uintptr_t value = handles().insert(std::move(object));
    if (value == 0) return fail(FM_E_NO_HANDLES, 0, "this process has as many handles open as the library can hold");
    *out_handle = reinterpret_cast<fm_handle>(value);
    return FM_OK;
}

} // namespace fm
