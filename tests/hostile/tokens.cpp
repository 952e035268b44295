// Tokens that were made up or changed, with a check value that is right all the same: they name other descriptors,
// other processes, nothing. Importing one is an error, and leaves this process's descriptors as they are.
#include "hostile/attempts.hpp"
#include "hostile/plant.hpp"
#include "process/puppet.hpp"
#include "support/files.hpp"

#include <cstddef>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <random>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fm::test {

namespace {

/// The bytes of a token, as dll/core/token.cpp describes them.
struct token_layout {
    char magic[8];
    uint32_t kind, access;
    int64_t process;
    uint64_t process_started;
    int64_t handle, file_handle;
    uint64_t identity[2];
    int64_t target_process;
    uint64_t reserved[2];
    uint64_t check;
};
static_assert(sizeof(token_layout) == FM_TOKEN_SIZE);

token_layout taken_apart(const fm_token &token) {
    token_layout parts;
    std::memcpy(&parts, token.bytes, sizeof parts);
    return parts;
}

fm_token put_together(token_layout parts) {
    parts.check = 0xcbf29ce484222325u;
    const auto *bytes = reinterpret_cast<const unsigned char *>(&parts);
    uint64_t hash = parts.check;
    for (std::size_t i = 0; i < offsetof(token_layout, check); ++i) hash = (hash ^ bytes[i]) * 0x100000001b3u;
    parts.check = hash;
    fm_token token;
    std::memcpy(token.bytes, &parts, sizeof parts);
    return token;
}

token_layout exported(fm_handle mapping) {
    fm_token token;
    EXPECT_STATUS(FM_OK, fm_export_token(mapping, 0, &token));
    return taken_apart(token);
}

fm_status import_of(const token_layout &parts) { return attempt_import(put_together(parts)); }

token_layout exported_by(puppet &other, const std::string &slot) {
    fm_token token;
    EXPECT_STATUS(FM_OK, fm_token_from_text(other.ask("export", slot, 0).news().c_str(), &token));
    return taken_apart(token);
}

std::string text_of(const token_layout &parts) {
    const fm_token token = put_together(parts);
    char text[FM_TOKEN_TEXT_SIZE];
    EXPECT_STATUS(FM_OK, fm_token_to_text(&token, text, sizeof text));
    return text;
}

handle unnamed_over(const std::string &file, uint32_t protection = 0) {
    fm_create_options with = options(0, protection);
    with.file_path = file.c_str();
    return created("", 0, with);
}

void point_to(token_layout &parts, int fd) {
    struct stat status = {};
    ASSERT_EQ(0, fstat(fd, &status));
    parts.handle = fd;
    parts.identity[0] = device_number(status.st_dev);
    parts.identity[1] = status.st_ino;
}

/// Descriptors of the caller that a token could name, all inheritable.
class callers {
public:
    callers() {
        fds_.push_back(::open(file_.path().c_str(), O_RDWR));
        fds_.push_back(memfd_create("callers", 0));
        fds_.push_back(socket(AF_UNIX, SOCK_STREAM, 0));
        fds_.push_back(::open("/dev/shm", O_RDONLY | O_DIRECTORY));
        fds_.push_back(::open("/dev/zero", O_RDWR));
        int ends[2];
        if (pipe(ends) == 0) fds_.insert(fds_.end(), ends, ends + 2);
    }
    ~callers() {
        for (const int fd : fds_) ::close(fd);
    }
    const std::vector<int> &all() const { return fds_; }

private:
    const temp_file file_{8192};
    std::vector<int> fds_;
};

using hostile_tokens = hostile;

/// An entry of one's own making, in a file of one's own, that says it has large pages, and that a small file is them.
int run_large_pages(const arguments &) { // in a child, since it could be the end of the process
    const temp_file small(4096);
    struct stat status = {};
    EXPECT_EQ(0, stat(small.path().c_str(), &status));
    control block;
    block.size = 64 << 20;
    block.data_bytes = 0;
    block.flags = FM_LARGE_PAGES;
    block.where = 0;
    block.file_device = device_number(status.st_dev);
    block.file_inode = status.st_ino;
    block.path_bytes = static_cast<uint32_t>(small.path().size());
    temp_file planted;
    planted.write(0, image(block, 0, small.path()));
    const int fd = ::open(planted.path().c_str(), O_RDWR | O_CLOEXEC);
    const int data = ::open(small.path().c_str(), O_RDWR | O_CLOEXEC);
    const handle mapping = unnamed();
    token_layout parts = exported(mapping);
    point_to(parts, fd);
    for (const int file_handle : {-1, data}) {
        parts.file_handle = file_handle;
        EXPECT_LT(import_of(parts), 0);
    }
    ::close(fd);
    ::close(data);
    return role_result();
}

const role registered("large_pages", run_large_pages);

} // namespace

TEST_F(hostile_tokens, a_right_one_is_right) { // so that the tests below fail for the reason that they name
    const handle mapping = unnamed();
    EXPECT_STATUS(FM_OK, import_of(exported(mapping)));
}

TEST_F(hostile_tokens, pointing_to_the_callers_own_descriptors) {
    const handle mapping = created("Local\\token");
    const callers own;
    const std::string before = open_descriptors();
    for (const int fd : own.all()) {
        SCOPED_TRACE(fd);
        token_layout parts = exported(mapping);
        point_to(parts, fd);
        EXPECT_LT(import_of(parts), 0) << "as this process's own";
        EXPECT_EQ(before, open_descriptors());
        parts.process = 1;
        EXPECT_LT(import_of(parts), 0) << "as inherited";
        EXPECT_EQ(before, open_descriptors()) << "a token made the library take a descriptor that is not its own";
    }
}

TEST_F(hostile_tokens, pointing_to_descriptors_of_another_process) {
    const handle mapping = created("Local\\token");
    puppet other;
    ASSERT_EQ("FM_OK", other.ask("create", "a", "-", 4096));
    const token_layout theirs = exported_by(other, "a");
    ASSERT_STATUS(FM_OK, import_of(theirs));
    for (int fd = 0; fd < 12; ++fd) {
        if (fd == theirs.handle) continue;
        token_layout parts = theirs;
        parts.handle = fd;
        EXPECT_LT(import_of(parts), 0) << fd;
        struct stat status = {};
        if (stat(("/proc/" + std::to_string(other.id()) + "/fd/" + std::to_string(fd)).c_str(), &status) != 0) continue;
        parts.identity[0] = device_number(status.st_dev);
        parts.identity[1] = status.st_ino;
        EXPECT_LT(import_of(parts), 0) << fd << ", and it says what it is";
    }
}

TEST_F(hostile_tokens, of_a_process_that_is_another_by_now) {
    puppet other;
    ASSERT_EQ("FM_OK", other.ask("create", "a", "-", 4096));
    token_layout parts = exported_by(other, "a");
    parts.process_started += 1; // the process id was used again
    EXPECT_STATUS(FM_E_NOT_FOUND, import_of(parts));
    for (const int64_t process : {int64_t(0), int64_t(-1), int64_t(0x7fffffff), INT64_MIN, INT64_MAX}) {
        parts.process = process;
        EXPECT_STATUS(FM_E_NOT_FOUND, import_of(parts));
    }
}

TEST_F(hostile_tokens, of_another_users_process) {
    ASSERT_TRUE(may_change_user()) << "this test becomes another user, so it needs root";
    child_options options;
    options.user = 65534;
    const shared_folder folder;
    options.environment = {{"FILEMAP_DIR", folder.path()}};
    puppet other(options);
    ASSERT_EQ("FM_OK", other.ask("create", "a", "-", 4096));
    EXPECT_STATUS(FM_E_ACCESS_DENIED, import_of(exported_by(other, "a")));
    const handle mine = unnamed();
    EXPECT_EQ("FM_E_ACCESS_DENIED", other.ask("import", "b", text_of(exported(mine)), "none"));
}

TEST_F(hostile_tokens, made_up) {
    const handle mapping = created("Local\\token");
    const token_layout sound = exported(mapping);
    const std::function<void(token_layout &)> changes[] = {
        [](token_layout &t) { t.kind = FM_KIND_EVENT; },
        [](token_layout &t) { t.kind = 0; },
        [](token_layout &t) { t.handle = -1; },
        [](token_layout &t) { t.handle = INT64_MIN; },
        [](token_layout &t) { t.handle = int64_t(1) << 32 | t.handle; },
        [](token_layout &t) { t.handle = 0x7fffffff; },
        [](token_layout &t) { t.identity[0] ^= 1; },
        [](token_layout &t) { t.identity[1] ^= 1; },
        [](token_layout &t) { t.target_process = 1; },
        [](token_layout &t) { t.magic[7] = '2'; },
    };
    for (const auto &change : changes) {
        token_layout parts = sound;
        change(parts);
        EXPECT_LT(import_of(parts), 0) << &change - changes;
    }
    std::mt19937_64 random(4);
    for (int round = 0; round < 2000; ++round) { // without the check value put right
        fm_token damaged = put_together(sound);
        if (round % 2 == 0) damaged.bytes[random() % FM_TOKEN_SIZE] ^= static_cast<uint8_t>(1u << random() % 8);
        else for (uint8_t &byte : damaged.bytes) byte = static_cast<uint8_t>(random());
        ASSERT_STATUS(FM_E_INVALID_ARGUMENT, attempt_import(damaged));
    }
}

/// Rights that were never given are not gained where the descriptor does not have them, and none that do not exist.
TEST_F(hostile_tokens, claiming_more_rights) {
    const temp_file file(4096);
    const handle mapping = unnamed_over(file.path(), FM_PROTECT_READ);
    token_layout parts = exported(mapping);
    constexpr uint32_t every_view = FM_ACCESS_READ | FM_ACCESS_WRITE | FM_ACCESS_EXECUTE;
    for (const uint32_t access : {0xffffffffu, 0x80000000u, every_view}) {
        parts.access = access;
        const fm_token token = put_together(parts);
        handle imported;
        if (fm_import_token(&token, 0, imported.out()) < 0) continue;
        EXPECT_LT(try_map(imported, FM_ACCESS_WRITE), 0);
        EXPECT_LT(queried(imported).access, 0x40u) << "rights that do not exist";
    }
}

/// A pipe whose other end nobody has: opening it for reading would wait for ever.
TEST_F(hostile_tokens, naming_a_pipe_as_the_mapped_file) {
    const temp_file file(4096);
    const std::string fifo = own_namespace() + "/fifo";
    ASSERT_EQ(0, mkfifo(fifo.c_str(), 0600));
    const int fd = ::open(fifo.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    const handle mapping = unnamed_over(file.path());
    token_layout parts = exported(mapping);
    parts.file_handle = fd;
    puppet other;
    EXPECT_EQ("FM_OK", other.ask("import", "a", text_of(parts), "r")); // by its path
    ASSERT_EQ("FM_OK", other.ask("map", "a", "r"));
    EXPECT_EQ("FM_OK ....", other.ask("read", "a", 0, 4));
    ::close(fd);
    std::filesystem::remove(fifo);
}

TEST_F(hostile_tokens, large_pages_that_are_a_small_file) { expect_role_to_pass("large_pages", {}); }

/// Two processes that both have the mapped file open under the same number, without O_CLOEXEC, as plain programs do:
/// the importing one keeps its own.
TEST_F(hostile_tokens, does_not_take_the_callers_descriptor_of_the_mapped_file) {
    const temp_file file(4096);
    puppet other;
    token_layout parts = {};
    const auto taken_here = [&] { return fcntl(static_cast<int>(parts.file_handle), F_GETFD) >= 0; };
    for (int slot = 0; slot == 0 || taken_here(); ++slot) {
        ASSERT_EQ("FM_OK", other.ask("create_file", slot, "-", 0, file.path()));
        parts = exported_by(other, std::to_string(slot));
    }
    const int number = static_cast<int>(parts.file_handle), own = ::open(file.path().c_str(), O_RDWR);
    ASSERT_TRUE(own == number || dup2(own, number) == number);
    EXPECT_STATUS(FM_OK, import_of(parts));
    EXPECT_EQ(0, fcntl(number, F_GETFD)) << "the caller's descriptor was taken and closed";
    if (own != number) ::close(own);
    ::close(number);
}

TEST_F(hostile_tokens, changed_at_random) {
    const handle mapping = created("Local\\token");
    const temp_file file(4096);
    fm_create_options with = options(FM_INHERITABLE);
    with.file_path = file.path().c_str();
    handle of_file;
    ASSERT_STATUS(FM_OK, fm_create(nullptr, 0, &with, of_file.out()));
    const token_layout sound[] = {exported(mapping), exported(of_file)};
    const std::string before = open_descriptors();
    std::mt19937_64 random(20);
    unsigned refused = 0;
    for (int round = 0; round < 1000; ++round) {
        token_layout parts = sound[random() % 2];
        const uint64_t values[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ~uint64_t(0), uint64_t(getpid()), uint64_t(1) << 31,
                                   random() % 64, random()};
        for (auto changes = 1 + random() % 3; changes-- > 0;) {
            const uint64_t value = values[random() % std::size(values)];
            std::memcpy(reinterpret_cast<char *>(&parts) + 8 + random() % 10 * 8, &value, random() % 2 == 0 ? 4 : 8);
        }
        refused += import_of(parts) < 0;
    }
    EXPECT_GT(refused, 300u);
    EXPECT_EQ(before, open_descriptors());
}

} // namespace fm::test
