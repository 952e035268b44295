// What setting, releasing and waiting cost: uncontended beside glibc's semaphore and robust mutex, two processes in turn
// beside a bare futex, four processes on one mutex, several objects in one wait, and among very many objects.
#include "bench.hpp"

#include <benchmark/benchmark.h>

#include <boost/interprocess/sync/named_mutex.hpp>

#include <array>
#include <atomic>
#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <iostream>
#include <linux/futex.h>
#include <memory>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <sstream>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace bench {

namespace {

namespace ipc = boost::interprocess;

fm_handle new_event(const char *name, uint32_t flags = 0) {
    fm_handle made = nullptr;
    require(fm_event_create(name, flags, nullptr, &made));
    return made;
}

fm_handle new_semaphore(uint32_t initial) {
    fm_handle made = nullptr;
    require(fm_semaphore_create(nullptr, initial, 0x7fffffff, nullptr, &made));
    return made;
}

fm_handle new_mutex(const char *name) {
    fm_handle made = nullptr;
    require(fm_mutex_create(name, 0, nullptr, &made));
    return made;
}

/// What glibc offers for the same: a semaphore and a robust mutex that processes may share.
struct shared_words {
    sem_t semaphore;
    pthread_mutex_t mutex;
    alignas(64) std::atomic<uint32_t> ball; ///< whose turn it is
    alignas(64) std::atomic<uint64_t> inside;
};

void prepare(shared_words &words) {
    sem_init(&words.semaphore, 1, 0);
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&words.mutex, &attributes);
}

/// Made before any child starts, and inherited by nobody: children open `path` by themselves.
shared_words &map_words(const std::string &path, bool fresh) {
    const int file = open(path.c_str(), O_RDWR | O_CLOEXEC | (fresh ? O_CREAT | O_EXCL : 0), 0600);
    if (file < 0 || ftruncate(file, sizeof(shared_words)) != 0) throw std::runtime_error(path + " cannot be made");
    void *const memory = mmap(nullptr, sizeof(shared_words), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (memory == MAP_FAILED) throw std::runtime_error(path + " cannot be mapped");
    auto &words = *static_cast<shared_words *>(memory);
    if (fresh) prepare(words);
    return words;
}

template <class Body>
void add(const char *name, Body body) {
    benchmark::RegisterBenchmark(name, [body](benchmark::State &state) {
        for (auto _ : state) body();
    });
}

void add_pairs(shared_words &words) {
    add("pair/sem", [&words] { sem_post(&words.semaphore), sem_wait(&words.semaphore); });
    add("pair/robust_mutex", [&words] { pthread_mutex_lock(&words.mutex), pthread_mutex_unlock(&words.mutex); });
    const fm_handle event = new_event(nullptr), semaphore = new_semaphore(0), mutex = new_mutex(nullptr);
    add("pair/event", [event] { require(fm_event_set(event)), require(fm_wait(event, FM_FOREVER)); });
    add("pair/semaphore", [semaphore] { require(fm_semaphore_release(semaphore, 1, nullptr)), require(fm_wait(semaphore, FM_FOREVER)); });
    add("pair/mutex", [mutex] { require(fm_wait(mutex, FM_FOREVER)), require(fm_mutex_release(mutex)); });
}

/// Time of one object in a wait for `count`, of which the last is ready.
void add_any(const char *name, uint32_t count) {
    std::vector<fm_handle> handles;
    for (uint32_t i = 0; i < count; ++i) handles.push_back(new_semaphore(i + 1 == count ? 0x7fffffff : 0));
    benchmark::RegisterBenchmark(name, [handles](benchmark::State &state) {
        const auto number = static_cast<uint32_t>(handles.size());
        uint32_t index = 0;
        while (state.KeepRunningBatch(number)) {
            const fm_status status = fm_wait_any(handles.data(), number, FM_FOREVER, &index);
            if (status != FM_OK || index + 1 != number) return state.SkipWithError("another object than the last one was taken");
        }
    });
}

void pin(int processor) {
    if (processor < 0) return;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    sched_setaffinity(0, sizeof set, &set);
}

int64_t now() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return int64_t{time.tv_sec} * 1000000000 + time.tv_nsec;
}

// ---- in turn -------------------------------------------------------------------------------------------------------

void futex_throw(std::atomic<uint32_t> &ball, uint32_t to) {
    ball.store(to);
    syscall(SYS_futex, &ball, FUTEX_WAKE, 1, nullptr, nullptr, 0);
}

void futex_catch(std::atomic<uint32_t> &ball, uint32_t mine) {
    for (uint32_t seen; (seen = ball.load()) != mine;) syscall(SYS_futex, &ball, FUTEX_WAIT, seen, nullptr, nullptr, 0);
}

/// One side of two that take turns: side 0 begins.
class player {
public:
    player(const std::string &how, const std::string &path, uint32_t side)
        : with_filemap_(how == "filemap"), side_(side), words_(map_words(path, false)) {
        if (!with_filemap_) return;
        events_ = {new_event("ping"), new_event("pong")};
    }

    void play(uint32_t turns) {
        for (uint32_t i = 0; i < turns; ++i) {
            if (side_ == 0) hit();
            await();
            if (side_ == 1) hit();
        }
    }

private:
    void hit() {
        if (with_filemap_) require(fm_event_set(events_[side_]));
        else futex_throw(words_.ball, 1 - side_);
    }
    void await() {
        if (with_filemap_) require(fm_wait(events_[1 - side_], FM_FOREVER));
        else futex_catch(words_.ball, side_);
    }

    bool with_filemap_;
    uint32_t side_;
    shared_words &words_;
    std::array<fm_handle, 2> events_{};
};

// Role "turns <filemap|bare> <path> <side> <processor>": for each line "<turns>" plays them, and answers with the
// nanoseconds that passed.
int serve_turns(const std::vector<std::string> &words) {
    pin(std::stoi(words.at(5)));
    player one(words.at(2), words.at(3), static_cast<uint32_t>(std::stoul(words.at(4))));
    std::cout << "ready" << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
        const int64_t start = now();
        one.play(static_cast<uint32_t>(std::stoul(line)));
        std::cout << now() - start << std::endl;
    }
    return 0;
}

void add_turns(const std::string &name, const std::string &directory, const std::string &path, const std::string &how, bool one_processor) {
    constexpr int turns = 5000;
    auto sides = std::make_shared<std::vector<child>>();
    for (int side = 0; side < 2; ++side) {
        const int processor = one_processor ? 0 : side;
        sides->emplace_back(directory, std::vector<std::string>{"--role", "turns", how, path, std::to_string(side), std::to_string(processor)});
        sides->back().answer();
    }
    benchmark::RegisterBenchmark(name.c_str(), [sides](benchmark::State &state) {
        for (auto _ : state) {
            (*sides)[1].tell(std::to_string(turns));
            const double ns = std::stod((*sides)[0].ask(std::to_string(turns)));
            (*sides)[1].answer();
            state.SetIterationTime(ns / 1e9 / turns);
        }
    })->UseManualTime()->Iterations(2);
}

// ---- four on one mutex ---------------------------------------------------------------------------------------------

/// Some 100 ns of work inside, and as much outside.
void work(std::atomic<uint64_t> &counter) {
    for (int i = 0; i < 20; ++i) counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

template <class Lock, class Unlock>
uint64_t crowd(shared_words &words, int64_t length, Lock lock, Unlock unlock) {
    std::atomic<uint64_t> own{0};
    uint64_t rounds = 0;
    for (const int64_t end = now() + length; now() < end; ++rounds) {
        lock();
        work(words.inside);
        unlock();
        work(own);
    }
    return rounds;
}

// Role "crowd <filemap|robust|boost> <path> <name>": for each line "<nanoseconds>" acquires and releases for so long, and
// answers with how often it did.
int serve_crowd(const std::vector<std::string> &words) {
    shared_words &shared = map_words(words.at(3), false);
    const std::string &how = words.at(2);
    const fm_handle mutex = new_mutex("crowd");
    ipc::named_mutex named(ipc::open_or_create, words.at(4).c_str());
    std::cout << "ready" << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
        const int64_t length = std::stoll(line);
        if (how == "filemap")
            std::cout << crowd(shared, length, [&] { require(fm_wait(mutex, FM_FOREVER)); }, [&] { require(fm_mutex_release(mutex)); });
        else if (how == "robust")
            std::cout << crowd(shared, length, [&] { pthread_mutex_lock(&shared.mutex); }, [&] { pthread_mutex_unlock(&shared.mutex); });
        else
            std::cout << crowd(shared, length, [&] { named.lock(); }, [&] { named.unlock(); });
        std::cout << std::endl;
    }
    return 0;
}

void add_crowd(const std::string &name, const workplace &where, const std::string &path, const std::string &how) {
    constexpr int64_t length = 100'000'000;
    auto crowd_of_four = std::make_shared<std::vector<child>>();
    for (int i = 0; i < 4; ++i) {
        crowd_of_four->emplace_back(where.few, std::vector<std::string>{"--role", "crowd", how, path, where.run + "-boost-mutex"});
        crowd_of_four->back().answer();
    }
    benchmark::RegisterBenchmark(name.c_str(), [crowd_of_four](benchmark::State &state) {
        for (auto _ : state) {
            for (child &one : *crowd_of_four) one.tell(std::to_string(length));
            double rounds = 0;
            for (child &one : *crowd_of_four) rounds += std::stod(one.answer());
            state.SetIterationTime(static_cast<double>(length) / 1e9 / rounds);
        }
    })->UseManualTime()->Iterations(1);
}

// ---- among very many -----------------------------------------------------------------------------------------------

// Role "events <first> <count>": creates events, and keeps them until its input ends. Role "use": for each line
// "<times>" opens, sets, waits for and closes one of ten events, and answers with the processor time it took.
int hold_events(uint64_t first, uint64_t count) {
    raise_descriptor_limit();
    for (uint64_t index = first; index < first + count; ++index) new_event(("event-" + std::to_string(index)).c_str());
    keep_until_told();
    return 0;
}

int serve_uses() {
    std::cout << "ready" << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
        timespec start{}, end{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start);
        const uint64_t times = std::stoull(line);
        for (uint64_t i = 0; i < times; ++i) {
            fm_handle event = nullptr;
            require(fm_event_open(("event-" + std::to_string(i % few_objects)).c_str(), FM_ACCESS_ALL, &event));
            require(fm_event_set(event));
            require(fm_wait(event, FM_FOREVER));
            require(fm_close(event));
        }
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
        std::cout << (end.tv_sec - start.tv_sec) * 1000000000 + end.tv_nsec - start.tv_nsec << std::endl;
    }
    return 0;
}

void add_uses(const std::string &name, const std::string &directory) {
    auto user = std::make_shared<child>(directory, std::vector<std::string>{"--role", "use"});
    user->answer();
    benchmark::RegisterBenchmark(name.c_str(), [user](benchmark::State &state) {
        constexpr int uses = 1000;
        for (auto _ : state) state.SetIterationTime(std::stod(user->ask(std::to_string(uses))) / 1e9 / uses);
    })->UseManualTime()->Iterations(10);
}

std::vector<row> rows() {
    return {
        {"event set + wait vs sem_post + sem_wait", "pair/event", "pair/sem", bar_kind::times_at_most, 2.2},
        {"semaphore release + wait vs sem_post + sem_wait", "pair/semaphore", "pair/sem", bar_kind::times_at_most, 2.2},
        {"mutex lock + unlock vs robust pthread mutex", "pair/mutex", "pair/robust_mutex", bar_kind::times_at_most, 1.5},
        {"two processes in turn, one CPU, vs bare futex", "turns/filemap/one_cpu", "turns/bare/one_cpu", bar_kind::times_at_most, 1.35},
        {"two processes in turn, two CPUs, vs bare futex", "turns/filemap/two_cpus", "turns/bare/two_cpus", bar_kind::stated, 0},
        {"4 processes on one mutex vs robust pthread mutex", "crowd/filemap", "crowd/robust", bar_kind::stated, 0},
        {"4 processes on one mutex vs Boost's named mutex", "crowd/filemap", "crowd/boost", bar_kind::stated, 0},
        {"wait-any of 2, last ready: each object", "any/2", "any/2", bar_kind::ours_at_most, 12},
        {"wait-any of 8, last ready: each object", "any/8", "any/8", bar_kind::ours_at_most, 12},
        {"wait-any of 64, last ready: each object", "any/64", "any/64", bar_kind::ours_at_most, 12},
        {"event open + set + wait + close among very many vs among 10", "use_event/many", "use_event/few", bar_kind::times_at_most, 1.2},
    };
}

} // namespace

std::vector<row> add_waits(const workplace &where) {
    const std::string path = where.bare + "/words";
    shared_words &words = map_words(path, true);
    add_pairs(words);
    add_any("any/2", 2);
    add_any("any/8", 8);
    add_any("any/64", 64);
    for (const char *how : {"filemap", "bare"}) {
        add_turns(std::string("turns/") + how + "/one_cpu", where.few, path, how, true);
        add_turns(std::string("turns/") + how + "/two_cpus", where.many, where.bare + "/words", how, false);
    }
    for (const char *how : {"filemap", "robust", "boost"}) add_crowd(std::string("crowd/") + how, where, path, how);
    add_uses("use_event/few", where.few);
    add_uses("use_event/many", where.many);
    return rows();
}

std::optional<int> run_wait_role(const std::vector<std::string> &words) {
    if (words[1] == "turns") return serve_turns(words);
    if (words[1] == "crowd") return serve_crowd(words);
    if (words[1] == "events") return hold_events(std::stoull(words.at(2)), std::stoull(words.at(3)));
    if (words[1] == "use") return serve_uses();
    return std::nullopt;
}

} // namespace bench
