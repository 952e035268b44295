// What is no regular file under an entry's name, and files that are no entries: they are told of and left alone, and no
// call waits for them.
#include "hostile/attempts.hpp"
#include "hostile/plant.hpp"
#include "process/puppet.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <random>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

namespace fm::test {

namespace {

struct place {
    const char *name;
    std::string path;
};

const place places[] = {{"Local\\odd", local_entry("odd")}, {"Global\\odd", global_entry("odd")}};

void make_socket(const std::string &path) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    ASSERT_LT(path.size(), sizeof address.sun_path);
    path.copy(address.sun_path, path.size());
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(0, bind(fd, reinterpret_cast<sockaddr *>(&address), sizeof address));
    close(fd);
}

void make_pipe(const std::string &path) { ASSERT_EQ(0, mkfifo(path.c_str(), 0600)); }

/// One that reads as zeros without end: the library must not even try.
void make_device(const std::string &path) {
    ASSERT_EQ(0, mknod(path.c_str(), S_IFCHR | 0600, makedev(1, 5))) << "this test needs root and CAP_MKNOD";
}

class hostile_nodes : public hostile {
protected:
    void TearDown() override {
        for (const place &each : places) std::filesystem::remove_all(each.path);
        hostile::TearDown();
    }
};

/// Neither opened nor replaced nor removed: an error that says what is in the way.
void in_the_way(const place &odd) {
    SCOPED_TRACE(odd.name);
    const auto type = std::filesystem::symlink_status(odd.path).type();
    fm_create_options always_new = options(FM_CREATE_NEW);
    for (const uint32_t access : {FM_ACCESS_READ, FM_ACCESS_ALL}) {
        EXPECT_STATUS(FM_E_CORRUPT, attempt_open(odd.name, access));
        EXPECT_NE(std::string::npos, last_error().find(odd.path)) << last_error();
    }
    for (const fm_create_options &with : {options(), always_new}) {
        EXPECT_STATUS(FM_E_CORRUPT, attempt_create(odd.name, 4096, with));
        EXPECT_NE(std::string::npos, last_error().find(odd.path)) << last_error();
    }
    for (const std::string &listed : list_all()) EXPECT_NE(odd.name, listed);
    swept();
    EXPECT_EQ(type, std::filesystem::symlink_status(odd.path).type()) << "it was removed or replaced";
}

} // namespace

TEST_F(hostile_nodes, a_symbolic_link) {
    for (const place &odd : places) {
        const std::string target = own_namespace() + "/target", bytes = image_of("odd");
        const living entry(target, bytes); // even to a sound and living entry
        ASSERT_EQ(0, symlink(target.c_str(), odd.path.c_str()));
        in_the_way(odd);
        EXPECT_EQ(bytes, read_file(target));
        std::filesystem::remove(target);
        in_the_way(odd); // now it leads nowhere
        EXPECT_FALSE(exists(target));
    }
}

TEST_F(hostile_nodes, a_directory) {
    for (const place &odd : places) {
        std::filesystem::create_directory(odd.path);
        in_the_way(odd);
        write_file(odd.path + "/inside", "kept");
        in_the_way(odd);
        EXPECT_EQ("kept", read_file(odd.path + "/inside"));
    }
}

TEST_F(hostile_nodes, a_socket) {
    for (const place &odd : places) {
        make_socket(odd.path);
        in_the_way(odd);
    }
}

/// Opening a pipe for reading and writing succeeds, and it can be locked: only its type tells it from an entry.
TEST_F(hostile_nodes, a_pipe) {
    for (const place &odd : places) {
        make_pipe(odd.path);
        in_the_way(odd);
        const lock_on holder(odd.path, lock_on::shared);
        in_the_way(odd);
    }
}

TEST_F(hostile_nodes, a_device) {
    for (const place &odd : places) {
        make_device(odd.path);
        in_the_way(odd);
        const lock_on holder(odd.path, lock_on::shared);
        in_the_way(odd);
    }
}

TEST_F(hostile_nodes, a_folder_full_of_garbage) {
    const std::string folder = std::filesystem::path(local_entry("x")).parent_path();
    std::vector<std::string> dead, kept;
    for (const char *file : {"o.", "h.", "o.%", "o.%z", "o.%zz", "o.%5c", "o.%00", "o.%0", "h.1234", "o.\xff\xfe",
                             "o.\xc3", "h.\xff", "o...", "o.a b", "o.a\nb", "o.%ff", "h.0123456789abcdef0123456789abcdef"})
        dead.push_back(folder + "/" + file);
    dead.push_back(folder + "/o." + std::string(250, 'x'));
    std::mt19937_64 random(3);
    for (const std::string &each : dead)
        write_file(each, random() % 2 ? image_of("planted") : std::string(random() % 9000, 'g'));
    for (const char *file : {"x", "other", ".hidden", "filemap.o.odd"}) kept.push_back(folder + "/" + file);
    for (const std::string &each : kept) write_file(each, "not an entry");
    const std::pair<const char *, void (*)(const std::string &)> nodes[] = {
        {"o.pipe", make_pipe}, {"h.socket", make_socket}, {"o.device", make_device}};
    for (const auto &[file, make] : nodes) {
        kept.push_back(folder + "/" + file);
        make(kept.back());
    }
    kept.push_back(folder + "/o.folder");
    std::filesystem::create_directory(kept.back());
    kept.push_back(folder + "/h.link");
    std::filesystem::create_symlink(folder + "/other", kept.back());
    const handle alive = created("Local\\among-garbage");
    {
        const living unreadable(dead[0], "x"), hashed(dead[1], image_of("\xff\xfe no text"));
        const auto names = list_all();
        EXPECT_EQ(dead.size() + 1, names.size());
        EXPECT_EQ(1, std::count(names.begin(), names.end(), "Local\\among-garbage"));
        EXPECT_EQ(dead.size() - 2, swept().removed);
        EXPECT_TRUE(exists(dead[0]) && exists(dead[1]));
    }
    EXPECT_EQ(2u, swept().removed);
    EXPECT_EQ(0u, swept().removed);
    for (const std::string &each : dead) EXPECT_FALSE(exists(each)) << each;
    for (const std::string &each : kept) EXPECT_TRUE(exists(each) && std::filesystem::remove(each)) << each;
    EXPECT_STATUS(FM_OK, attempt_open("Local\\among-garbage"));
}

/// The file that says where the last sweep stopped is no more than a hint, and only a regular file.
TEST_F(hostile_nodes, the_position_of_the_sweep) {
    const shared_folder elsewhere;
    const std::string own = elsewhere.path() + "/filemap-" + std::to_string(geteuid());
    const std::string cursor = own + "/sweep-positions";
    std::filesystem::create_directory(own);
    ASSERT_EQ(0, chmod(own.c_str(), 0700));
    const std::string target = elsewhere.path() + "/target";
    write_file(target, "kept");
    const std::pair<const char *, std::function<void()>> plants[] = {
        {"short", [&] { write_file(cursor, "x"); }},
        {"no position", [&] { write_file(cursor, std::string(64, '\xff')); }},
        {"huge position", [&] { write_file(cursor, std::string(64, '\x7f')); }},
        {"a pipe", [&] { make_pipe(cursor); }},
        {"a link", [&] { std::filesystem::create_symlink(target, cursor); }},
        {"a directory", [&] { std::filesystem::create_directory(cursor); }},
    };
    for (const auto &[what, plant] : plants) {
        SCOPED_TRACE(what);
        plant();
        child_options options;
        options.environment = {{"FILEMAP_DIR", elsewhere.path()}};
        puppet user(options);
        EXPECT_EQ("FM_OK", user.ask("create", "a", "Local\\x", 4096));
        EXPECT_EQ("FM_OK 0 0", user.ask("sweep"));
        EXPECT_EQ("exit 0", user.leave());
        EXPECT_EQ("kept", read_file(target));
        std::filesystem::remove_all(cursor);
    }
}

} // namespace fm::test
