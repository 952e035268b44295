// The scenarios: each sets a scene, makes one call under the plan, checks its outputs and takes the scene down again.

#include "core/token.hpp"
#include "trial.hpp"

#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

namespace fm::fault {

namespace {

constexpr const char *local = "Local\\fault";

fm_create_options options(uint32_t flags = 0) {
    fm_create_options given{};
    given.struct_size = sizeof given;
    given.flags = flags;
    return given;
}

/// A real file of two pages.
std::string data_file() {
    std::string path = own_folder() + "/data";
    std::ofstream(path, std::ios::binary) << std::string(8192, 'd');
    return path;
}

void create(trial &t, const char *name, uint64_t size, const fm_create_options &given) {
    auto made = poison<fm_handle>();
    if (t.act([&] { return fm_create(name, size, &given, &made); }) < 0)
        t.check(untouched(made), "fm_create failed and wrote its output");
    else
        t.must(fm_close(made), "fm_close");
}

void create_named(trial &t) { create(t, local, 5000, options()); }
void create_global(trial &t) { create(t, "Global\\fault", 5000, options()); }
void create_unnamed(trial &t) { create(t, nullptr, 5000, options()); }
void create_reserved(trial &t) { create(t, local, 1 << 20, options(FM_RESERVE)); }
void create_inheritable(trial &t) { create(t, local, 5000, options(FM_INHERITABLE)); }
void create_large(trial &t) { create(t, local, 64 << 20, options()); }

void create_long_name(trial &t) {
    std::string name(30000, 'n');
    create(t, name.c_str(), 5000, options());
}

void create_with_permissions(trial &t) {
    fm_create_options given = options();
    given.permissions = 0660;
    create(t, "Global\\fault", 5000, given);
}

void create_executable(trial &t) {
    fm_create_options given = options();
    given.protection = FM_PROTECT_EXECUTE_READ_WRITE;
    create(t, local, 5000, given);
}

void create_over_path(trial &t) {
    std::string path = data_file();
    fm_create_options given = options();
    given.file_path = path.c_str();
    create(t, local, 16384, given);
}

void create_over_descriptor(trial &t) {
    int fd = ::open(data_file().c_str(), O_RDWR | O_CLOEXEC);
    fm_create_options given = options(FM_FILE | FM_INHERITABLE);
    given.file = fd;
    create(t, nullptr, 0, given);
    t.check(::fcntl(fd, F_GETFD) == FD_CLOEXEC, "the caller's descriptor was closed or changed");
    ::close(fd);
}

void create_existing(trial &t) {
    fm_handle first = nullptr;
    t.must(fm_create(local, 5000, nullptr, &first), "fm_create");
    create(t, local, 9000, options());
    t.must(fm_close(first), "fm_close of the first");
}

void create_existing_over_file(trial &t) {
    std::string path = data_file();
    fm_create_options given = options();
    given.file_path = path.c_str();
    fm_handle first = nullptr;
    t.must(fm_create(local, 0, &given, &first), "fm_create");
    create(t, local, 0, given);
    t.must(fm_close(first), "fm_close of the first");
}

void create_over_dead(trial &t) {
    leave_dead("fault", 9000);
    create(t, local, 5000, options());
}

void open_with(trial &t, uint32_t access) {
    auto opened = poison<fm_handle>();
    if (t.act([&] { return fm_open(local, access, &opened); }) < 0)
        t.check(untouched(opened), "fm_open failed and wrote its output");
    else
        t.must(fm_close(opened), "fm_close");
}

void open_live(trial &t) {
    fm_handle first = nullptr;
    t.must(fm_create(local, 5000, nullptr, &first), "fm_create");
    open_with(t, FM_ACCESS_ALL);
    t.must(fm_close(first), "fm_close of the first");
}

void open_over_file(trial &t) {
    std::string path = data_file();
    fm_create_options given = options();
    given.file_path = path.c_str();
    fm_handle first = nullptr;
    t.must(fm_create(local, 0, &given, &first), "fm_create");
    open_with(t, FM_ACCESS_ALL);
    t.must(fm_close(first), "fm_close of the first");
}

void map_of(trial &t, fm_handle mapping, uint32_t access, uint64_t offset) {
    auto made = poison<fm_view>();
    if (t.act([&] { return fm_map(mapping, access, offset, 0, &made); }) < 0) {
        t.check(untouched(made), "fm_map failed and wrote its output");
        return;
    }
    char byte = 0;
    t.must(fm_read(made, 0, &byte, 1), "fm_read");
    t.must(fm_unmap(made), "fm_unmap");
}

void map_first(trial &t) {
    fm_handle mapping = nullptr;
    t.must(fm_create(local, 9000, nullptr, &mapping), "fm_create");
    map_of(t, mapping, FM_ACCESS_WRITE, 5000);
    t.must(fm_close(mapping), "fm_close");
}

void map_second(trial &t) {
    fm_handle mapping = nullptr;
    fm_view first = nullptr;
    t.must(fm_create("Global\\fault", 9000, nullptr, &mapping), "fm_create");
    t.must(fm_map(mapping, FM_ACCESS_WRITE, 0, 0, &first), "fm_map of the first");
    t.must(fm_write(first, 0, "kept", 4), "fm_write");
    map_of(t, mapping, FM_ACCESS_COPY, 0);
    char text[4] = {};
    t.must(fm_read(first, 0, text, 4), "fm_read of the first");
    t.check(std::memcmp(text, "kept", 4) == 0, "the first view lost its contents");
    t.must(fm_unmap(first), "fm_unmap");
    t.must(fm_close(mapping), "fm_close");
}

void map_removed_by_hand(trial &t) {
    fm_handle mapping = nullptr;
    t.must(fm_create(local, 9000, nullptr, &mapping), "fm_create");
    ::unlink(entry_of("fault").c_str());
    map_of(t, mapping, FM_ACCESS_WRITE, 0);
    t.must(fm_close(mapping), "fm_close");
}

void commit(trial &t) {
    fm_handle mapping = nullptr;
    fm_create_options given = options(FM_RESERVE);
    t.must(fm_create(local, 1 << 20, &given, &mapping), "fm_create");
    t.act([&] { return fm_commit(mapping, 5000, 10000); });
    t.must(fm_close(mapping), "fm_close");
}

/// Guarded memory is read by a system call.
void read_guarded(trial &t) {
    fm_handle mapping = nullptr;
    fm_view view = nullptr;
    fm_create_options given = options(FM_RESERVE);
    char text[3] = {'x', 'x', 'x'};
    t.must(fm_create(nullptr, 1 << 20, &given, &mapping), "fm_create");
    t.must(fm_map(mapping, FM_ACCESS_READ, 0, 0, &view), "fm_map");
    if (t.act([&] { return fm_read(view, 7, text, 3); }) == FM_OK)
        t.check(text[0] == 0 && text[1] == 0 && text[2] == 0, "fm_read succeeded and did not read");
    t.must(fm_unmap(view), "fm_unmap");
    t.must(fm_close(mapping), "fm_close");
}

void flush(trial &t) {
    std::string path = data_file();
    fm_create_options given = options();
    given.file_path = path.c_str();
    fm_handle mapping = nullptr;
    fm_view view = nullptr;
    t.must(fm_create(nullptr, 0, &given, &mapping), "fm_create");
    t.must(fm_map(mapping, FM_ACCESS_WRITE, 0, 0, &view), "fm_map");
    t.act([&] { return fm_flush(view, 5, 100); });
    t.must(fm_unmap(view), "fm_unmap");
    t.must(fm_close(mapping), "fm_close");
}

void duplicate_inheritable(trial &t) {
    fm_handle mapping = nullptr;
    auto copy = poison<fm_handle>();
    t.must(fm_create(local, 5000, nullptr, &mapping), "fm_create");
    uint32_t flags = FM_DUPLICATE_SAME_ACCESS | FM_DUPLICATE_INHERITABLE;
    if (t.act([&] { return fm_duplicate(mapping, 0, flags, &copy); }) < 0)
        t.check(untouched(copy), "fm_duplicate failed and wrote its output");
    else
        t.must(fm_close(copy), "fm_close of the copy");
    t.must(fm_close(mapping), "fm_close");
}

/// The source is closed whatever the outcome.
void duplicate_and_close(trial &t) {
    fm_handle mapping = nullptr;
    auto copy = poison<fm_handle>();
    t.must(fm_create(local, 5000, nullptr, &mapping), "fm_create");
    uint32_t flags = FM_DUPLICATE_SAME_ACCESS | FM_DUPLICATE_INHERITABLE | FM_DUPLICATE_CLOSE_SOURCE;
    if (t.act([&] { return fm_duplicate(mapping, 0, flags, &copy); }) < 0)
        t.check(untouched(copy), "fm_duplicate failed and wrote its output");
    else
        t.must(fm_close(copy), "fm_close of the copy");
    t.check(fm_close(mapping) == FM_E_INVALID_HANDLE, "the source is still open");
}

void export_token(trial &t) {
    fm_handle mapping = nullptr;
    auto token = poison<fm_token>();
    t.must(fm_create(local, 5000, nullptr, &mapping), "fm_create");
    if (t.act([&] { return fm_export_token(mapping, 0, &token); }) < 0)
        t.check(untouched(token), "fm_export_token failed and wrote its output");
    t.must(fm_close(mapping), "fm_close");
}

void import_of(trial &t, const fm_token &token) {
    auto imported = poison<fm_handle>();
    if (t.act([&] { return fm_import_token(&token, 0, &imported); }) < 0)
        t.check(untouched(imported), "fm_import_token failed and wrote its output");
    else
        t.must(fm_close(imported), "fm_close of the imported one");
}

void import_own(trial &t) {
    fm_handle mapping = nullptr;
    fm_token token{};
    t.must(fm_create(local, 5000, nullptr, &mapping), "fm_create");
    t.must(fm_export_token(mapping, 0, &token), "fm_export_token");
    import_of(t, token);
    t.must(fm_close(mapping), "fm_close");
}

/// What the other process of import_foreign() does: it holds a mapping of a file until its input ends.
[[noreturn]] void hold_for_parent(const std::string &path, int answer, int ask) {
    ::alarm(30); // a lock that the fork left behind must not keep the tests waiting
    fm_create_options given = options();
    given.file_path = path.c_str();
    fm_handle mapping = nullptr;
    fm_token token{};
    bool ready = fm_create("Local\\foreign", 0, &given, &mapping) == FM_OK && fm_export_token(mapping, 0, &token) == FM_OK;
    ready = ready && ::write(answer, &token, sizeof token) == sizeof token;
    char end = 0;
    while (::read(ask, &end, 1) > 0) continue;
    fm_close(mapping);
    ::_exit(ready ? 0 : 1);
}

void import_foreign(trial &t) {
    std::string path = data_file();
    int answer[2], ask[2];
    t.check(::pipe2(answer, O_CLOEXEC) == 0 && ::pipe2(ask, O_CLOEXEC) == 0, "pipe2");
    pid_t other = ::fork();
    if (other == 0) {
        ::close(ask[1]);
        hold_for_parent(path, answer[1], ask[0]);
    }
    ::close(answer[1]);
    ::close(ask[0]);
    fm_token token{};
    t.check(::read(answer[0], &token, sizeof token) == sizeof token, "the other process gave no token");
    import_of(t, token);
    ::close(answer[0]);
    ::close(ask[1]);
    int end = 0;
    t.check(::waitpid(other, &end, 0) == other && WIFEXITED(end) && WEXITSTATUS(end) == 0, "the other process failed");
}

/// A token of a process that has ended, whose inheritable descriptor this process has: it takes it over, or leaves it.
void import_inherited(trial &t) {
    fm_handle mapping = nullptr;
    fm_token token{};
    fm_create_options given = options(FM_INHERITABLE);
    t.must(fm_create(local, 5000, &given, &mapping), "fm_create");
    t.must(fm_export_token(mapping, 0, &token), "fm_export_token");
    auto contents = unpack_token(token);
    int inherited = ::dup(static_cast<int>(contents->body.handle)); // as fork and exec leave it
    contents->body.handle = inherited;
    contents->body.process = 1;
    import_of(t, pack_token(*contents));
    if (::fcntl(inherited, F_GETFD) >= 0) ::close(inherited);
    t.must(fm_close(mapping), "fm_close");
}

void list(trial &t) {
    fm_handle first = nullptr;
    t.must(fm_create(local, 5000, nullptr, &first), "fm_create");
    auto listing = poison<fm_handle>();
    fm_list_info info{};
    info.struct_size = sizeof info;
    bool begun = false;
    fm_status status = t.act([&] {
        fm_status now = fm_list_open(FM_LIST_LOCAL | FM_LIST_GLOBAL, &listing);
        begun = now == FM_OK;
        while (now == FM_OK) now = fm_list_next(listing, &info);
        return now == FM_END ? FM_OK : now;
    });
    if (status < 0 && !begun) t.check(untouched(listing), "fm_list_open failed and wrote its output");
    if (begun) t.must(fm_close(listing), "fm_close of the listing");
    t.must(fm_close(first), "fm_close");
}

void sweep(trial &t) {
    leave_dead("fault", 5000);
    auto info = poison<fm_sweep_info>();
    info.struct_size = sizeof info;
    auto before = info;
    if (t.act([&] { return fm_sweep(&info); }) < 0)
        t.check(std::memcmp(&before, &info, sizeof info) == 0, "fm_sweep failed and wrote its output");
}

void close_last(trial &t) {
    fm_handle mapping = nullptr;
    t.must(fm_create(local, 5000, nullptr, &mapping), "fm_create");
    t.act([&] { return fm_close(mapping); });
    t.check(t.status() == FM_OK, "fm_close did not close");
}

void close_last_with_view(trial &t) {
    fm_handle mapping = nullptr;
    fm_view view = nullptr;
    t.must(fm_create(local, 5000, nullptr, &mapping), "fm_create");
    t.must(fm_map(mapping, FM_ACCESS_WRITE, 0, 0, &view), "fm_map");
    t.act([&] { return fm_close(mapping); });
    t.check(t.status() == FM_OK, "fm_close did not close");
    fm_handle again = nullptr;
    t.check(fm_create(local, 5000, nullptr, &again) == FM_OK, "the view kept the name, or the failed end left it in use");
    t.must(fm_close(again), "fm_close of the next object");
    t.must(fm_unmap(view), "fm_unmap");
}

void unmap(trial &t) {
    fm_handle mapping = nullptr;
    fm_view view = nullptr;
    t.must(fm_create(nullptr, 5000, nullptr, &mapping), "fm_create");
    t.must(fm_map(mapping, FM_ACCESS_WRITE, 0, 0, &view), "fm_map");
    t.act([&] { return fm_unmap(view); });
    t.check(t.status() == FM_OK, "fm_unmap did not end the view");
    t.must(fm_close(mapping), "fm_close");
}

} // namespace

namespace {

const std::vector<scenario> &mapping_scenarios() {
    static const std::vector<scenario> all = {
        {"create_named", 6, create_named},
        {"create_global", 6, create_global},
        {"create_unnamed", 4, create_unnamed},
        {"create_reserved", 7, create_reserved},
        {"create_inheritable", 7, create_inheritable},
        {"create_large", 6, create_large},
        {"create_long_name", 6, create_long_name},
        {"create_with_permissions", 7, create_with_permissions},
        {"create_executable", 9, create_executable},
        {"create_over_path", 9, create_over_path},
        {"create_over_descriptor", 9, create_over_descriptor},
        {"create_existing", 6, create_existing},
        {"create_existing_over_file", 8, create_existing_over_file},
        {"create_over_dead", 10, create_over_dead, true},
        {"open_live", 5, open_live},
        {"open_over_file", 8, open_over_file},
        {"map_first", 3, map_first},
        {"map_second", 1, map_second},
        {"map_removed_by_hand", 3, map_removed_by_hand},
        {"commit", 1, commit},
        {"read_guarded", 1, read_guarded},
        {"flush", 1, flush},
        {"duplicate_inheritable", 8, duplicate_inheritable, true},
        {"duplicate_and_close", 9, duplicate_and_close, true},
        {"export_token", 2, export_token},
        {"import_own", 6, import_own, true},
        {"import_foreign", 10, import_foreign, true},
        {"import_inherited", 5, import_inherited},
        {"list", 10, list},
        {"sweep", 9, sweep, true},
        {"close_last", 4, close_last, true},
        {"close_last_with_view", 3, close_last_with_view, true},
        {"unmap", 0, unmap},
    };
    return all;
}

} // namespace

const std::vector<scenario> &scenarios() {
    static const std::vector<scenario> all = [] {
        std::vector<scenario> together = mapping_scenarios();
        together.insert(together.end(), waitable_scenarios().begin(), waitable_scenarios().end());
        return together;
    }();
    return all;
}

} // namespace fm::fault
