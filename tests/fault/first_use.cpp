// A process's first use makes directories and sweeps. Each failure gets a forked process of its own; this one never uses
// the library itself.

#include "first_use.hpp"

#include "elsewhere.hpp"
#include "trial.hpp"

#include <cstdio>
#include <filesystem>

namespace fm::fault {

namespace {

/// What a forked process tells this one.
struct report {
    unsigned system_calls;
    bool delivered;
    fm_status status;
    unsigned problems;
};

void use_first(const plan &chosen, bool creates, report &told) {
    uint64_t descriptors = open_descriptors();
    auto made = poison<fm_handle>();
    trial run(chosen);
    run.act([&] {
        return creates ? fm_create("Local\\new", 4096, nullptr, &made) : fm_open("Local\\old-1", FM_ACCESS_READ, &made);
    });
    if (run.status() < 0) run.check(untouched(made), "a failure wrote its output");
    if (run.status() >= 0) run.must(fm_close(made), "fm_close");
    run.check(creates || run.status() < 0, "a dead entry was opened");
    // The directories of the namespace stay open: one for each scope.
    run.check(open_descriptors() <= descriptors + 2, "descriptors are left");
    for (const std::string &problem : run.problems())
        std::printf("first use, %s: %s\n", run.happened().text().c_str(), problem.c_str());
    told = {run.happened().system_calls, run.happened().delivered, run.status(), unsigned(run.problems().size())};
}

/// Three dead entries; a namespace without a directory for this user where `from_nothing`.
bool set_scene(bool from_nothing) {
    for (const auto &entry : std::filesystem::directory_iterator(own_folder())) std::filesystem::remove_all(entry.path());
    return from_nothing || elsewhere([] {
        for (const char *name : {"old-1", "old-2", "old-3"}) leave_dead(name, 5000);
    });
}

bool attack(const plan &chosen, bool creates, bool from_nothing, report &told) {
    if (!set_scene(from_nothing)) return std::printf("the scene cannot be set\n"), false;
    if (!elsewhere([&] { use_first(chosen, creates, told); })) return std::printf("a process crashed\n"), false;
    bool used = elsewhere([] {
        fm_handle none;
        fm_open("Local\\nothing", FM_ACCESS_READ, &none);
    });
    if (!used || !entries().empty()) return std::printf("%zu entries are left after one later use\n", entries().size()), false;
    return told.problems == 0;
}

} // namespace

int attack_first_use() {
    report &told = *shared_report<report>();
    unsigned attacks = 0, failures = 0;
    for (bool creates : {true, false})
        for (bool from_nothing : {true, false}) {
            if (!attack({}, creates, from_nothing, told) || told.system_calls < (from_nothing ? 3 : 12)) return 1;
            unsigned count = told.system_calls;
            for (unsigned point = 0; point < count * columns; ++point) {
                plan chosen{plan::target::system_call, point % count, point / count};
                if (!attack(chosen, creates, from_nothing, told)) return 1;
                ++attacks;
                failures += told.status < 0 && told.delivered;
            }
        }
    std::printf("%u attacks on a first use, %u failures came back\n", attacks, failures);
    return attacks > 200 && failures > 50 ? 0 : 1;
}

} // namespace fm::fault
