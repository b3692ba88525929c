#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/machine.h"

namespace tacit {

/// A constraint that a run must meet: value <= limit.
struct Constraint {
  std::string name;
  double value;
  double limit;
  bool met() const { return value <= limit; }
};

/// Tolerance of a theory bound, relative to its scale max(1, |measured|, |bound|).
inline constexpr double kBoundTolerance = 1e-9;

/// A theory bound, judged at the end of a run: held if measured <= bound up to the tolerance.
struct Bound {
  std::string name;
  double measured;
  double bound;
  /// Most by which `measured` may exceed `bound`: allows for rounding.
  double tolerance() const;
  bool held() const { return measured <= bound + tolerance(); }
};

/// A system's summary of a finished run. Metrics of one element are shown as scalars.
struct Summary {
  std::vector<Constraint> constraints;
  std::vector<Bound> bounds;
  std::map<std::string, std::vector<double>> metrics;
  bool all_hold() const;
};

/// The metrics of one process: a column per name, a row per recorded round.
struct MetricTable {
  std::vector<std::string> columns;
  std::vector<std::int64_t> rounds;
  std::vector<std::vector<double>> rows;

  /// @return the values of one column in row order, empty if there is no such column.
  std::vector<double> column(std::string_view name) const;
};

/// The results of one finished process.
struct ProcessRecord {
  Result result;
  MetricTable metrics;
};

}  // namespace tacit
