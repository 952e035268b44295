// Medians of repetitions, and the table of bars.
#include "table.hpp"

#include <algorithm>
#include <cstdio>

namespace bench {

namespace {

double median_of(std::vector<double> values) {
    std::ranges::sort(values);
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::string with_unit(double ns) {
    char text[32];
    if (ns < 1e3) std::snprintf(text, sizeof text, "%.1f ns", ns);
    else if (ns < 1e6) std::snprintf(text, sizeof text, "%.2f us", ns / 1e3);
    else std::snprintf(text, sizeof text, "%.2f ms", ns / 1e6);
    return text;
}

struct verdict {
    double measured;
    const char *form;   ///< how `measured` is printed
    const char *demand; ///< how the bar is printed
    bool met;
};

/// What one repetition took: the processor time of the thread, which other work on the machine does not add to, or
/// what a benchmark measured by itself.
double nanoseconds_of(const benchmark::BenchmarkReporter::Run &run) {
    const bool by_itself = run.run_name.time_type == "manual_time";
    const double seconds = by_itself ? run.real_accumulated_time : run.cpu_accumulated_time;
    return seconds / static_cast<double>(run.iterations) * 1e9;
}

verdict judge(bar_kind kind, double ours, double base, double bar) {
    switch (kind) {
    case bar_kind::times_at_most: return {ours / base, "%.2f x", "<= %g x", ours / base <= bar};
    case bar_kind::nanoseconds_at_most: return {ours - base, "%+.1f ns", "<= %g ns", ours - base <= bar};
    case bar_kind::ours_at_most: return {ours, "%.1f ns", "<= %g ns", ours <= bar};
    case bar_kind::speed_at_least: return {base / ours, "%.3f x", ">= %g x", base / ours >= bar};
    case bar_kind::stated: break;
    }
    return {ours / base, "%.2f x", "stated", true};
}

} // namespace

void collector::ReportRuns(const std::vector<Run> &runs) {
    for (const Run &run : runs) {
        const std::string name = run.run_name.function_name;
        if (run.error_occurred) {
            std::fprintf(stderr, "%s broke: %s\n", name.c_str(), run.error_message.c_str());
            broken_ = true;
        } else if (run.run_type == Run::RT_Iteration) {
            times_[name].push_back(nanoseconds_of(run));
        }
    }
}

void collector::print(const std::vector<row> &rows) const {
    std::printf("%-34s %12s %12s %12s\n", "benchmark", "median", "fastest", "slowest");
    for (const auto &[name, times] : times_) {
        const auto [fastest, slowest] = std::ranges::minmax(times);
        std::printf("%-34s %12s %12s %12s\n", name.c_str(), with_unit(median_of(times)).c_str(),
                    with_unit(fastest).c_str(), with_unit(slowest).c_str());
    }
    std::printf("\n%-62s %11s %11s %10s %10s\n", "work", "filemap", "base", "measured", "bar");
    for (const row &which : rows) print_row(which);
}

void collector::print_row(const row &which) const {
    const auto ours = times_.find(which.ours);
    const auto base = times_.find(which.base);
    if (ours == times_.end() || base == times_.end()) return; // filtered out on the command line
    const double our_time = median_of(ours->second);
    const double base_time = median_of(base->second);
    const verdict found = judge(which.kind, our_time, base_time, which.bar);
    char measured[32];
    char demand[32];
    std::snprintf(measured, sizeof measured, found.form, found.measured);
    std::snprintf(demand, sizeof demand, found.demand, which.bar);
    const char *word = which.kind == bar_kind::stated ? "" : found.met ? "PASS" : "MISS";
    std::printf("%-62s %11s %11s %10s %10s  %s\n", which.work.c_str(), with_unit(our_time).c_str(),
                with_unit(base_time).c_str(), measured, demand, word);
}

} // namespace bench
