// The shorthands of waitables.hpp.
#include "statements/waitables.hpp"

#include <stdexcept>

namespace fm::test {

namespace {

/// A handle that a call has made, which had to be to a new object.
handle required(fm_status status, handle made, const char *what) {
    if (status != FM_OK) throw std::runtime_error(std::string("creating ") + what + ": " + describe(status));
    return made;
}

const object_kind event_kind = {
    "event",
    FM_KIND_EVENT,
    [](const char *name, const fm_object_options *options, fm_handle *out) {
        return fm_event_create(name, 0, options, out);
    },
    [](const char *name, uint32_t flags, fm_handle *out) { return fm_event_create(name, flags, nullptr, out); },
    [](const char *name, uint32_t access, fm_handle *out) { return fm_event_open(name, access, out); },
    [](fm_handle event) { return fm_event_set(event); }};

const object_kind mutex_kind = {
    "mutex",
    FM_KIND_MUTEX,
    [](const char *name, const fm_object_options *options, fm_handle *out) {
        return fm_mutex_create(name, 0, options, out);
    },
    [](const char *name, uint32_t flags, fm_handle *out) { return fm_mutex_create(name, flags, nullptr, out); },
    [](const char *name, uint32_t access, fm_handle *out) { return fm_mutex_open(name, access, out); },
    [](fm_handle mutex) { return fm_mutex_release(mutex); }};

const object_kind semaphore_kind = {
    "semaphore",
    FM_KIND_SEMAPHORE,
    [](const char *name, const fm_object_options *options, fm_handle *out) {
        return fm_semaphore_create(name, 0, 5, options, out);
    },
    nullptr,
    [](const char *name, uint32_t access, fm_handle *out) { return fm_semaphore_open(name, access, out); },
    [](fm_handle semaphore) { return fm_semaphore_release(semaphore, 1, nullptr); }};

const object_kind timer_kind = {
    "timer",
    FM_KIND_TIMER,
    [](const char *name, const fm_object_options *options, fm_handle *out) {
        return fm_timer_create(name, 0, options, out);
    },
    [](const char *name, uint32_t flags, fm_handle *out) { return fm_timer_create(name, flags, nullptr, out); },
    [](const char *name, uint32_t access, fm_handle *out) { return fm_timer_open(name, access, out); },
    [](fm_handle timer) { return fm_timer_set(timer, 0, 0); }};

const object_kind mapping_kind = {
    "mapping",
    FM_KIND_MAPPING,
    [](const char *name, const fm_object_options *given, fm_handle *out) {
        const fm_create_options of_mapping = options(given ? given->flags : 0);
        return fm_create(name, 4096, &of_mapping, out);
    },
    nullptr,
    [](const char *name, uint32_t access, fm_handle *out) { return fm_open(name, access, out); },
    nullptr};

} // namespace

fm_object_options object_options(uint32_t flags) {
    fm_object_options all = {};
    all.struct_size = sizeof all;
    all.flags = flags;
    return all;
}

handle new_event(uint32_t flags, const std::string &name) {
    handle made;
    const fm_status status = fm_event_create(name.c_str(), flags, nullptr, made.out());
    return required(status, std::move(made), "an event");
}

handle new_mutex(uint32_t flags, const std::string &name) {
    handle made;
    const fm_status status = fm_mutex_create(name.c_str(), flags, nullptr, made.out());
    return required(status, std::move(made), "a mutex");
}

handle new_semaphore(uint32_t initial, uint32_t maximum, const std::string &name) {
    handle made;
    const fm_status status = fm_semaphore_create(name.c_str(), initial, maximum, nullptr, made.out());
    return required(status, std::move(made), "a semaphore");
}

handle new_timer(uint32_t flags, const std::string &name) {
    handle made;
    const fm_status status = fm_timer_create(name.c_str(), flags, nullptr, made.out());
    return required(status, std::move(made), "a timer");
}

handle new_cancel() {
    handle made;
    const fm_status status = fm_cancel_create(made.out());
    return required(status, std::move(made), "a cancel object");
}

std::vector<handle> new_events(std::size_t count, uint32_t flags) {
    std::vector<handle> events;
    while (events.size() < count) events.push_back(new_event(flags));
    return events;
}

std::vector<fm_handle> values_of(const std::vector<handle> &handles) {
    return std::vector<fm_handle>(handles.begin(), handles.end());
}

fm_status wait_any(const std::vector<fm_handle> &objects, int64_t timeout_ns, uint32_t *out_index) {
    return fm_wait_any(objects.data(), static_cast<uint32_t>(objects.size()), timeout_ns, out_index);
}

fm_status wait_all(const std::vector<fm_handle> &objects, int64_t timeout_ns) {
    return fm_wait_all(objects.data(), static_cast<uint32_t>(objects.size()), timeout_ns);
}

unsigned taken_until_empty(fm_handle object) {
    unsigned taken = 0;
    while (look(object) == FM_OK) ++taken;
    return taken;
}

testing::AssertionResult becomes_ready(fm_handle object) {
    const stopwatch watch;
    while (watch.elapsed_ns() < patience_ns) {
        if (queried(object).ready) return testing::AssertionSuccess();
        pause_ms(1);
    }
    return testing::AssertionFailure() << "it never became ready";
}

std::ostream &operator<<(std::ostream &out, const object_kind &kind) {
    return out << kind.name;
}

const std::vector<object_kind> &waitable_kinds() {
    static const std::vector<object_kind> all = {event_kind, mutex_kind, semaphore_kind, timer_kind};
    return all;
}

const std::vector<object_kind> &modified_kinds() {
    static const std::vector<object_kind> all = {event_kind, semaphore_kind, timer_kind};
    return all;
}

const std::vector<object_kind> &named_kinds() {
    static const std::vector<object_kind> all = {event_kind, mutex_kind, semaphore_kind, timer_kind, mapping_kind};
    return all;
}

std::string kind_name(const testing::TestParamInfo<object_kind> &info) {
    return info.param.name;
}

handle new_object(const object_kind &kind, const std::string &name, uint32_t flags) {
    handle made;
    const fm_object_options with = object_options(flags);
    const fm_status status = kind.create(name.c_str(), &with, made.out());
    return required(status, std::move(made), kind.name);
}

handle opened_as(const object_kind &kind, const std::string &name, uint32_t access) {
    handle made;
    const fm_status status = kind.open(name.c_str(), access, made.out());
    if (status != FM_OK) throw std::runtime_error("opening " + name + ": " + describe(status));
    return made;
}

fm_status try_open_as(const object_kind &kind, const std::string &name, uint32_t access) {
    handle made;
    return kind.open(name.c_str(), access, made.out());
}

void gate::open() {
    const std::lock_guard<std::mutex> locked(mutex_);
    open_ = true;
    opened_.notify_all();
}

void gate::pass() {
    std::unique_lock<std::mutex> locked(mutex_);
    opened_.wait(locked, [this] { return open_; });
}

background::background(std::function<fm_status()> call)
    : thread_([this, call = std::move(call)] {
          started_ = true;
          status_ = call();
          done_ = true;
      }) {}

background::~background() {
    if (thread_.joinable()) thread_.join();
}

void background::settle() {
    while (!started_) pause_ms(1);
    pause_ms(30);
}

bool background::still_waiting() const {
    pause_ms(60);
    return !done();
}

fm_status background::status() {
    if (thread_.joinable()) thread_.join();
    return status_;
}

void in_another_thread(const std::function<void()> &body) {
    std::thread(body).join();
}

void in_threads(unsigned count, const std::function<void(unsigned)> &body) {
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < count; ++i) threads.emplace_back(body, i);
    for (std::thread &thread : threads) thread.join();
}

mutex_owner::mutex_owner(fm_handle mutex, unsigned times) : mutex_(mutex), times_(times), thread_([this] { own(); }) {
    owned_.pass();
}

void mutex_owner::own() {
    for (unsigned i = 0; i < times_; ++i) EXPECT_STATUS(FM_OK, fm_wait(mutex_, patience_ns));
    owned_.open();
    told_.pass();
    for (unsigned i = 0; releasing_ && i < times_; ++i) EXPECT_STATUS(FM_OK, fm_mutex_release(mutex_));
}

void mutex_owner::end(bool releasing) {
    if (!thread_.joinable()) return;
    releasing_ = releasing;
    told_.open();
    thread_.join();
}

void abandon(fm_handle mutex) {
    mutex_owner(mutex).abandon();
}

handle abandoned_mutex() {
    handle mutex = new_mutex();
    abandon(mutex);
    return mutex;
}

unready_object::unready_object(const object_kind &kind, const std::string &name)
    : kind_(kind), object_(new_object(kind, name)) {
    if (kind.kind == FM_KIND_MUTEX) owner_ = std::make_unique<mutex_owner>(object_);
}

void unready_object::make_ready_for_another() {
    if (owner_)
        owner_->release();
    else
        EXPECT_STATUS(FM_OK, kind_.modify(object_));
}

void unready_object::make_ready() {
    make_ready_for_another();
    EXPECT_TRUE(becomes_ready(object_)); // a timer may take a moment, even when it is due at once
}

} // namespace fm::test
