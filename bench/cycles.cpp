// Two cycles, whole: making and ending a mapping of 4 KiB, and using an existing one; with filemap, with the bare
// system calls, and with Boost.Interprocess. Each with and without touching the page.
#include "bench.hpp"

#include <benchmark/benchmark.h>

#include <boost/interprocess/mapped_region.hpp>
#include <boost/interprocess/shared_memory_object.hpp>

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>

namespace bench {

namespace {

namespace ipc = boost::interprocess;

constexpr uint64_t size = 4096;

void require_zero(int result, const char *what) {
    if (result != 0) throw std::system_error(errno, std::generic_category(), what);
}

void touch(void *memory) { *static_cast<volatile char *>(memory) = 1; }

void filemap_view(fm_handle mapping, bool touched) {
    fm_view view = nullptr;
    require(fm_map(mapping, FM_ACCESS_WRITE, 0, size, &view));
    if (touched) touch(fm_view_data(view));
    require(fm_unmap(view));
}

void filemap_create(bool touched) {
    fm_handle mapping = nullptr;
    require(fm_create("created", size, nullptr, &mapping));
    filemap_view(mapping, touched);
    require(fm_close(mapping));
}

void filemap_open(bool touched) {
    fm_handle mapping = nullptr;
    require(fm_open("object-0", FM_ACCESS_READ | FM_ACCESS_WRITE, &mapping));
    filemap_view(mapping, touched);
    require(fm_close(mapping));
}

void bare_view(int file, bool touched) {
    void *const memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    require_zero(memory == MAP_FAILED, "mmap");
    if (touched) touch(memory);
    require_zero(munmap(memory, size), "munmap");
    require_zero(close(file), "close");
}

/// A file as the bare cycles name it: by its path, or from an open directory, as filemap does inside.
struct place {
    int directory;
    std::string path;
};

void bare_create(const place &where, bool touched) {
    const int file = openat(where.directory, where.path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    require_zero(file < 0, "open");
    require_zero(fallocate(file, 0, 0, size), "fallocate");
    bare_view(file, touched);
    require_zero(unlinkat(where.directory, where.path.c_str(), 0), "unlink");
}

void bare_open(const place &where, bool touched) {
    const int file = openat(where.directory, where.path.c_str(), O_RDWR | O_CLOEXEC);
    require_zero(file < 0, "open");
    bare_view(file, touched);
}

void boost_view(const ipc::shared_memory_object &memory, bool touched) {
    const ipc::mapped_region region(memory, ipc::read_write, 0, size);
    if (touched) touch(region.get_address());
}

void boost_create(const std::string &name, bool touched) {
    ipc::shared_memory_object memory(ipc::create_only, name.c_str(), ipc::read_write);
    memory.truncate(size);
    boost_view(memory, touched);
    ipc::shared_memory_object::remove(name.c_str());
}

void boost_open(const std::string &name, bool touched) {
    const ipc::shared_memory_object memory(ipc::open_only, name.c_str(), ipc::read_write);
    boost_view(memory, touched);
}

/// The existing objects that the bare and Boost cycles open; filemap's is held by another process.
struct existing {
    explicit existing(const workplace &where) : name(where.run + "-boost-existing") {
        const int file = open((where.bare + "/existing").c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        require_zero(file < 0, "open");
        require_zero(fallocate(file, 0, 0, size), "fallocate");
        require_zero(close(file), "close");
        ipc::shared_memory_object(ipc::create_only, name.c_str(), ipc::read_write).truncate(size);
    }
    existing(const existing &) = delete;
    existing &operator=(const existing &) = delete;
    ~existing() { ipc::shared_memory_object::remove(name.c_str()); }

    std::string name;
};

template <class Work>
void add(const std::string &name, Work work) {
    benchmark::RegisterBenchmark(name.c_str(), [work](benchmark::State &state) {
        try {
            for (auto _ : state) work();
        } catch (const std::exception &why) {
            state.SkipWithError(why.what());
        }
    });
}

} // namespace

std::vector<row> add_cycles(const workplace &where) {
    static const existing objects(where);
    const int directory = open(where.bare.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); // for the whole run
    require_zero(directory < 0, "open");
    const place created{AT_FDCWD, where.bare + "/created"};
    const place opened{AT_FDCWD, where.bare + "/existing"};
    std::vector<row> rows;
    for (const bool touched : {false, true}) {
        const std::string tail = touched ? "/touched" : "/untouched";
        const std::string words = touched ? ", page touched" : "";
        add("create/filemap" + tail, [touched] { filemap_create(touched); });
        add("create/bare" + tail, [touched, created] { bare_create(created, touched); });
        add("create/bare_at" + tail, [touched, directory] { bare_create({directory, "created"}, touched); });
        add("create/boost" + tail, [touched, name = where.run + "-boost-created"] { boost_create(name, touched); });
        add("open/filemap" + tail, [touched] { filemap_open(touched); });
        add("open/bare" + tail, [touched, opened] { bare_open(opened, touched); });
        add("open/bare_at" + tail, [touched, directory] { bare_open({directory, "existing"}, touched); });
        add("open/boost" + tail, [touched] { boost_open(objects.name, touched); });
        const auto compare = [&](const std::string &work, const std::string &cycle, const std::string &base,
                                 bar_kind kind, double bar) {
            rows.push_back({work + words, cycle + "/filemap" + tail, cycle + "/" + base + tail, kind, bar});
        };
        compare("create + map + unmap + close vs bare calls", "create", "bare", bar_kind::times_at_most, 3);
        compare("open + map + unmap + close vs bare calls", "open", "bare", bar_kind::times_at_most, 2);
        compare("create cycle vs bare calls with openat", "create", "bare_at", bar_kind::stated, 0);
        compare("open cycle vs bare calls with openat", "open", "bare_at", bar_kind::stated, 0);
        compare("create cycle vs Boost.Interprocess", "create", "boost", bar_kind::stated, 0);
        compare("open cycle vs Boost.Interprocess", "open", "boost", bar_kind::stated, 0);
    }
    return rows;
}

} // namespace bench
