// A process that is stopped while it holds an entry exclusively: the others give up after their patience, and say why.
#include "hostile/plant.hpp"
#include "process/puppet.hpp"
#include "support/test.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <sys/wait.h>

namespace fm::test {

namespace {

int run_stopping(const arguments &values) {
    const lock_on entry(values.at(0), lock_on::exclusive);
    say("locked");
    raise(SIGSTOP);
    return 0;
}

const role registered("stopping", run_stopping);

} // namespace

TEST(hostile_stopped, others_give_up_in_the_end) {
    const std::string path = local_entry("stopped");
    write_file(path, image_of("stopped"));
    child stopped("stopping", {path});
    stopped.expect("locked");
    siginfo_t state = {};
    ASSERT_EQ(0, waitid(P_PID, static_cast<id_t>(stopped.id()), &state, WSTOPPED | WNOWAIT));
    const auto start = std::chrono::steady_clock::now();
    puppet opener, creator, onlooker;
    opener.tell("open", "a", "Local\\stopped", "r");
    creator.tell("create", "a", "Local\\stopped", 4096);
    EXPECT_EQ("FM_OK 0 0", onlooker.ask("sweep")); // these do not wait
    EXPECT_EQ("FM_OK 1", onlooker.ask("list", "Local\\stopped"));
    EXPECT_EQ("FM_E_BUSY", opener.answer());
    EXPECT_EQ("FM_E_BUSY", creator.answer());
    EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::seconds(9)) << "patience is promised";
    EXPECT_TRUE(exists(path));
    stopped.kill();
    EXPECT_EQ("killed", stopped.wait());
    EXPECT_EQ("FM_E_NOT_FOUND", opener.ask("open", "a", "Local\\stopped", "r"));
    EXPECT_EQ("FM_OK", creator.ask("create", "a", "Local\\stopped", 4096));
}

} // namespace fm::test
