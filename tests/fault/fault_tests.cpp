// Plays every scenario with each of its system calls and allocations failing, and looks at what that leaves.

#include "first_use.hpp"
#include "registry_use.hpp"
#include "trial.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

namespace fm::fault {

namespace {

using target = plan::target;

std::string joined(const std::vector<std::string> &texts) {
    std::string all;
    for (const std::string &text : texts) all += "\n  " + text;
    return all;
}

class fault : public testing::TestWithParam<scenario> {
protected:
    /// One run, and what is left after it: no descriptor, no mapping, and in the namespace nothing that a failure of
    /// the ending itself does not excuse, and that one later use does not remove.
    trial play(const plan &chosen) {
        uint64_t descriptors = open_descriptors(), mappings = mappings_of_objects();
        trial run(chosen);
        GetParam().play(run);
        std::string where = " after " + run.happened().text() + " (" + fm_status_name(run.status()) + " " + run.message() + ")";
        EXPECT_TRUE(run.problems().empty()) << "problems" << where << ":" << joined(run.problems());
        EXPECT_EQ(descriptors, open_descriptors()) << "descriptors" << where;
        EXPECT_EQ(mappings, mappings_of_objects()) << "mappings" << where;
        bool excused = run.happened().excuses_leftover || (GetParam().ends && run.happened().delivered);
        EXPECT_TRUE(excused || entries().empty()) << "left" << where << ":" << joined(entries());
        clean_up(where);
        return run;
    }

    void plays_as_ever(fm_status expected) {
        trial again = play({});
        EXPECT_EQ(expected, again.status()) << "the scenario does not work any more: " << again.message();
    }

    /// Fails each of `count` points in turn and counts the calls that came back with a failure.
    unsigned fail_each(target what, unsigned count, unsigned column, fm_status expected) {
        unsigned failed = 0;
        for (unsigned index = 0; index < count; ++index) {
            trial run = play({what, index, column});
            // A listing reads the locks of the whole system, so how often it asks depends on what else runs: a point may
            // lie behind its end this time, and then it was not passed over.
            unsigned reached = what == target::allocation ? run.happened().allocations : run.happened().system_calls;
            EXPECT_TRUE(run.happened().delivered || reached <= index) << "point " << index << " of " << count << " was passed over";
            failed += run.status() < 0;
            plays_as_ever(expected);
            if (HasFailure()) return failed;
        }
        return failed;
    }

private:
    static void clean_up(const std::string &where) {
        fm_sweep_info swept{};
        swept.struct_size = sizeof swept;
        EXPECT_EQ(FM_OK, fm_sweep(&swept));
        EXPECT_TRUE(entries().empty()) << "a later use does not remove what was left" << where << ":" << joined(entries());
    }
};

std::string name_of(const testing::TestParamInfo<scenario> &info) { return info.param.name; }

} // namespace

TEST_P(fault, each_system_call_fails) {
    play({}); // what the first run alone does is not of this scenario
    trial sound = play({});
    ASSERT_GE(sound.status(), 0) << sound.message();
    ASSERT_FALSE(sound.happened().delivered);
    unsigned count = sound.happened().system_calls, failed = 0;
    ASSERT_GE(count, GetParam().least_calls);
    for (unsigned column = 0; column < columns && !HasFailure(); ++column)
        failed += fail_each(target::system_call, count, column, sound.status());
    std::printf("%u system calls, each failing with %u errnos: %u failures came back\n", count, columns, failed);
    bool must_fail = !GetParam().ends && GetParam().least_calls > 0;
    EXPECT_TRUE(!must_fail || failed >= columns / 2) << "hardly any failure was noticed";
}

TEST_P(fault, each_allocation_fails) {
    play({});
    trial sound = play({});
    ASSERT_GE(sound.status(), 0) << sound.message();
    fail_each(target::allocation, sound.happened().allocations, 0, sound.status());
}

INSTANTIATE_TEST_SUITE_P(scenarios, fault, testing::ValuesIn(scenarios()), name_of);

/// The proof that a failure is delivered where it was planned, and nowhere else.
TEST(injection, fails_the_call_it_was_told_to) {
    fm_handle made = nullptr;
    record sound = run_with({}, [&] { ASSERT_EQ(FM_OK, fm_create(nullptr, 4096, nullptr, &made)); });
    fm_close(made);
    EXPECT_FALSE(sound.delivered);
    ASSERT_GE(sound.system_calls, 3u);
    unsigned failed = 0;
    for (unsigned index = 0; index < sound.system_calls; ++index) {
        fm_status status = FM_OK;
        record run = run_with({target::system_call, index, 0}, [&] { status = fm_create(nullptr, 4096, nullptr, &made); });
        EXPECT_TRUE(run.delivered) << index;
        failed += status < 0;
        EXPECT_TRUE(status == FM_OK || run.failed_errno == fm_last_os_error()) << run.text() << ", not " << fm_last_os_error();
        if (status == FM_OK) fm_close(made);
    }
    EXPECT_GE(failed, 3u);
    record beyond = run_with({target::system_call, sound.system_calls, 0}, [&] {
        EXPECT_EQ(FM_OK, fm_create(nullptr, 4096, nullptr, &made));
    });
    fm_close(made);
    EXPECT_FALSE(beyond.delivered);
}

/// What needs a process for each failure, and one that has not used the library yet, is done by this program anew.
void expect_attack_to_fail(const char *option) {
    pid_t fresh = ::fork();
    ASSERT_GE(fresh, 0);
    if (fresh == 0) {
        ::execl("/proc/self/exe", "filemap_fault_tests", option, nullptr);
        ::_exit(126);
    }
    int end = 0;
    ASSERT_EQ(fresh, ::waitpid(fresh, &end, 0));
    EXPECT_TRUE(WIFEXITED(end) && WEXITSTATUS(end) == 0) << "see above; status " << end;
}

TEST(first_use, each_system_call_fails) { expect_attack_to_fail(first_use_option); }
TEST(registry_use, each_system_call_fails_and_all_slots_are_taken) { expect_attack_to_fail(registry_use_option); }

} // namespace fm::fault

int main(int argc, char **argv) {
    ::setenv("FILEMAP_DIR", fm::fault::own_folder().c_str(), 1);
    if (argc == 2 && std::strcmp(argv[1], fm::fault::first_use_option) == 0) return fm::fault::attack_first_use();
    if (argc == 2 && std::strcmp(argv[1], fm::fault::registry_use_option) == 0) return fm::fault::attack_registry_use();
    testing::InitGoogleTest(&argc, argv);
    for (const char *name : {"Local\\first", "Global\\first", ""}) { // the first use is an attack of its own
        fm_handle first = nullptr;
        if (fm_create(name, 4096, nullptr, &first) == FM_OK) fm_close(first);
    }
    for (uint32_t permissions : {0600u, 0666u}) { // both registries of waiting threads, and this thread in both
        fm_handle first = nullptr;
        fm_object_options given{};
        given.struct_size = sizeof given;
        given.permissions = permissions;
        if (fm_mutex_create("Global\\first", FM_MUTEX_OWNED, &given, &first) == FM_OK) fm_close(first);
    }
    return RUN_ALL_TESTS();
}
