// Objects to wait for, and slots of those who wait, where there is no room: a tmpfs of its own, as in full.cpp.
#include "hostile/attempts.hpp"
#include "process/waitables.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sched.h>
#include <sys/mount.h>
#include <system_error>

namespace fm::test {

namespace {

const std::string folder = "/dev/shm"; // as it is for this child alone

void mount_small() {
    const bool mounted = unshare(CLONE_NEWNS) == 0 && mount("", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                         mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=1m") == 0;
    if (!mounted) throw std::system_error(errno, std::generic_category(), "mounting a tmpfs (this needs CAP_SYS_ADMIN)");
    setenv("FILEMAP_DIR", folder.c_str(), 1);
}

/// All pages but so many.
class ballast {
public:
    explicit ballast(uint64_t pages) {
        std::ofstream file(path_, std::ios::binary);
        const std::string page(4096, 'b');
        for (uint64_t free = std::filesystem::space(folder).available; free > pages * 4096; free -= page.size()) file << page;
    }
    ~ballast() { std::filesystem::remove(path_); }
    ballast(const ballast &) = delete;
    ballast &operator=(const ballast &) = delete;

private:
    const std::string path_ = folder + "/ballast";
};

unsigned entries() {
    unsigned count = 0;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder))
        count += entry.path().filename().string().find("o.") != std::string::npos;
    return count;
}

fm_status try_create(const std::string &name, uint32_t flags = 0, uint32_t permissions = 0) {
    handle made;
    const fm_object_options with = object_options(0, permissions);
    return fm_mutex_create(name.c_str(), flags, &with, made.out());
}

fm_status in_new_thread(const std::function<fm_status()> &call) {
    fm_status status = FM_E_SYSTEM;
    std::thread([&] { status = call(); }).join();
    return status;
}

/// No registry yet: neither it nor an object can be made, and everything can as soon as there is room.
void without_registry() {
    std::filesystem::create_directory(folder + "/filemap-0");
    std::filesystem::permissions(folder + "/filemap-0", std::filesystem::perms::owner_all);
    {
        const ballast all(0);
        for (const char *name : {"Local\\x", "Global\\x", ""}) EXPECT_STATUS(FM_E_NO_SPACE, try_create(name));
        EXPECT_STATUS(FM_E_NO_SPACE, try_create("Global\\x", 0, 0666));
        EXPECT_NE(std::string::npos, last_error().find("FILEMAP_DIR")) << "no advice: " << last_error();
        EXPECT_EQ(0u, entries());
    }
    {
        const ballast all_but_one(1); // for the registry's header, then
        EXPECT_STATUS(FM_E_NO_SPACE, try_create("Local\\x"));
        EXPECT_EQ(0u, entries());
    }
    for (const uint32_t permissions : {0u, 0666u}) EXPECT_STATUS(FM_OK, try_create("Global\\x", 0, permissions));
}

void without_slots() {
    const handle event = new_event("Local\\event"), mutex = new_mutex("Local\\mutex"), timer = new_timer("");
    EXPECT_STATUS(FM_TIMED_OUT, fm_wait(event, millisecond)); // this thread has its slot
    {
        const ballast all(0);
        EXPECT_STATUS(FM_E_NO_SPACE, in_new_thread([&] { return fm_wait(event, millisecond); }));
        EXPECT_STATUS(FM_TIMED_OUT, in_new_thread([&] { return look(event); }));
        EXPECT_STATUS(FM_E_NO_SPACE, in_new_thread([&] { return look(mutex); }));
        EXPECT_STATUS(FM_E_NO_SPACE, in_new_thread([&] { return fm_timer_set(timer, 0, 0); }));
        EXPECT_STATUS(FM_E_NO_SPACE, in_new_thread([&] { return try_create("", FM_MUTEX_OWNED); }));
        EXPECT_STATUS(FM_E_NO_SPACE, in_new_thread([&] { return fm_event_set(event); })); // somebody has waited for it
        EXPECT_STATUS(FM_TIMED_OUT, look(event));
        EXPECT_STATUS(FM_OK, fm_event_set(event)); // who has a slot goes on
        EXPECT_STATUS(FM_OK, wait_for(event));
        EXPECT_STATUS(FM_OK, look(mutex));
        EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
        EXPECT_STATUS(FM_TIMED_OUT, fm_wait(event, millisecond));
    }
    EXPECT_STATUS(FM_TIMED_OUT, in_new_thread([&] { return fm_wait(event, millisecond); }));
    EXPECT_STATUS(FM_OK, in_new_thread([&] { return look(mutex); }));
    EXPECT_STATUS(FM_ABANDONED, wait_for(mutex));
    EXPECT_STATUS(FM_OK, fm_mutex_release(mutex));
}

/// Each could be created, so each can be used, to the last page.
void fill_with_events() {
    std::vector<handle> all;
    fm_status status = FM_OK;
    while (all.size() < 400) {
        handle made;
        status = fm_event_create(("Local\\e" + std::to_string(all.size())).c_str(), 0, nullptr, made.out());
        if (status != FM_OK) break;
        all.push_back(std::move(made));
    }
    EXPECT_STATUS(FM_E_NO_SPACE, status);
    EXPECT_LT(100u, all.size());
    EXPECT_EQ(all.size(), entries());
    for (const handle &each : all) {
        EXPECT_STATUS(FM_OK, fm_event_set(each));
        EXPECT_STATUS(FM_OK, wait_for(each));
    }
    all.clear();
    EXPECT_EQ(0u, entries());
}

int run_full(const arguments &) {
    mount_small();
    without_registry();
    const std::string descriptors = open_descriptors();
    without_slots();
    fill_with_events();
    EXPECT_EQ(0u, entries());
    EXPECT_EQ(descriptors, open_descriptors());
    return role_result();
}

const role registered("waitables_full", run_full);

} // namespace

TEST(hostile_full, waitables) { expect_role_to_pass("waitables_full", {}); }

} // namespace fm::test
