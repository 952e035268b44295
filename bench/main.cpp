// filemap_bench <directory> [--objects=N] [Google Benchmark's options]: sets the scene, runs everything interleaved,
// prints the table. Ends with 1 only where something broke; a bar that is missed says MISS.
#include "bench.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string_view>
#include <sys/utsname.h>
#include <unistd.h>

namespace {

/// The parts of the directory that bench/run made for this run, and removes in the end, however this program ends.
bench::workplace prepare(const std::string &directory, uint64_t objects) {
    const auto make = [&](const char *leaf) {
        std::filesystem::create_directory(directory + "/" + leaf);
        return directory + "/" + leaf;
    };
    return {make("few"), make("many"), make("bare"), objects, std::filesystem::path(directory).filename()};
}

/// Takes --objects=N out of the arguments.
uint64_t objects_asked_for(std::vector<std::string> &arguments) {
    constexpr std::string_view option = "--objects=";
    for (auto argument = arguments.begin(); argument != arguments.end(); ++argument) {
        if (!argument->starts_with(option)) continue;
        const uint64_t objects = std::stoull(argument->substr(option.size()));
        arguments.erase(argument);
        return objects;
    }
    return 100000;
}

/// Our defaults stand before what the command line says, so that it may say otherwise.
std::vector<std::string> with_defaults(int argc, char **argv) {
    std::vector<std::string> arguments{argv[0], "--benchmark_enable_random_interleaving=true",
                                       "--benchmark_repetitions=15", "--benchmark_min_time=0.05"};
    arguments.insert(arguments.end(), argv + 2, argv + argc);
    return arguments;
}

bool initialize(std::vector<std::string> &arguments) {
    std::vector<char *> pointers;
    for (std::string &argument : arguments) pointers.push_back(argument.data());
    int count = static_cast<int>(pointers.size());
    pointers.push_back(nullptr);
    benchmark::Initialize(&count, pointers.data());
    return !benchmark::ReportUnrecognizedArguments(count, pointers.data());
}

void print_machine() {
    utsname system{};
    uname(&system);
    std::printf("%ld cores, %s %s %s, filemap %s\n\n", sysconf(_SC_NPROCESSORS_ONLN), system.sysname, system.release,
                system.machine, fm_version_string());
}

int run(int argc, char **argv) {
    if (argc < 2 || !std::filesystem::is_directory(argv[1])) {
        std::fprintf(stderr, "usage: filemap_bench <directory> [--objects=N] [options]; bench/run does it all\n");
        return 2;
    }
    std::vector<std::string> arguments = with_defaults(argc, argv);
    const uint64_t objects = objects_asked_for(arguments);
    if (!initialize(arguments)) return 2;

    const bench::workplace where = prepare(argv[1], objects);
    setenv("FILEMAP_DIR", where.few.c_str(), 1); // before the first call of the library
    print_machine();

    std::vector<std::vector<bench::child>> holders;
    for (const char *role : {"hold", "events"}) {
        holders.push_back(bench::start_holders(role, where.few, bench::few_objects));
        holders.push_back(bench::start_holders(role, where.many, where.many_objects));
    }
    std::vector<bench::row> rows = bench::add_cycles(where);
    for (bench::row &more : bench::add_copies()) rows.push_back(std::move(more));
    for (bench::row &more : bench::add_population(where)) rows.push_back(std::move(more));

    for (bench::row &more : bench::add_waits(where)) rows.push_back(std::move(more));

    bench::collector times;
    benchmark::RunSpecifiedBenchmarks(&times);
    times.print(rows);
    benchmark::Shutdown(); // ends the processes that the benchmarks own
    return times.broken() ? 1 : 0;
}

} // namespace

int main(int argc, char **argv) {
    if (const std::optional<int> code = bench::run_role(argc, argv)) return *code;
    try {
        return run(argc, argv);
    } catch (const std::exception &why) {
        std::cerr << "filemap_bench: " << why.what() << "\n";
        return 1;
    }
}
