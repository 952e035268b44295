// The tables themselves: made before anything runs, never destroyed, whole again after a fork.

#include "core/objects.hpp"

namespace fm {

namespace {

constinit handle_table the_handles;
constinit view_table the_views;

void before_fork() {
    the_handles.lock();
    the_views.lock();
}

void after_fork() {
    the_views.unlock();
    the_handles.unlock();
}

/// exit() without fm_close(): let names end now rather than at the next use of the namespace.
void close_all() {
    thread_record *record = this_thread();
    if (record == nullptr || record->depth != 0) return; // exit() from inside a call, by a signal handler
    the_handles.take_all([](counted<open_handle> object) {
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

handle_table &handles() { return the_handles; }
view_table &views() { return the_views; }

fm_status publish(counted<open_handle> object, fm_handle *out_handle) {
    prepare_process();
    uintptr_t value = the_handles.insert(std::move(object));
    if (value == 0) return fail(FM_E_NO_HANDLES, 0, "this process has as many handles open as the library can hold");
    *out_handle = reinterpret_cast<fm_handle>(value);
    return FM_OK;
}

result<open_handle *> find_handle(fm_handle handle, uint32_t kind) {
    open_handle *object = the_handles.find(value_of(handle));
    if (object == nullptr) return fail(FM_E_INVALID_HANDLE, 0, "the handle %p is not open in this process", static_cast<void *>(handle));
    if (kind != FM_KIND_UNKNOWN && object->kind != kind)
        return fail(FM_E_WRONG_KIND, 0, "the handle belongs to an object of another kind");
    return object;
}

result<open_view *> find_view(fm_view view) {
    open_view *found = the_views.find(value_of(view));
    if (found == nullptr) return fail(FM_E_INVALID_HANDLE, 0, "the view %p is not open in this process", static_cast<void *>(view));
    return found;
}

} // namespace fm
