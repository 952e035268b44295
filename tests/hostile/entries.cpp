// Entries that are not what they should be, dead and living, on purpose and at random.
#include "hostile/attempts.hpp"
#include "hostile/plant.hpp"
#include "support/files.hpp"

#include <filesystem>
#include <random>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace fm::test {

namespace {

const std::string name = "Local\\planted";
const std::string path = local_entry("planted");

class hostile_entries : public hostile {
protected:
    void TearDown() override {
        std::filesystem::remove(path);
        hostile::TearDown();
    }
};

fm_status open_planted() { return attempt_open(name); }
fm_status create_planted() { return attempt_create(name); }

struct defect {
    const char *what;
    fm_status status; ///< where the entry lives
    std::string bytes;
};

std::string sound(const std::function<void(control &)> &change) { return image_of("planted", change); }
std::string resized(std::string bytes, std::size_t size) { return bytes.resize(size), bytes; }

/// A control page alone, as objects have that keep no contents in the entry.
std::string bare(const std::function<void(control &)> &change, const std::string &file = "") {
    control block;
    block.data_bytes = 0;
    block.name_bytes = 7;
    change(block);
    return image(block, 0, "planted" + file);
}

std::vector<defect> defects() {
    return {
        {"nothing", FM_E_CORRUPT, ""},
        {"one byte", FM_E_CORRUPT, "x"},
        {"zeros", FM_E_CORRUPT, std::string(8192, '\0')},
        {"text", FM_E_CORRUPT, std::string(8192, 't')},
        {"less than a page", FM_E_CORRUPT, std::string(4095, '\0')},
        {"control page cut off", FM_E_CORRUPT, resized(sound([](control &) {}), 4096)},
        {"one byte too long", FM_E_CORRUPT, sound([](control &) {}) + "x"},
        {"control page half", FM_E_CORRUPT, resized(sound([](control &) {}), 6144)},
        {"a page too long", FM_E_CORRUPT, std::string(4096, 'd') + sound([](control &) {})},
        {"magic", FM_E_CORRUPT, sound([](control &c) { c.magic[6] = 'q'; })},
        {"layout of the future", FM_E_VERSION, sound([](control &c) { c.layout = 2; })},
        {"layout 0", FM_E_VERSION, sound([](control &c) { c.layout = 0; })},
        {"kind 0", FM_E_CORRUPT, sound([](control &c) { c.kind = 0; })},
        {"kind 8", FM_E_CORRUPT, bare([](control &c) { c.kind = 8; })},
        {"kind at random", FM_E_CORRUPT, bare([](control &c) { c.kind = 0x80000001; })},
        {"size larger than the entry", FM_E_CORRUPT, sound([](control &c) { c.size = 1 << 20; })},
        {"size smaller than the entry", FM_E_CORRUPT, sound([](control &c) { c.size = 1; })},
        {"size 0", FM_E_CORRUPT, sound([](control &c) { c.size = 0; })},
        {"contents larger than the entry", FM_E_CORRUPT, sound([](control &c) { c.size = c.data_bytes = 8192; })},
        {"contents that overflow", FM_E_CORRUPT, sound([](control &c) { c.size = c.data_bytes = ~uint64_t(4095); })},
        {"contents that overflow with texts", FM_E_CORRUPT, sound([](control &c) {
             c.size = c.data_bytes = ~uint64_t(4095);
             c.text_bytes = 8192;
         })},
        {"contents of no whole pages", FM_E_CORRUPT, sound([](control &c) { c.size = c.data_bytes = 4095; })},
        {"name too long for the page", FM_E_CORRUPT, sound([](control &c) { c.name_bytes = 3585; })},
        {"name too long for anything", FM_E_CORRUPT, sound([](control &c) { c.name_bytes = 0xffffffff; })},
        {"path too long for anything", FM_E_CORRUPT, sound([](control &c) { c.path_bytes = 0xffffffff; })},
        {"texts that overflow", FM_E_CORRUPT, sound([](control &c) { c.name_bytes = c.path_bytes = 0x80000000; })},
        {"texts beyond the entry", FM_E_CORRUPT, sound([](control &c) { c.text_bytes = 0xfffff000; })},
        {"texts of no whole pages", FM_E_CORRUPT, sound([](control &c) { c.text_bytes = 1; })},
        {"protection 0", FM_E_CORRUPT, sound([](control &c) { c.protection = 0; })},
        {"protection 6", FM_E_CORRUPT, sound([](control &c) { c.protection = 6; })},
        {"a scope that does not exist", FM_E_CORRUPT, sound([](control &c) { c.where = 3; })},
        {"large pages without memory", FM_E_CORRUPT, bare([](control &c) {
             c.flags = FM_LARGE_PAGES;
             c.size = 4 << 20;
         })},
        {"large pages of an unnamed object", FM_E_CORRUPT, bare([](control &c) {
             c.flags = FM_LARGE_PAGES;
             c.size = 4 << 20;
             c.where = 0;
         })},
        {"no contents", FM_E_CORRUPT, bare([](control &) {})},
        {"no scope", FM_E_CORRUPT, sound([](control &c) { c.where = 0; })},
        {"the other scope", FM_E_CORRUPT, sound([](control &c) { c.where = FM_LIST_GLOBAL; })},
        {"flags that do not exist", FM_E_CORRUPT, sound([](control &c) { c.flags = 0x80000000; })},
        {"flags of a handle", FM_E_CORRUPT, sound([](control &c) { c.flags = FM_INHERITABLE; })},
    };
}

/// A mapped file, as the control block tells of it: which one it is, and by which path it is found.
std::string file_entry(const std::string &file, uint64_t size, const std::string &by) {
    struct stat status = {};
    EXPECT_EQ(0, stat(file.c_str(), &status)) << file;
    return bare([&](control &c) {
        c.size = size;
        c.flags = FM_FILE;
        c.file_device = device_number(status.st_dev);
        c.file_inode = status.st_ino;
        c.path_bytes = static_cast<uint32_t>(by.size());
    }, by);
}
std::string file_entry(const std::string &file, uint64_t size) { return file_entry(file, size, file); }

using generator = std::mt19937_64;

uint64_t interesting(generator &random) {
    constexpr uint64_t one = 1;
    const uint64_t values[] = {
        0, 1, 2, 4, 7, 16, 18, 20, 4095, 4096, 4097, 8192, 0x7fffffff, 0x80000000, 0xffffffff, one << 32, one << 62,
        (one << 63) - 4096, one << 63, ~uint64_t(4095), ~uint64_t(0), random(),
    };
    return values[random() % std::size(values)];
}

/// A sound entry, sound over a file, or without contents, with a few things changed.
std::string mutated(generator &random, const std::string &file) {
    std::string bytes = sound([](control &) {});
    if (random() % 3 == 0) bytes = file_entry(file, 10000);
    if (random() % 4 == 0) bytes = bare([&](control &c) { c.kind = 2 + static_cast<uint32_t>(random() % 6); });
    const std::size_t page = bytes.size() - 4096;
    constexpr std::size_t fields[] = {8, 12, 16, 24, 32, 40, 48, 52, 56, 60, 64, 72, 80, 84, 88, 92};
    for (auto changes = random() % 4; changes-- > 0;) {
        const uint64_t value = interesting(random);
        const std::size_t at = random() % 3 == 0 ? random() % 128 : fields[random() % std::size(fields)];
        std::memcpy(&bytes[page + at], &value, random() % 2 == 0 ? 4 : 1 + random() % 8);
    }
    if (random() % 8 == 0) bytes.resize(random() % (bytes.size() + 5000));
    if (random() % 16 == 0)
        for (char &byte : bytes) byte = static_cast<char>(random());
    return bytes;
}

/// A child's part: a crash in it is seen by its parent, with the seed that led to it.
int fuzz(const arguments &values) {
    const bool alive = values.at(0) == "living";
    generator random(std::stoull(values.at(1)));
    const temp_file file(10000);
    for (const char *each : {"Local\\warm", "Global\\warm"}) created(each);
    const std::string descriptors = open_descriptors();
    for (int round = std::stoi(values.at(2)); round > 0; --round) {
        const std::string bytes = mutated(random, file.path());
        write_file(path, bytes);
        if (alive) {
            const lock_on holder(path, lock_on::shared);
            handle joined;
            if (fm_open(name.c_str(), 1u << random() % 4, joined.out()) == FM_OK) use(joined);
            create_planted();
            list_all();
        } else {
            list_all();
            EXPECT_STATUS(FM_E_NOT_FOUND, open_planted());
            EXPECT_FALSE(exists(path));
            write_file(path, bytes);
            EXPECT_STATUS(FM_OK, create_planted());
        }
        swept();
        EXPECT_FALSE(exists(path)) << "left after the sweep";
    }
    EXPECT_EQ(descriptors, open_descriptors());
    return role_result();
}

const role registered("fuzz", fuzz);

} // namespace

TEST_F(hostile_entries, dead_ones_are_not_found_and_are_replaced) {
    for (const defect &each : defects()) {
        SCOPED_TRACE(each.what);
        write_file(path, each.bytes);
        EXPECT_STATUS(FM_E_NOT_FOUND, open_planted());
        write_file(path, each.bytes);
        handle made;
        ASSERT_STATUS(FM_OK, fm_create(name.c_str(), 4096, nullptr, made.out()));
        EXPECT_EQ(std::string(3, '\0'), read_text(mapped(made), 0, 3));
        made.close();
        EXPECT_FALSE(exists(path));
    }
}

TEST_F(hostile_entries, living_ones_are_refused) {
    for (const defect &each : defects()) {
        SCOPED_TRACE(each.what);
        {
            const living entry(path, each.bytes);
            EXPECT_STATUS(each.status, open_planted());
            EXPECT_STATUS(each.status, create_planted());
            list_all();
            EXPECT_EQ(each.bytes, read_file(path)) << "a living entry was changed";
        }
        EXPECT_STATUS(FM_OK, create_planted());
    }
}

TEST_F(hostile_entries, a_sound_one_is_opened) { // so that the tests above fail for the reason that they name
    const living entry(path, image_of("planted"));
    EXPECT_STATUS(FM_OK, open_planted());
    EXPECT_STATUS(FM_EXISTED, create_planted());
    handle opened_one = opened(name);
    EXPECT_EQ("dddd", read_text(mapped(opened_one), 0, 4));
}

TEST_F(hostile_entries, other_kinds_have_the_name) {
    for (uint32_t kind = FM_KIND_EVENT; kind <= FM_KIND_CHANNEL; ++kind) {
        SCOPED_TRACE(kind);
        const std::string bytes = bare([&](control &c) { c.kind = kind; });
        {
            const living entry(path, bytes);
            EXPECT_STATUS(FM_E_WRONG_KIND, open_planted());
            EXPECT_STATUS(FM_E_WRONG_KIND, create_planted());
            EXPECT_TRUE(exists(path));
        }
        EXPECT_STATUS(FM_E_NOT_FOUND, open_planted());
    }
}

TEST_F(hostile_entries, a_mapped_file_that_is_not_the_one) {
    const temp_file file(10000), other(10000);
    const std::string fifo = own_namespace() + "/fifo", link = own_namespace() + "/link";
    ASSERT_EQ(0, mkfifo(fifo.c_str(), 0600));
    ASSERT_EQ(0, symlink(other.path().c_str(), link.c_str()));
    const std::pair<const char *, std::string> cases[] = {
        {"another file", file_entry(file.path(), 10000, other.path())},
        {"a link to another file", file_entry(file.path(), 10000, link)},
        {"a missing file", file_entry(file.path(), 10000, file.path() + "-missing")},
        {"a file in a missing folder", file_entry(file.path(), 10000, "/missing" + file.path())},
        {"a file below a file", file_entry(file.path(), 10000, file.path() + "/below")},
        {"no path", file_entry(file.path(), 10000, "")},
        {"a path with NUL in it", file_entry(file.path(), 10000, std::string(1, '\0') + file.path())},
        {"a directory", file_entry("/dev/shm", 4096)},
        {"a fifo", file_entry(fifo, 4096)},
        {"a device", file_entry("/dev/zero", 4096)},
        {"another entry of the namespace, itself", file_entry(file.path(), 10000, path)},
    };
    for (const auto &[what, bytes] : cases) {
        SCOPED_TRACE(what);
        const living entry(path, bytes);
        EXPECT_STATUS(FM_E_FILE_INVALID, open_planted());
        EXPECT_STATUS(FM_E_FILE_INVALID, attempt_open(name, FM_ACCESS_READ));
        EXPECT_STATUS(FM_E_FILE_INVALID, create_planted());
    }
    std::filesystem::remove(fifo);
    std::filesystem::remove(link);
}

TEST_F(hostile_entries, a_mapped_file_that_was_replaced) {
    temp_file file(10000);
    const living entry(path, file_entry(file.path(), 10000));
    EXPECT_STATUS(FM_OK, open_planted());
    const std::string kept = file.path() + "-kept"; // keeps the inode in use, so that it is not given to the new file
    std::filesystem::rename(file.path(), kept);
    write_file(file.path(), std::string(10000, 'n'));
    EXPECT_STATUS(FM_E_FILE_INVALID, open_planted());
    EXPECT_STATUS(FM_E_FILE_INVALID, create_planted());
    EXPECT_EQ(std::string(10000, 'n'), read_file(file.path()));
    std::filesystem::remove(kept);
}

TEST_F(hostile_entries, a_mapped_file_that_is_shorter_than_said) {
    const temp_file file(5000);
    const living entry(path, file_entry(file.path(), uint64_t(1) << 40));
    handle mapping = opened(name);
    view shown = mapped(mapping, FM_ACCESS_WRITE, 0, 100000);
    char byte = 'b';
    EXPECT_STATUS(FM_OK, fm_read(shown, 4999, &byte, 1));
    EXPECT_STATUS(FM_E_IN_PAGE, fm_read(shown, 99999, &byte, 1));
    EXPECT_STATUS(FM_E_IN_PAGE, fm_write(shown, 99999, &byte, 1));
}

TEST_F(hostile_entries, a_long_name_whose_entry_bears_another) {
    const std::string long_name = "Local\\" + std::string(1000, 'l');
    std::string bytes, place;
    {
        const handle made = created(long_name);
        for (const auto &entry : std::filesystem::directory_iterator(std::filesystem::path(path).parent_path()))
            if (entry.path().filename().string().starts_with("h.")) place = entry.path();
        ASSERT_FALSE(place.empty());
        bytes = read_file(place);
    }
    const std::size_t at = bytes.find("llll");
    ASSERT_NE(std::string::npos, at);
    bytes[at + 500] = 'k';
    {
        const living entry(place, bytes);
        EXPECT_STATUS(FM_E_CORRUPT, try_open(long_name));
        fm_handle made;
        EXPECT_STATUS(FM_E_CORRUPT, fm_create(long_name.c_str(), 4096, nullptr, &made));
        list_all();
    }
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(long_name));
    EXPECT_FALSE(exists(place));
}

class hostile_fuzz : public testing::TestWithParam<std::tuple<const char *, int>> {};

TEST_P(hostile_fuzz, entries_at_random) {
    expect_role_to_pass("fuzz", {std::get<0>(GetParam()), std::to_string(std::get<1>(GetParam())), "200"});
}

INSTANTIATE_TEST_SUITE_P(seeds, hostile_fuzz, testing::Combine(testing::Values("dead", "living"), testing::Range(1, 9)),
                         [](const auto &seed) {
                             return std::get<0>(seed.param) + std::to_string(std::get<1>(seed.param));
                         });

} // namespace fm::test
