// Creating, opening and importing waitable objects, and handing their operations on to sync/.

#include "platform/linux/waitable.hpp"

#include "platform/linux/sweep.hpp"
#include "platform/linux/sync/signalling.hpp"
#include "platform/linux/sync/waiting.hpp"

namespace fm::posix {

namespace {

failure registered_elsewhere() {
    return fail(FM_E_NOT_SUPPORTED, 0, "the threads that use this object are registered elsewhere: it is private to another user, was made "
                "with another FILEMAP_DIR, or the registry was removed while it was in use");
}

uint32_t milliseconds(uint64_t nanoseconds) {
    return static_cast<uint32_t>(nanoseconds / 1'000'000);
}

void describe_timer(const sync::object &one, sync::state value, platform::waitable_state &state) {
    sync::timer_reading reading = sync::read_timer(one, value);
    if (!reading.set) return;
    int64_t now = sys::now(reading.clock());
    int64_t next = reading.next(sync::moments_taken(value), now);
    state.period_ms = milliseconds(reading.period);
    if (state.ready) state.due = 0;
    else if (next != sys::no_deadline) state.due = next > now ? next - now : 0;
}

void describe_mutex(const sync::object &one, sync::state value, platform::waitable_state &state) {
    sync::owner_id owner = sync::payload_of(value);
    if ((value & sync::ready_bit) || !one.home->alive(owner)) return;
    state.owner = one.home->at(sync::slot_of(owner)).process.load(std::memory_order_relaxed);
    state.count = 1 + one.shared->reacquired.load(std::memory_order_relaxed);
}

} // namespace

linux_waitable::~linux_waitable() {
    if (object_.shared != nullptr) sync::forget_object(object_);
    if (control_page_ != nullptr) sys::unmap(control_page_, page);
}

/// Not through the description that holds the share of the name: a mapping keeps its description, and so its locks.
fm_status linux_waitable::map_words() {
    held_entry &held = right_.entry;
    if (!held.writable) return fail(FM_E_ACCESS_DENIED, sys::error_access, "%.200s may be read by this user, not written, as waiting needs", held.name.c_str());
    auto fd = data_descriptor(held);
    if (!fd) return fd.error();
    uint64_t offset = entry_bytes(held.control) - page;
    uintptr_t base = sys::map(nullptr, page, sys::prot_read | sys::prot_write, sys::map_shared, *fd, offset);
    if (sys::is_error(base)) return system_failure(static_cast<intptr_t>(base), "the object's words cannot be mapped");
    if (held.named()) held.data.reset(); // the mapping keeps what it needs of it
    control_page_ = reinterpret_cast<void *>(base);
    return FM_OK;
}

fm_status linux_waitable::check_words(const sync::words &found) {
    const control_block &control = right_.entry.control;
    bool agree = found.kind == control.kind && found.id == control.id && found.shared <= 1 &&
                 (found.kind != FM_KIND_SEMAPHORE || (found.maximum != 0 && found.maximum <= 0x7fffffffu));
    if (agree) return FM_OK;
    return fail(FM_E_CORRUPT, 0, "%.200s: the object's words do not make sense; a program has written over them", right_.entry.name.c_str());
}

fm_status linux_waitable::attach() {
    right_.settle();
    if (fm_status status = map_words(); status < 0) return status;
    auto *shared = reinterpret_cast<sync::words *>(static_cast<char *>(control_page_) + state_offset);
    if (fm_status status = check_words(*shared); status < 0) return status;
    auto home = sync::registry::of(shared->shared != 0);
    if (!home) return home.error();
    if ((*home)->id() != shared->registry) return registered_elsewhere();
    object_ = {shared, *home, shared->kind, shared->shared, shared->manual != 0, shared->maximum, shared->id};
    words = &object_;
    sync::remember_object(object_);
    return FM_OK;
}

result<std::shared_ptr<platform::object>> linux_waitable::reopen(bool inheritable) {
    auto body = token();
    return body ? reopen_right<linux_waitable>(*body, inheritable) : body.error();
}

platform::waitable_state linux_waitable::state() {
    platform::waitable_state state;
    sync::state value = sync::peek(object_);
    state.ready = sync::seems_ready(object_, value);
    state.manual = object_.manual;
    state.maximum = object_.maximum;
    if (object_.kind == FM_KIND_SEMAPHORE) state.count = sync::payload_of(value);
    if (object_.kind == FM_KIND_MUTEX) describe_mutex(object_, value, state);
    if (object_.kind == FM_KIND_TIMER) describe_timer(object_, value, state);
    return state;
}

fm_status linux_waitable::set() {
    sync::set_event(object_);
    return FM_OK;
}

fm_status linux_waitable::reset() {
    sync::reset_event(object_);
    return FM_OK;
}

fm_status linux_waitable::pulse() {
    sync::pulse_event(object_);
    return FM_OK;
}

fm_status linux_waitable::release(uint32_t count, uint32_t *previous) {
    return object_.kind == FM_KIND_MUTEX ? sync::release_mutex(object_) : sync::release_semaphore(object_, count, previous);
}

fm_status linux_waitable::arm(int64_t due, uint32_t period_ms) {
    sync::arm(object_, due, period_ms);
    return FM_OK;
}

fm_status linux_waitable::disarm() {
    sync::disarm(object_);
    return FM_OK;
}

fm_status linux_waitable::try_take() {
    return sync::try_one(object_);
}

} // namespace fm::posix

namespace fm::platform {

using namespace posix;

namespace {

/// Who may open an object may also disturb the threads that wait for it, so those of private objects are registered
/// where nobody else gets.
bool is_shared(const waitable_options &options) {
    return options.name && options.name->where == scope::global && (options.permissions & 077) != 0;
}

uint64_t first_state(const waitable_options &options, sync::registry &home) {
    switch (options.kind) {
    case FM_KIND_EVENT: return options.signaled ? sync::ready_bit : 0;
    case FM_KIND_SEMAPHORE: return sync::with_payload(options.count != 0 ? sync::ready_bit : 0, options.count);
    case FM_KIND_MUTEX: return options.owned ? sync::with_payload(0, sync::take_part(home).id) : sync::ready_bit;
    default: return sync::with_payload(0, sync::timer_payload(sync::not_set, 0));
    }
}

void fill(sync::words &words, const waitable_options &options, sync::registry &home, uint64_t id) {
    words.value = first_state(options, home);
    words.kind = options.kind;
    words.id = id;
    words.registry = home.id();
    words.shared = home.shared();
    words.maximum = options.maximum;
    words.manual = options.manual;
}

fm_status check_kind(const held_entry &entry, uint32_t kind) {
    if (entry.control.kind == kind) return FM_OK;
    return fail(FM_E_WRONG_KIND, 0, "%.200s is an object of another kind", entry.name.c_str());
}

fm_status make_entry(const waitable_options &options, held_entry &entry, bool &existed) {
    auto home = sync::registry::of(is_shared(options));
    if (!home) return home.error();
    entry_plan plan;
    plan.control = new_control(options.kind, options.name);
    if (options.permissions != 0) plan.mode = options.permissions | 0600; // who may not open it cannot end it
    sync::words words{};
    fill(words, options, **home, plan.control.id);
    plan.state = &words;
    plan.state_bytes = sizeof words;
    if (!options.name) {
        auto unnamed = unnamed_entry(plan, false);
        if (!unnamed) return unnamed.error();
        entry = std::move(*unnamed);
        return FM_OK;
    }
    plan.texts.name = std::string(options.name->rest);
    return create_entry(*options.name, plan, entry, existed);
}

} // namespace

result<created_waitable> create_waitable(const waitable_options &options) {
    if (options.name) sweep_at_first_use();
    bool existed = false;
    auto made = std::make_shared<linux_waitable>();
    if (fm_status status = make_entry(options, made->entry(), existed); status < 0) return failure{status};
    if (existed) {
        if (fm_status status = check_kind(made->entry(), options.kind); status < 0) return failure{status};
        if (options.flags & FM_CREATE_NEW) return fail(FM_E_EXISTS, sys::error_exist, "%.200s exists already", made->name()->c_str());
    }
    if (fm_status status = made->attach(); status < 0) return failure{status};
    if (options.flags & FM_INHERITABLE)
        if (fm_status status = made->make_inheritable(); status < 0) return failure{status};
    return created_waitable{std::move(made), existed};
}

result<std::shared_ptr<waitable>> open_waitable(const object_name &name, uint32_t kind, uint32_t) {
    sweep_at_first_use();
    auto opened = std::make_shared<linux_waitable>();
    if (fm_status status = open_entry(name, opened->entry()); status < 0) return failure{status};
    if (fm_status status = check_kind(opened->entry(), kind); status < 0) return failure{status};
    if (fm_status status = opened->attach(); status < 0) return failure{status};
    return std::shared_ptr<waitable>(std::move(opened));
}

result<std::shared_ptr<object>> import_waitable(held_entry entry) {
    auto imported = std::make_shared<linux_waitable>(std::move(entry));
    if (fm_status status = imported->attach(); status < 0) return failure{status};
    return std::shared_ptr<object>(std::move(imported));
}

} // namespace fm::platform
