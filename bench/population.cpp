// What the number of live objects costs: opening by name, and a first call, in a namespace of ten objects
// and in one of very many. Other processes hold the objects, so that nothing here can remember them.
#include "bench.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <iostream>
#include <memory>
#include <sstream>
#include <sys/resource.h>
#include <unistd.h>

namespace bench {

namespace {

constexpr uint64_t descriptors_kept_free = 200;

int64_t now(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return int64_t{time.tv_sec} * 1000000000 + time.tv_nsec;
}

void open_and_close(const std::string &name) {
    fm_handle opened = nullptr;
    require(fm_open(name.c_str(), FM_ACCESS_READ, &opened));
    require(fm_close(opened));
}

void open_and_close_bare(const std::string &path) {
    const int file = open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (file < 0 || close(file) != 0) throw std::runtime_error(path + " cannot be opened and closed");
}

// Role "hold <first> <count>": creates the objects, says so, and keeps them until its input ends.
int hold(uint64_t first, uint64_t count) {
    raise_descriptor_limit();
    for (uint64_t index = first; index < first + count; ++index) {
        fm_handle kept = nullptr;
        require(fm_create(object_name(index).c_str(), 4096, nullptr, &kept));
    }
    keep_until_told();
    return 0;
}

/// The files that the live objects are, wherever the library keeps them.
std::vector<std::string> entry_files() {
    std::vector<std::string> paths;
    for (const auto &file : std::filesystem::recursive_directory_iterator(getenv("FILEMAP_DIR")))
        if (file.is_regular_file()) paths.push_back(file.path());
    std::ranges::sort(paths);
    return paths;
}

/// A fixed sequence that jumps about: the same for every process and every run.
class jumps {
public:
    explicit jumps(uint64_t below) : below_(below) {}
    uint64_t next() {
        state_ = state_ * 6364136223846793005u + 1442695040888963407u;
        return (state_ >> 33) % below_;
    }

private:
    uint64_t below_;
    uint64_t state_ = 88172645463325252u;
};

// Role "open <objects>": for each line "<few|all> <filemap|bare> <times>", opens and closes so many times, either the
// same ten objects in turn or any of all, and answers with the nanoseconds of processor time it took.
int serve_opens(uint64_t objects) {
    std::vector<std::string> names;
    for (uint64_t index = 0; index < objects; ++index) names.push_back(object_name(index));
    const std::vector<std::string> paths = entry_files();
    jumps any(std::min<uint64_t>(objects, paths.size()));
    std::cout << "ready" << std::endl;

    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string which;
        std::string how;
        uint64_t times = 0;
        words >> which >> how >> times;
        const int64_t start = now(CLOCK_THREAD_CPUTIME_ID);
        for (uint64_t turn = 0; turn < times; ++turn) {
            const uint64_t index = which == "few" ? turn % few_objects * (objects / few_objects) : any.next();
            if (how == "filemap") open_and_close(names[index]);
            else open_and_close_bare(paths[index]);
        }
        std::cout << now(CLOCK_THREAD_CPUTIME_ID) - start << std::endl;
    }
    return 0;
}

// Role "first": opens one object as the first call of a process, and answers with the nanoseconds that passed.
int first_use() {
    const std::string name = object_name(0);
    const int64_t start = now(CLOCK_MONOTONIC);
    fm_handle opened = nullptr;
    require(fm_open(name.c_str(), FM_ACCESS_READ, &opened));
    std::cout << now(CLOCK_MONOTONIC) - start << std::endl;
    return 0;
}

void add_opens(const std::string &name, const std::shared_ptr<child> &opener, const std::string &request) {
    benchmark::RegisterBenchmark(name.c_str(), [opener, request](benchmark::State &state) {
        constexpr int opens = 1000;
        try {
            for (auto _ : state)
                state.SetIterationTime(std::stod(opener->ask(request + " " + std::to_string(opens))) / 1e9 / opens);
        } catch (const std::exception &why) {
            state.SkipWithError(why.what());
        }
    })->UseManualTime()->Iterations(25);
}

void add_first_use(const std::string &name, const std::string &directory) {
    benchmark::RegisterBenchmark(name.c_str(), [directory](benchmark::State &state) {
        try {
            for (auto _ : state)
                state.SetIterationTime(std::stod(child(directory, {"--role", "first"}).answer()) / 1e9);
        } catch (const std::exception &why) {
            state.SkipWithError(why.what());
        }
    })->UseManualTime()->Iterations(1);
}

} // namespace

uint64_t raise_descriptor_limit() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

void keep_until_told() {
    std::cout << "ready" << std::endl;
    std::cin.ignore(1); // returns at the end of the input
}

std::vector<child> start_holders(const std::string &role, const std::string &directory, uint64_t count) {
    const uint64_t each = raise_descriptor_limit() - descriptors_kept_free;
    std::vector<child> holders;
    for (uint64_t first = 0; first < count; first += each)
        holders.emplace_back(directory, std::vector<std::string>{"--role", role, std::to_string(first),
                                                                 std::to_string(std::min(each, count - first))});
    for (child &holder : holders) holder.answer();
    return holders;
}

std::vector<row> add_population(const workplace &where) {
    for (const bool many : {false, true}) {
        const std::string &directory = many ? where.many : where.few;
        const std::string objects = std::to_string(many ? where.many_objects : few_objects);
        const auto opener = std::make_shared<child>(directory, std::vector<std::string>{"--role", "open", objects});
        opener->answer();
        const std::string tail = many ? "/many" : "/few";
        add_opens("open_ten/filemap" + tail, opener, "few filemap");
        add_opens("open_any/filemap" + tail, opener, "all filemap");
        add_opens("open_any/bare" + tail, opener, "all bare");
        add_first_use("first_use/filemap" + tail, directory);
    }
    const std::string words = " among " + std::to_string(where.many_objects) + " objects vs among 10";
    return {
        {"open by name" + words, "open_ten/filemap/many", "open_ten/filemap/few", bar_kind::times_at_most, 1.2},
        {"open of any of them" + words, "open_any/filemap/many", "open_any/filemap/few", bar_kind::stated, 0},
        {"the same, bare open + close" + words, "open_any/bare/many", "open_any/bare/few", bar_kind::stated, 0},
        {"first use in a process" + words, "first_use/filemap/many", "first_use/filemap/few", bar_kind::stated, 0},
    };
}

std::optional<int> run_role(int argc, char **argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() < 2 || words[0] != "--role") return std::nullopt;
    try {
        if (words[1] == "hold") return hold(std::stoull(words.at(2)), std::stoull(words.at(3)));
        if (words[1] == "open") return serve_opens(std::stoull(words.at(2)));
        if (words[1] == "first") return first_use();
        if (const std::optional<int> code = run_wait_role(words)) return code;
        throw std::runtime_error("there is no role " + words[1]);
    } catch (const std::exception &why) {
        std::cout << "error " << why.what() << std::endl;
        return 1;
    }
}

} // namespace bench
