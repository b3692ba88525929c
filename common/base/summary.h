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

/// A line, a band or a set of points of a figure.
struct Series {
  enum class Style { line, dashed, points, steps, boxes, band };
  std::string name;
  std::vector<double> x;
  std::vector<double> y;
  Style style = Style::line;
  std::vector<double> upper = {};  ///< band: from y up to here; it belongs to the next line
};

/// A figure of the report: series, or a heat map of `cells` (row-major, [row][column]), over which
/// series are lines, the first of them dark.
struct Plot {
  std::string file_stem;  ///< names plots/<file_stem>.svg
  std::string title;
  std::string caption;  ///< what the reader should see in it
  std::string x_label;
  std::string y_label;
  std::vector<Series> series;
  struct HeatMap {
    std::vector<std::vector<double>> cells;  ///< NaN: not drawn
    double x_first = 0;                      ///< x of column 0
    double y_first = 0;                      ///< y of row 0
    std::vector<std::string> levels;         ///< names of the values 0, 1, ..., if categorical
    double spacing = 1;                      ///< of columns, and of rows
  };
  std::vector<HeatMap> heat_map;  ///< none or one
  bool log_y = false;             ///< y on a logarithmic axis; what is not positive is not drawn
  bool log_x = false;             ///< x on a logarithmic axis; all x are positive
  std::vector<std::string> x_ticks = {};  ///< what x = 0, 1, ... are called, if not by number
  std::vector<std::string> y_ticks = {};  ///< likewise y
  bool equal_axes = false;                ///< one unit is as long to the right as upwards
};

}  // namespace tacit
