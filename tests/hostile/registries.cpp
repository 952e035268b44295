// What others may plant in place of a registry of waiting threads, or do to it while it is used. The processes are
// children with a namespace of their own.
#include "hostile/plant.hpp"
#include "process/puppet.hpp"
#include "process/waitables.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <sys/stat.h>
#include <unistd.h>

namespace fm::test {

namespace {

constexpr uint32_t nobody = 65534;
constexpr std::size_t header_bytes = 4096, slot_bytes = 4096;

/// The beginning of a registry: docs/synchronisation.md.
struct registry_header {
    char magic[8] = "fm-regs";
    uint32_t layout = 1;
    uint32_t window = 1024;
    uint64_t id = 4711;
    uint32_t next_slot = 0;
    uint32_t fallback = 0;
};

std::string header(const std::function<void(registry_header &)> &change = [](registry_header &) {}) {
    registry_header block;
    change(block);
    std::string page(header_bytes, '\0');
    std::memcpy(page.data(), &block, sizeof block);
    return page;
}

/// Not all of it: a registry is 64 MiB long, mostly holes.
std::string beginning_of(const std::string &path) {
    std::string bytes(4, '\0');
    std::ifstream(path, std::ios::binary).read(bytes.data(), 4);
    return bytes;
}

class hostile_registries : public testing::TestWithParam<bool> {
protected:
    void SetUp() override {
        ASSERT_TRUE(may_change_user()) << "these tests become another user, so they need root";
        const std::string own = folder_.path() + "/filemap-0";
        std::filesystem::create_directory(own);
        ASSERT_EQ(0, chmod(own.c_str(), 0700));
    }
    child_options here(uint32_t user = 0) const {
        child_options options;
        options.user = user;
        options.environment = {{"FILEMAP_DIR", folder_.path()}};
        return options;
    }
    bool shared() const { return GetParam(); }
    std::string registry() const { return folder_.path() + (shared() ? "/filemap.registry-1" : "/filemap-0/registry-1"); }
    reply create(puppet &one, const char *kind = "event", const char *slot = "a") {
        const std::string name = std::string(shared() ? "Global\\" : "Local\\") + kind;
        return one.ask(kind, slot, name, 0, 0, shared() ? "0666" : "0");
    }
    /// Everything that needs the registry works.
    void expect_sound(puppet &one) {
        ASSERT_EQ("FM_OK", create(one));
        ASSERT_EQ("FM_OK", create(one, "mutex", "m"));
        EXPECT_EQ("FM_TIMED_OUT", one.ask("wait", "a", 5));
        EXPECT_EQ("FM_OK", one.ask("wait", "m"));
        EXPECT_EQ("FM_TIMED_OUT", one.ask("thread", "wait", "m", 0));
        EXPECT_EQ("FM_OK", one.ask("unlock", "m"));
        EXPECT_EQ("FM_OK", one.ask("thread", "wait", "m"));
        EXPECT_EQ("FM_ABANDONED", one.ask("wait", "m"));
    }
    /// Neither used nor changed nor removed; and what needs no registry works.
    void expect_refused(const char *status, uint32_t user = 0) {
        const auto type = std::filesystem::symlink_status(registry()).type();
        puppet one(here(user));
        for (const char *kind : {"event", "mutex", "timer"}) {
            one.tell(kind, "a", std::string(shared() ? "Global\\" : "Local\\") + kind, 0, 0, shared() ? "0666" : "0");
            const std::string answer = one.receive().value_or("gone");
            EXPECT_EQ(status, answer.substr(0, answer.find('\t')));
            EXPECT_NE(std::string::npos, answer.find("registry-1")) << "it does not say what is wrong: " << answer;
        }
        EXPECT_EQ("FM_OK", one.ask("create", "x", "Local\\mapping", 4096));
        EXPECT_EQ("exit 0", one.leave());
        EXPECT_EQ(type, std::filesystem::symlink_status(registry()).type());
    }
    /// For everybody, where it is the shared one.
    void plant(const std::string &bytes) {
        std::filesystem::remove(registry());
        write_file(registry(), bytes);
        if (shared()) {
            ASSERT_EQ(0, chmod(registry().c_str(), 0666));
        }
    }

    const shared_folder folder_;
};

} // namespace

TEST_P(hostile_registries, a_directory) {
    std::filesystem::create_directory(registry());
    expect_refused("FM_E_CORRUPT");
}

TEST_P(hostile_registries, a_link) {
    const std::string target = folder_.path() + "/target";
    write_file(target, header());
    std::filesystem::create_symlink(target, registry());
    expect_refused("FM_E_CORRUPT");
    EXPECT_EQ(header(), read_file(target));
    std::filesystem::remove(target);
    expect_refused("FM_E_CORRUPT");
    EXPECT_FALSE(exists(target));
}

TEST_P(hostile_registries, a_pipe) {
    ASSERT_EQ(0, mkfifo(registry().c_str(), 0666));
    expect_refused("FM_E_CORRUPT");
}

TEST_P(hostile_registries, of_another_version) {
    const std::string cases[] = {header([](registry_header &h) { h.layout = 2; }),
                                 header([](registry_header &h) { h.layout = 0; }),
                                 header([](registry_header &h) { h.magic[3] = 'x'; }), std::string(header_bytes, 'g'), "text"};
    for (const std::string &bytes : cases) {
        plant(bytes);
        expect_refused("FM_E_VERSION");
        EXPECT_EQ(bytes.substr(0, 4), beginning_of(registry()));
    }
}

/// A maker that was killed in the midst of it leaves a file that is too short, or has no header yet.
TEST_P(hostile_registries, too_short_or_half_made) {
    const std::string cases[] = {"", std::string(1, '\0'), std::string(4095, '\0'), std::string(8192, '\0'), header(),
                                 header([](registry_header &h) { h.window = 0; }),
                                 header([](registry_header &h) { h.id = 0; })};
    for (const std::string &bytes : cases) {
        SCOPED_TRACE(bytes.size());
        plant(bytes);
        puppet one(here()), two(here());
        expect_sound(one);
        ASSERT_EQ("FM_OK", two.ask("open_event", "a", shared() ? "Global\\event" : "Local\\event", "all"));
        two.tell("wait", "a");
        settle(5);
        EXPECT_EQ("FM_OK", one.ask("set", "a"));
        EXPECT_EQ("FM_OK", two.answer());
    }
}

TEST_P(hostile_registries, a_window_that_cannot_be) {
    for (const uint32_t window : {1u, 16385u, 0x80000000u, 0xffffffffu}) {
        SCOPED_TRACE(window);
        plant(header([&](registry_header &h) { h.window = window; }));
        puppet one(here());
        ASSERT_EQ("FM_OK", create(one));
        EXPECT_EQ("FM_E_CORRUPT", one.ask("wait", "a", 5));
        EXPECT_EQ("FM_TIMED_OUT", one.ask("wait", "a", 0));
        EXPECT_EQ("FM_OK", one.ask("set", "a"));
        EXPECT_EQ("FM_OK", one.ask("wait", "a"));
    }
}

TEST_P(hostile_registries, a_small_window_grows) {
    plant(header([](registry_header &h) { h.window = 2; }));
    std::vector<puppet> children;
    for (int i = 0; i < 5; ++i) {
        children.emplace_back(here());
        const std::string name = std::string(shared() ? "Global\\" : "Local\\") + "m" + std::to_string(i);
        ASSERT_EQ("FM_OK", children.back().ask("mutex", "a", name, FM_MUTEX_OWNED, 0, shared() ? "0666" : "0"));
    }
    for (puppet &each : children) EXPECT_EQ("FM_OK", each.ask("unlock", "a"));
}

TEST_P(hostile_registries, garbage_in_the_slots) {
    std::mt19937_64 random(7);
    for (int round = 0; round < 6; ++round) {
        std::string bytes = header([&](registry_header &h) { h.next_slot = static_cast<uint32_t>(random()); });
        bytes.resize(header_bytes + 200 * slot_bytes);
        for (std::size_t at = header_bytes; at < bytes.size(); at += 8) {
            const uint64_t value = random() >> (random() % 4 * 21); // small numbers, too
            std::memcpy(&bytes[at], &value, 8);
        }
        if (round % 2 == 0) // free slots whose last owners left garbage
            for (std::size_t slot = header_bytes; slot < bytes.size(); slot += slot_bytes)
                for (std::size_t cell = 0; cell < 16; ++cell) std::memset(&bytes[slot + cell * 64], 0, 4);
        plant(bytes);
        std::vector<puppet> children;
        for (int i = 0; i < 4; ++i) children.emplace_back(here());
        for (puppet &each : children) {
            ASSERT_EQ("FM_OK", each.ask("semaphore", "a", "-", 0, 5));
            const reply made = create(each, "mutex", "m");
            ASSERT_TRUE(made == "FM_OK" || made == "FM_EXISTED") << made;
            const reply owned = each.ask("wait", "m");
            EXPECT_TRUE(owned == "FM_OK" || owned == "FM_ABANDONED") << owned;
            EXPECT_EQ("FM_OK", each.ask("unlock", "m"));
            EXPECT_EQ("FM_TIMED_OUT", each.ask("wait", "a", 3));
        }
    }
}

/// Later ones have a new registry, and those who use the old one are told apart.
TEST_P(hostile_registries, removed_while_it_is_used) {
    puppet early(here()), late(here());
    ASSERT_EQ("FM_OK", create(early));
    ASSERT_EQ("FM_OK", create(early, "mutex", "m"));
    ASSERT_EQ("FM_OK", early.ask("wait", "m"));
    ASSERT_TRUE(std::filesystem::remove(registry()));
    late.tell("open_event", "a", shared() ? "Global\\event" : "Local\\event", "all");
    const std::string answer = late.receive().value_or("gone");
    EXPECT_EQ(0u, answer.find("FM_E_NOT_SUPPORTED")) << answer;
    EXPECT_NE(std::string::npos, answer.find("registry was removed")) << answer;
    EXPECT_EQ("FM_E_NOT_SUPPORTED", create(late));
    EXPECT_EQ("FM_OK", early.ask("unlock", "m")); // nothing changes for those who had it
    EXPECT_EQ("FM_OK", early.ask("thread", "wait", "m"));
    EXPECT_EQ("FM_ABANDONED", early.ask("wait", "m"));
    EXPECT_EQ("FM_TIMED_OUT", early.ask("wait", "a", 5));
    EXPECT_EQ("FM_OK", late.ask("event", "b", shared() ? "Global\\new" : "Local\\new", 0, 0, shared() ? "0666" : "0"));
    EXPECT_EQ("FM_TIMED_OUT", late.ask("wait", "b", 5));
    EXPECT_EQ("FM_E_NOT_SUPPORTED", early.ask("open_event", "x", shared() ? "Global\\new" : "Local\\new", "all"));
    EXPECT_EQ("FM_OK", early.ask("close", "a"));
    EXPECT_EQ("FM_OK", create(late)); // the name is free
}

INSTANTIATE_TEST_SUITE_P(of, hostile_registries, testing::Bool(),
                         [](const auto &which) { return which.param ? "all_users" : "one_user"; });

/// The shared one, where another user came first.
class hostile_shared_registry : public hostile_registries {};

TEST_P(hostile_shared_registry, that_its_maker_keeps_to_himself) {
    plant(header());
    ASSERT_EQ(0, chown(registry().c_str(), nobody, nobody));
    ASSERT_EQ(0, chmod(registry().c_str(), 0600));
    expect_refused("FM_E_ACCESS_DENIED", 65533);
    puppet maker(here(nobody));
    EXPECT_EQ("FM_OK", create(maker)); // its maker may, and opens it to all: he may have been killed before he did so
    puppet stranger(here(65533));
    EXPECT_EQ("FM_OK", stranger.ask("open_event", "a", "Global\\event", "all"));
}

TEST_P(hostile_shared_registry, of_another_user_is_as_good) {
    plant("");
    ASSERT_EQ(0, chown(registry().c_str(), nobody, nobody));
    puppet stranger(here(65533));
    expect_sound(stranger);
}

INSTANTIATE_TEST_SUITE_P(of, hostile_shared_registry, testing::Values(true),
                         [](const auto &) { return std::string("all_users"); });

} // namespace fm::test
