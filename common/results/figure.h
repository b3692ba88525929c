#pragma once

#include <string>
#include <vector>

namespace tacit {

/// A line, a band or a set of points of a figure.
struct Series {
  enum class Style { line, dashed, points, steps, boxes, band };
  std::string name;
  std::vector<double> x;
  std::vector<double> y;
  Style style = Style::line;
  std::vector<double> upper = {};  ///< band: from y up to here; belongs to the next line
};

/// A figure of the report: series, or a heat map of `cells` (row-major, [row][column]), over which
/// series are lines, the first of them dark.
struct Plot {
  std::string file_stem;  ///< names plots/<file_stem>.svg
  std::string title;
  std::string caption;  ///< what the reader should see in the figure
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
  std::vector<std::string> x_ticks = {};  ///< names of x = 0, 1, ... in place of numbers
  std::vector<std::string> y_ticks = {};  ///< likewise y
  bool equal_axes = false;                ///< one unit has the same length on both axes
};

}  // namespace tacit
