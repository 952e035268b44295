// The table that the program ends with: what was measured, beside what must be reached.
#pragma once

#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <vector>

namespace bench {

enum class bar_kind {
    times_at_most,       ///< ours / base
    nanoseconds_at_most, ///< ours - base
    ours_at_most,        ///< ours, in nanoseconds
    speed_at_least,      ///< base / ours
    stated,              ///< shown only
};

/// One comparison of two benchmarks by name.
struct row {
    std::string work;
    std::string ours;
    std::string base;
    bar_kind kind;
    double bar;
};

/// Shows progress, keeps the time of each repetition, and knows whether something broke.
class collector : public benchmark::BenchmarkReporter {
public:
    bool ReportContext(const Context &) override { return true; }
    void ReportRuns(const std::vector<Run> &runs) override;

    bool broken() const { return broken_; }
    /// Prints every benchmark's median, fastest and slowest repetition, then the rows.
    void print(const std::vector<row> &rows) const;

private:
    void print_row(const row &which) const;

    std::map<std::string, std::vector<double>> times_; ///< ns of each repetition
    bool broken_ = false;
};

} // namespace bench
