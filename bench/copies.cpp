// fm_write and fm_read beside memcpy: 32 bytes (what a call costs) and 64 MiB (what a copy costs).
#include "bench.hpp"

#include <benchmark/benchmark.h>

#include <cstring>

namespace bench {

namespace {

constexpr uint64_t small = 32;
constexpr uint64_t large = uint64_t{64} << 20;

/// memcpy as a call: the compiler cannot know what it is, as it cannot know what fm_write is.
void *(*volatile copy_bytes)(void *, const void *, std::size_t) = std::memcpy;

/// One mapping and one buffer of the same size, every page of both touched, for all benchmarks here.
struct scene {
    scene() : buffer(large, 'b') {
        fm_handle mapping = nullptr;
        require(fm_create(nullptr, large, nullptr, &mapping));
        require(fm_map(mapping, FM_ACCESS_WRITE, 0, 0, &view));
        require(fm_close(mapping));
        std::memset(memory(), 'm', large);
    }
    scene(const scene &) = delete;
    scene &operator=(const scene &) = delete;
    ~scene() { fm_unmap(view); }

    void *memory() const { return fm_view_data(view); }

    std::vector<char> buffer;
    fm_view view = nullptr;
};

scene &shared_scene() {
    static scene only;
    return only;
}

void write_filemap(benchmark::State &state, uint64_t size) {
    const scene &with = shared_scene();
    for (auto _ : state) {
        fm_status status = fm_write(with.view, 0, with.buffer.data(), size);
        benchmark::DoNotOptimize(status);
        benchmark::ClobberMemory();
    }
    if (std::memcmp(with.memory(), with.buffer.data(), size) != 0) state.SkipWithError("fm_write did not copy");
}

void write_memcpy(benchmark::State &state, uint64_t size) {
    const scene &with = shared_scene();
    void *const memory = with.memory();
    for (auto _ : state) {
        void *result = copy_bytes(memory, with.buffer.data(), size);
        benchmark::DoNotOptimize(result);
        benchmark::ClobberMemory();
    }
}

void read_filemap(benchmark::State &state, uint64_t size) {
    scene &with = shared_scene();
    for (auto _ : state) {
        fm_status status = fm_read(with.view, 0, with.buffer.data(), size);
        benchmark::DoNotOptimize(status);
        benchmark::ClobberMemory();
    }
    if (std::memcmp(with.memory(), with.buffer.data(), size) != 0) state.SkipWithError("fm_read did not copy");
}

void read_memcpy(benchmark::State &state, uint64_t size) {
    scene &with = shared_scene();
    const void *const memory = with.memory();
    for (auto _ : state) {
        void *result = copy_bytes(with.buffer.data(), memory, size);
        benchmark::DoNotOptimize(result);
        benchmark::ClobberMemory();
    }
}

} // namespace

std::vector<row> add_copies() {
    std::vector<row> rows;
    for (const uint64_t size : {small, large}) {
        const std::string tail = size == small ? "/32B" : "/64MiB";
        const std::string words = size == small ? " of 32 bytes vs memcpy" : " of 64 MiB vs memcpy (speed)";
        const bar_kind kind = size == small ? bar_kind::nanoseconds_at_most : bar_kind::speed_at_least;
        const double bar = size == small ? 10 : 0.95;
        const auto add = [&](const char *name, void (*work)(benchmark::State &, uint64_t)) {
            auto *const added = benchmark::RegisterBenchmark((name + tail).c_str(), work, size);
            if (size == large) added->MinTime(0.2); // the speed of memory varies more than that of the processor
        };
        add("write/filemap", write_filemap);
        add("write/memcpy", write_memcpy);
        add("read/filemap", read_filemap);
        add("read/memcpy", read_memcpy);
        rows.push_back({"fm_write" + words, "write/filemap" + tail, "write/memcpy" + tail, kind, bar});
        rows.push_back({"fm_read" + words, "read/filemap" + tail, "read/memcpy" + tail, kind, bar});
    }
    return rows;
}

} // namespace bench
