#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/machine.h"

namespace tacit {

/// value <= limit is what a run must achieve.
struct Constraint {
  std::string name;
  double value;
  double limit;
  bool met() const { return value <= limit; }
};

/// A theory bound is held up to this part of its scale, max(1, |measured|, |bound|).
inline constexpr double kBoundTolerance = 1e-9;

/// A theory bound, judged at the end of a run: held if measured <= bound up to the tolerance.
struct Bound {
  std::string name;
  double measured;
  double bound;
  /// By how much `measured` may be above `bound`: what rounding can do.
  double tolerance() const;
  bool held() const { return measured <= bound + tolerance(); }
};

/// What a system says of a finished run. Metrics of one element are shown as scalars.
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

/// What one finished process left behind.
struct ProcessRecord {
  Result result;
  MetricTable metrics;
};

}  // namespace tacit
