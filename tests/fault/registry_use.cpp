// A process's first event makes or opens a registry, and its first wait a slot in it. Each failure gets a forked process
// of its own; this one never uses the library itself.

#include "registry_use.hpp"

#include "elsewhere.hpp"
#include "platform/linux/sync/registry.hpp"
#include "trial.hpp"

#include <cstddef>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/stat.h>

namespace fm::fault {

namespace {

constexpr int64_t millisecond = 1'000'000;

struct report {
    unsigned system_calls;
    bool delivered;
    fm_status status;
    unsigned problems;
};

fm_status create(bool shared, fm_handle *out) {
    fm_object_options given{};
    given.struct_size = sizeof given;
    given.permissions = shared ? 0666 : 0;
    return fm_event_create(shared ? "Global\\new" : "Local\\new", 0, &given, out);
}

/// Creates an event and waits for it: with that the registry and this thread's slot are made.
void use(const plan &chosen, bool shared, report &told) {
    fm_close(nullptr); // what every first call makes
    uint64_t descriptors = open_descriptors();
    auto made = poison<fm_handle>();
    trial run(chosen);
    run.act([&] {
        fm_status created = create(shared, &made);
        return created < 0 ? created : fm_wait(made, millisecond);
    });
    run.check(run.status() < 0 || run.status() == FM_TIMED_OUT, "a wait for nothing has succeeded");
    if (!untouched(made)) run.must(fm_close(made), "fm_close");
    run.check(open_descriptors() <= descriptors + 3, "descriptors are left"); // two folders, and the registry
    for (int round = 0; round < 2; ++round) { // the failure is over, and so are its consequences
        fm_handle again = nullptr;
        run.must(create(shared, &again), "fm_event_create after the failure");
        run.check(fm_wait(again, millisecond) == FM_TIMED_OUT, "a wait after the failure does not work");
        run.must(fm_close(again), "fm_close after the failure");
    }
    for (const std::string &problem : run.problems())
        std::printf("registry, %s: %s\n", run.happened().text().c_str(), problem.c_str());
    told = {run.happened().system_calls, run.happened().delivered, run.status(), unsigned(run.problems().size())};
}

void set_scene(bool shared, bool from_nothing) {
    for (const auto &entry : std::filesystem::directory_iterator(own_folder())) std::filesystem::remove_all(entry.path());
    if (from_nothing) return;
    elsewhere([&] {
        fm_handle made = nullptr;
        if (create(shared, &made) == FM_OK) fm_wait(made, millisecond);
    });
}

bool attack(const plan &chosen, bool shared, bool from_nothing, report &told) {
    set_scene(shared, from_nothing);
    if (!elsewhere([&] { use(chosen, shared, told); })) return std::printf("a process crashed or hung\n"), false;
    static report &next = *shared_report<report>();
    bool used = elsewhere([&] { use({}, shared, next); });
    used = used && next.problems == 0 && next.status == FM_TIMED_OUT;
    if (!used) return std::printf("the next process cannot use it\n"), false;
    if (!entries().empty()) return std::printf("%zu entries are left after one later use\n", entries().size()), false;
    return told.problems == 0;
}

unsigned attack_each_call(report &told, unsigned &failures) {
    unsigned attacks = 0;
    for (bool shared : {false, true})
        for (bool from_nothing : {true, false}) {
            if (!attack({}, shared, from_nothing, told) || told.system_calls < 12) return 0;
            unsigned count = told.system_calls;
            for (unsigned point = 0; point < count * columns; ++point) {
                if (!attack({plan::target::system_call, point % count, point / count}, shared, from_nothing, told)) return 0;
                ++attacks;
                failures += told.status < 0 && told.delivered;
            }
        }
    return attacks;
}

/// A registry in which the slots below `used` belong to a thread that lives: this one.
void write_registry(const std::string &path, uint32_t used) {
    int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    sync::registry_header header{};
    std::memcpy(header.magic, "fm-regs", 8);
    header.layout = 1;
    header.window = 1024;
    header.id = 4711;
    bool good = ::pwrite(fd, &header, sizeof header, 0) == sizeof header;
    uint32_t living = static_cast<uint32_t>(::getpid()), generation = 1;
    for (uint32_t index = 1; index < used; ++index) {
        off_t at = off_t(sizeof header) + off_t(index) * off_t(sizeof(sync::slot));
        for (uint32_t k = 0; k < sync::death_words; ++k)
            good = good && ::pwrite(fd, &living, 4, at + off_t(k * sizeof(sync::death_cell))) == 4;
        good = good && ::pwrite(fd, &generation, 4, at + off_t(offsetof(sync::slot, generation))) == 4;
    }
    ::close(fd);
    if (!good) std::printf("the registry cannot be written\n");
}

bool expect(const char *what, fm_status expected, fm_status actual) {
    if (expected == actual) return true;
    char text[512] = "";
    fm_last_error_message(text, sizeof text);
    std::printf("%s: %s, not %s (%s)\n", what, fm_status_name(actual), fm_status_name(expected), text);
    return false;
}

/// What needs a slot is refused and says so; the rest goes on.
bool use_full_registry() {
    fm_handle event = nullptr, mutex = nullptr, timer = nullptr;
    bool good = expect("event", FM_OK, fm_event_create(nullptr, 0, nullptr, &event));
    good &= expect("mutex", FM_OK, fm_mutex_create(nullptr, 0, nullptr, &mutex));
    good &= expect("timer", FM_OK, fm_timer_create(nullptr, 0, nullptr, &timer));
    fm_handle both[] = {event, mutex}, none = poison<fm_handle>();
    good &= expect("wait", FM_E_NO_HANDLES, fm_wait(event, millisecond));
    char text[512] = "";
    fm_last_error_message(text, sizeof text);
    good &= std::strstr(text, "limit") != nullptr;
    good &= expect("look", FM_TIMED_OUT, fm_wait(event, 0));
    good &= expect("set", FM_OK, fm_event_set(event));
    good &= expect("wait for what is set", FM_OK, fm_wait(event, FM_FOREVER));
    good &= expect("own", FM_E_NO_HANDLES, fm_wait(mutex, 0));
    good &= expect("wait for any", FM_E_NO_HANDLES, fm_wait_any(both, 2, millisecond, nullptr));
    good &= expect("wait for all", FM_E_NO_HANDLES, fm_wait_all(both, 2, millisecond));
    good &= expect("set a timer", FM_E_NO_HANDLES, fm_timer_set(timer, 0, 0));
    good &= expect("owned", FM_E_NO_HANDLES, fm_mutex_create(nullptr, FM_MUTEX_OWNED, nullptr, &none));
    good &= untouched(none);
    good &= expect("release", FM_E_NOT_OWNER, fm_mutex_release(mutex));
    for (fm_handle each : {event, mutex, timer}) good &= expect("close", FM_OK, fm_close(each));
    return good;
}

bool attack_full_registry() {
    const std::string folder = own_folder() + "/filemap-" + std::to_string(::geteuid()), path = folder + "/registry-1";
    struct { uint32_t used; bool full; } cases[] = {{1023, false}, {1024, false}, {5000, false}, {sync::most_slots, true}};
    for (const auto &each : cases) {
        set_scene(false, true);
        std::filesystem::create_directory(folder);
        ::chmod(folder.c_str(), 0700);
        write_registry(path, each.used);
        bool good = elsewhere([&] {
            fm_handle event = nullptr;
            bool as_told = each.full ? use_full_registry()
                                     : expect("create", FM_OK, fm_event_create(nullptr, 0, nullptr, &event)) &&
                                           expect("wait", FM_TIMED_OUT, fm_wait(event, millisecond));
            if (!as_told) ::_exit(1);
        });
        if (!good) return std::printf("%u slots in use\n", each.used), false;
    }
    return true;
}

} // namespace

int attack_registry_use() {
    unsigned failures = 0;
    unsigned attacks = attack_each_call(*shared_report<report>(), failures);
    std::printf("%u attacks on a first use of a registry, %u failures came back\n", attacks, failures);
    return attacks > 200 && failures > 50 && attack_full_registry() ? 0 : 1;
}

} // namespace fm::fault
