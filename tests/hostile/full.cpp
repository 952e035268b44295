// A namespace on a file system that is full, has no room for files, or may not be written: a tmpfs of its own, in a
// mount namespace of its own. Where it cannot be mounted the test fails and says so.
#include "hostile/attempts.hpp"
#include "hostile/plant.hpp"
#include "support/files.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sched.h>
#include <sys/mount.h>

namespace fm::test {

namespace {

const std::string folder = "/dev/shm"; // as it is for this child alone
constexpr uint64_t room = 1 << 20;

void mount_small(const std::string &with) {
    const bool mounted = unshare(CLONE_NEWNS) == 0 && mount("", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                         mount("tmpfs", folder.c_str(), "tmpfs", 0, with.c_str()) == 0;
    if (!mounted) throw std::system_error(errno, std::generic_category(), "mounting a tmpfs (this needs CAP_SYS_ADMIN)");
    setenv("FILEMAP_DIR", folder.c_str(), 1);
}

unsigned files() {
    unsigned count = 0;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder)) count += !entry.is_directory();
    return count;
}

/// A file that leaves so many bytes free.
class ballast {
public:
    explicit ballast(uint64_t left) {
        std::ofstream file(path_, std::ios::binary);
        const std::string page(4096, 'b');
        for (uint64_t free = std::filesystem::space(folder).available; free > left; free -= page.size()) file << page;
        file.close();
        EXPECT_TRUE(file.good());
        EXPECT_EQ(left, std::filesystem::space(folder).available);
    }
    ~ballast() { std::filesystem::remove(path_); }
    ballast(const ballast &) = delete;
    ballast &operator=(const ballast &) = delete;

private:
    const std::string path_ = folder + "/ballast";
};

void refuse(const std::string &name, uint64_t size, const fm_create_options &with = options()) {
    SCOPED_TRACE(name + " " + std::to_string(size));
    const unsigned before = files();
    const uint64_t available = std::filesystem::space(folder).available;
    EXPECT_STATUS(FM_E_NO_SPACE, attempt_create(name, size, with));
    EXPECT_NE(std::string::npos, last_error().find("FILEMAP_DIR")) << "no advice: " << last_error();
    EXPECT_EQ(before, files()) << "something is left behind";
    EXPECT_EQ(available, std::filesystem::space(folder).available);
    EXPECT_STATUS(FM_E_NOT_FOUND, attempt_open(name));
}

/// Every page of what could be created is there: one that is not would be the end of this process.
void fill_with_mappings() {
    std::vector<handle> all;
    fm_status status = FM_OK;
    while (all.size() < 64 && status == FM_OK) {
        handle made;
        status = fm_create(("Local\\small" + std::to_string(all.size())).c_str(), 65536, nullptr, made.out());
        if (status != FM_OK) break;
        std::memset(bytes_of(mapped(made)), 'x', 65536);
        all.push_back(std::move(made));
    }
    EXPECT_STATUS(FM_E_NO_SPACE, status);
    EXPECT_LT(10u, all.size());
    EXPECT_EQ(all.size(), files());
    all.clear();
    EXPECT_EQ(0u, files());
}

void refuse_what_does_not_fit() {
    for (const char *name : {"Local\\big", "Global\\big"})
        for (const uint64_t size : {4 * room, room, room - 4096 + 1}) refuse(name, size);
    EXPECT_STATUS(FM_E_NO_SPACE, attempt_create("Local\\huge", uint64_t(1) << 45)); // more than any memory
    refuse("Local\\" + std::string(3000, 'n'), room);
    temp_file file(100);
    fm_create_options with = options();
    with.file_path = file.path().c_str();
    for (const uint64_t left : {0, 4096}) {
        const ballast all_but(left);
        refuse("Local\\page", 4096); // a page of contents takes two
        if (left != 0) continue;
        refuse("Local\\reserved", room, options(FM_RESERVE));
        refuse("Local\\file", 100, with);
        EXPECT_EQ(100u, file.size());
    }
    EXPECT_STATUS(FM_OK, attempt_create("Local\\page"));
}

void grow_a_file_on_it() {
    const std::string path = folder + "/grows";
    write_file(path, std::string(5000, 'g'));
    fm_create_options with = options();
    with.file_path = path.c_str();
    EXPECT_STATUS(FM_E_NO_SPACE, attempt_create("Local\\file", 4 * room, with));
    EXPECT_STATUS(FM_E_NO_SPACE, attempt_create("", 4 * room, with));
    EXPECT_EQ(std::string(5000, 'g'), read_file(path));
    std::filesystem::remove(path);
    EXPECT_EQ(0u, files());
}

void commit_more_than_there_is() {
    const handle mapping = created("Local\\reserved", 8 * room, options(FM_RESERVE));
    EXPECT_STATUS(FM_E_NO_SPACE, fm_commit(mapping, 0, 4 * room));
    EXPECT_STATUS(FM_OK, fm_commit(mapping, room, 65536));
    const view all = mapped(mapping);
    const std::string text(65536, 't');
    {
        const ballast everything(0);
        EXPECT_STATUS(FM_OK, fm_write(all, room, text.data(), text.size()));
        char byte = 'b';
        EXPECT_STATUS(FM_E_IN_PAGE, fm_write(all, 0, &byte, 1));
        EXPECT_STATUS(FM_E_NO_SPACE, fm_commit(mapping, 0, 4096));
    }
    EXPECT_STATUS(FM_OK, fm_commit(mapping, 0, 4096));
    EXPECT_EQ(std::string(3, '\0'), read_text(all, 0, 3));
}

/// The dead make room for their successors.
void replace_dead() {
    const std::string path = folder + "/filemap.o.dead";
    control block;
    block.where = FM_LIST_GLOBAL;
    block.size = block.data_bytes = room / 4 * 3;
    block.name_bytes = 4;
    write_file(path, image(block, block.data_bytes, "dead"));
    const handle made = created("Global\\dead", room / 4 * 3);
    EXPECT_EQ(std::string(3, '\0'), read_text(mapped(made), 0, 3));
}

int run_full(const arguments &) {
    mount_small("size=" + std::to_string(room));
    for (const char *each : {"Local\\warm", "Global\\warm"}) created(each);
    const std::string descriptors = open_descriptors();
    fill_with_mappings();
    refuse_what_does_not_fit();
    grow_a_file_on_it();
    commit_more_than_there_is();
    replace_dead();
    EXPECT_EQ(0u, files());
    EXPECT_EQ(descriptors, open_descriptors());
    return role_result();
}

int run_without_inodes(const arguments &values) {
    mount_small("nr_inodes=" + values.at(0));
    std::vector<handle> all;
    fm_status status = FM_OK;
    while (all.size() < 16 && status == FM_OK) {
        handle made;
        status = fm_create(("Local\\" + std::to_string(all.size())).c_str(), 4096, nullptr, made.out());
        if (status == FM_OK) all.push_back(std::move(made));
    }
    EXPECT_STATUS(FM_E_NO_SPACE, status);
    EXPECT_EQ(all.size(), files());
    if (all.empty()) return role_result();
    all.pop_back();
    EXPECT_STATUS(FM_OK, attempt_create("Local\\again"));
    return role_result();
}

int run_read_only(const arguments &) {
    mount_small("size=" + std::to_string(room));
    for (const char *each : {"Local\\warm", "Global\\warm"}) created(each);
    write_file(folder + "/filemap.o.dead", "garbage");
    EXPECT_EQ(0, mount("", folder.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr));
    for (const char *name : {"Local\\x", "Global\\x", "Global\\dead"}) {
        SCOPED_TRACE(name);
        EXPECT_STATUS(FM_E_NOT_FOUND, attempt_open(name));
        EXPECT_STATUS(FM_E_ACCESS_DENIED, attempt_create(name));
        EXPECT_NE(std::string::npos, last_error().find(folder)) << last_error();
    }
    EXPECT_EQ(1u, list_all().size());
    EXPECT_EQ(1u, swept().remaining);
    return role_result();
}

const role roles[] = {{"full", run_full}, {"without_inodes", run_without_inodes}, {"read_only", run_read_only}};

} // namespace

TEST(hostile_full, memory) { expect_role_to_pass("full", {}); }

TEST(hostile_full, room_for_files) {
    for (const char *inodes : {"1", "2", "3", "6"}) // the folder itself is one
        expect_role_to_pass("without_inodes", {inodes});
}

TEST(hostile_full, not_to_be_written) { expect_role_to_pass("read_only", {}); }

} // namespace fm::test
