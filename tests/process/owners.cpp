// Mutexes between processes: who owns one, and what becomes of it when its owner ends, in whatever way.
#include "process/puppet.hpp"
#include "process/waitables.hpp"

#include <atomic>

namespace fm::test {

namespace {

/// A mutex that this process has open, and two others with it as "a".
class owning_processes : public testing::Test {
protected:
    owning_processes() {
        for (puppet *each : {&one_, &two_})
            if (each->ask("open_mutex", "a", name_, "all") != "FM_OK")
                throw std::runtime_error("a child cannot open the mutex");
    }
    /// It is normal again: owned, released, and nothing is remembered.
    void expect_sound() {
        EXPECT_STATUS(FM_OK, look(mutex_));
        EXPECT_STATUS(FM_OK, fm_mutex_release(mutex_));
        EXPECT_STATUS(FM_E_NOT_OWNER, fm_mutex_release(mutex_));
    }

    const std::string name_ = unique_name();
    const handle mutex_ = new_mutex(name_);
    puppet one_, two_;
};

/// Acquires and releases a mutex until its input ends, and looks whether anybody else is inside: role "intruder mutex
/// memory". What a killed one has left there is forgiven to whom the library tells of it.
int intrude(const arguments &values) {
    handle mutex;
    if (fm_mutex_open(values.at(0).c_str(), FM_ACCESS_ALL, mutex.out()) != FM_OK) return 1;
    const view memory = mapped(opened(values.at(1)));
    auto &inside = *reinterpret_cast<std::atomic<uint32_t> *>(bytes_of(memory));
    std::atomic<bool> ended{false};
    std::thread listener([&] {
        while (hear()) continue;
        ended = true;
    });
    say("ready");
    bool alone = true;
    while (!ended) {
        const fm_status status = wait_for(mutex);
        if (status != FM_OK && status != FM_ABANDONED) alone = false;
        if (inside.exchange(1) != 0 && status != FM_ABANDONED) alone = false;
        for (int pause = 0; pause < 200; ++pause) inside.load();
        if (inside.exchange(0) != 1) alone = false;
        if (fm_mutex_release(mutex) != FM_OK) alone = false;
    }
    listener.join();
    say(alone ? "nobody else was inside" : "somebody else was inside");
    return 0;
}

const role registered("intruder", intrude);

} // namespace

TEST_F(owning_processes, m1_one_owner_at_a_time) {
    ASSERT_EQ("FM_OK", one_.ask("wait", "a"));
    EXPECT_EQ("FM_TIMED_OUT", two_.ask("wait", "a", 0));
    EXPECT_STATUS(FM_TIMED_OUT, look(mutex_));
    EXPECT_EQ("FM_E_NOT_OWNER", two_.ask("unlock", "a"));
    EXPECT_STATUS(FM_E_NOT_OWNER, fm_mutex_release(mutex_));
    two_.tell("wait", "a");
    settle();
    ASSERT_EQ("FM_OK", one_.ask("unlock", "a"));
    EXPECT_EQ("FM_OK", two_.answer());
    EXPECT_EQ("FM_TIMED_OUT", one_.ask("wait", "a", 0));
    EXPECT_EQ("FM_OK", two_.ask("unlock", "a"));
    expect_sound();
}

TEST_F(owning_processes, m1_as_often_as_acquired) {
    for (int times = 0; times < 3; ++times) ASSERT_EQ("FM_OK", one_.ask("wait", "a"));
    for (int times = 0; times < 2; ++times) ASSERT_EQ("FM_OK", one_.ask("unlock", "a"));
    EXPECT_EQ("FM_TIMED_OUT", two_.ask("wait", "a", 0));
    ASSERT_EQ("FM_OK", one_.ask("unlock", "a"));
    EXPECT_EQ("FM_OK", two_.ask("wait", "a", 0));
}

TEST_F(owning_processes, the_owner_is_told) {
    ASSERT_EQ("FM_OK", one_.ask("wait", "a"));
    const auto expected = static_cast<uint32_t>(on_windows() ? 0 : one_.id()); // 0: the system cannot tell
    EXPECT_EQ(expected, queried(mutex_).owner);
    EXPECT_EQ("FM_OK 1", one_.ask("ready", "a"));
    EXPECT_EQ("FM_OK 0", two_.ask("ready", "a"));
}

TEST_F(owning_processes, m10_the_blocked_one_acquires_what_a_killed_owner_left) {
    ASSERT_EQ("FM_OK", one_.ask("wait", "a"));
    ASSERT_EQ("FM_OK", one_.ask("wait", "a")); // twice: the second one is to be forgotten as well
    two_.tell("wait", "a");
    settle();
    one_.kill();
    EXPECT_EQ("killed", one_.wait());
    EXPECT_EQ("FM_ABANDONED", two_.answer());
    EXPECT_STATUS(FM_TIMED_OUT, look(mutex_)); // it owns it
    EXPECT_EQ("FM_OK", two_.ask("unlock", "a"));
    EXPECT_EQ("FM_E_NOT_OWNER", two_.ask("unlock", "a"));
    expect_sound();
}

TEST_F(owning_processes, m10_whoever_comes_later_is_told_too) {
    ASSERT_EQ("FM_OK", one_.ask("wait", "a"));
    one_.kill();
    EXPECT_EQ("killed", one_.wait());
    EXPECT_EQ("FM_OK 1", two_.ask("ready", "a"));
    EXPECT_STATUS(FM_ABANDONED, look(mutex_));
    EXPECT_EQ("FM_TIMED_OUT", two_.ask("wait", "a", 0));
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex_));
    EXPECT_EQ("FM_OK", two_.ask("wait", "a")); // told once
}

TEST_F(owning_processes, m10_an_owner_that_exits_abandons) {
    ASSERT_EQ("FM_OK", one_.ask("wait", "a"));
    two_.tell("wait", "a");
    settle();
    EXPECT_EQ("exit 0", one_.leave());
    EXPECT_EQ("FM_ABANDONED", two_.answer());
    EXPECT_EQ("FM_OK", two_.ask("unlock", "a"));
    expect_sound();
}

TEST_F(owning_processes, m4_a_thread_that_ends_in_a_process_that_lives) {
    two_.tell("wait", "a", patience_ms);
    EXPECT_EQ("FM_OK", two_.answer());
    EXPECT_EQ("FM_OK", two_.ask("unlock", "a"));
    ASSERT_EQ("FM_OK", one_.ask("thread", "wait", "a"));
    EXPECT_EQ("FM_ABANDONED", two_.ask("wait", "a"));
    EXPECT_EQ("FM_E_NOT_OWNER", one_.ask("unlock", "a"));
    EXPECT_EQ("FM_OK", two_.ask("unlock", "a"));
    EXPECT_EQ("FM_E_NOT_OWNER", one_.ask("thread", "unlock", "a"));
    expect_sound();
}

TEST_F(owning_processes, m5_closing_the_handle_is_not_releasing) {
    ASSERT_EQ("FM_OK", one_.ask("wait", "a"));
    ASSERT_EQ("FM_OK", one_.ask("close", "a"));
    EXPECT_EQ("FM_TIMED_OUT", two_.ask("wait", "a", 0));
    two_.tell("wait", "a");
    settle();
    EXPECT_EQ("exit 0", one_.leave());
    EXPECT_EQ("FM_ABANDONED", two_.answer());
}

TEST_F(owning_processes, an_owner_that_closed_and_opened_again_still_owns) {
    ASSERT_EQ("FM_OK", one_.ask("wait", "a"));
    ASSERT_EQ("FM_OK", one_.ask("close", "a"));
    ASSERT_EQ("FM_OK", one_.ask("open_mutex", "a", name_, "all"));
    EXPECT_EQ("FM_OK", one_.ask("unlock", "a"));
    EXPECT_EQ("FM_OK", two_.ask("wait", "a", 0));
}

TEST_F(owning_processes, w6_several_waiters_and_a_killed_owner) {
    std::vector<puppet> others(3);
    for (puppet &each : others) ASSERT_EQ("FM_OK", each.ask("open_mutex", "a", name_, "all"));
    ASSERT_EQ("FM_OK", one_.ask("wait", "a"));
    for (puppet &each : others) {
        each.tell("wait", "a");
        each.tell("unlock", "a");
    }
    two_.tell("wait_any", patience_ms, "a");
    two_.tell("unlock", "a");
    settle();
    one_.kill();
    EXPECT_EQ("killed", one_.wait());
    unsigned abandoned = 0, acquired = 0;
    const auto count = [&](const reply &answer) {
        abandoned += answer == "FM_ABANDONED" || answer == "FM_ABANDONED 0";
        acquired += answer == "FM_OK" || answer == "FM_OK 0";
    };
    for (puppet &each : others) {
        count(each.answer());
        EXPECT_EQ("FM_OK", each.answer());
    }
    count(two_.answer());
    EXPECT_EQ("FM_OK", two_.answer());
    EXPECT_EQ(1u, abandoned); // one acquires it from the dead, the others from one another
    EXPECT_EQ(3u, acquired);
    expect_sound();
}

TEST_F(owning_processes, a_chain_of_killed_owners) {
    std::vector<puppet> chain(4);
    for (puppet &each : chain) ASSERT_EQ("FM_OK", each.ask("open_mutex", "a", name_, "all"));
    ASSERT_EQ("FM_OK", chain[0].ask("wait", "a"));
    for (std::size_t i = 1; i < chain.size(); ++i) {
        chain[i].tell("wait", "a");
        settle();
        chain[i - 1].kill();
        EXPECT_EQ("killed", chain[i - 1].wait());
        ASSERT_EQ("FM_ABANDONED", chain[i].answer());
    }
    EXPECT_EQ("FM_OK", chain.back().ask("unlock", "a"));
    expect_sound();
}

TEST_F(owning_processes, m10_a_killed_owner_of_many) {
    std::vector<handle> mutexes;
    std::vector<fm_handle> values;
    for (int i = 0; i < 20; ++i) {
        const std::string name = unique_name();
        mutexes.push_back(new_mutex(name));
        values.push_back(mutexes.back());
        ASSERT_EQ("FM_OK", one_.ask("open_mutex", i, name, "all"));
        ASSERT_EQ("FM_OK", one_.ask("wait", i));
    }
    const auto count = static_cast<uint32_t>(values.size());
    EXPECT_STATUS(FM_TIMED_OUT, fm_wait_all(values.data(), count, 0));
    one_.kill();
    EXPECT_EQ("killed", one_.wait());
    EXPECT_STATUS(FM_ABANDONED, fm_wait_all(values.data(), count, patience_ns));
    for (const handle &each : mutexes) EXPECT_STATUS(FM_OK, fm_mutex_release(each));
    EXPECT_STATUS(FM_OK, fm_wait_all(values.data(), count, 0));
}

TEST(owner_processes, m2_the_creator_begins_as_owner_and_others_do_not) {
    const std::string name = unique_name();
    puppet first, second;
    ASSERT_EQ("FM_OK", first.ask("mutex", "a", name, FM_MUTEX_OWNED));
    EXPECT_EQ("FM_EXISTED", second.ask("mutex", "a", name, FM_MUTEX_OWNED));
    EXPECT_EQ("FM_E_NOT_OWNER", second.ask("unlock", "a"));
    second.tell("wait", "a");
    settle();
    EXPECT_EQ("FM_OK", first.ask("unlock", "a"));
    EXPECT_EQ("FM_OK", second.answer());
}

TEST(owner_processes, exclusion_with_owners_that_are_killed) {
    const std::string name = unique_name(), memory = unique_name("-inside");
    const handle mutex = new_mutex(name), mapping = created(memory);
    child survivor("intruder", {name, memory}), second_survivor("intruder", {name, memory});
    const int rounds = on_windows() ? 5 : 20;
    for (int round = 0; round < rounds; ++round) {
        child victim("intruder", {name, memory});
        victim.expect("ready");
        std::this_thread::sleep_for(std::chrono::microseconds(round * 137 % 4000));
        victim.kill();
        ASSERT_EQ("killed", victim.wait());
        const fm_status after = wait_for(mutex); // the victim may have been the owner, and nobody between
        ASSERT_TRUE(after == FM_OK || after == FM_ABANDONED) << describe(after);
        std::memset(bytes_of(mapped(mapping)), 0, 4);
        ASSERT_STATUS(FM_OK, fm_mutex_release(mutex));
    }
    for (child *each : {&survivor, &second_survivor}) {
        each->expect("ready");
        each->close_input();
        EXPECT_EQ("nobody else was inside", each->receive().value_or("nothing"));
        EXPECT_EQ("exit 0", each->wait());
    }
}

} // namespace fm::test
