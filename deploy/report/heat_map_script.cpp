#include "deploy/report/heat_map_script.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "deploy/report/script_text.h"

namespace tacit {
namespace {

/// Light, middle, dark: distinguishable in grey too. Further levels use the scale.
constexpr std::array<const char*, 4> kLevelColours = {"#d9dfe6", "#56b4e9", "#d55e00", "#004c6d"};

/// Colours of lines over the cells: fixed things, moving things, and more.
constexpr std::array<const char*, 3> kLineColours = {"#333333", "#d55e00", "#8a8a8a"};

std::string level_colour(std::size_t level, std::size_t count) {
  if (count <= kLevelColours.size()) return kLevelColours[level];
  return scale_colour(static_cast<double>(level) / static_cast<double>(count - 1));
}

/// The cells that `wanted` picks, as "x y value" lines.
template <typename Wanted>
std::string cell_lines(const Plot::HeatMap& map, Wanted wanted) {
  std::string text;
  for (std::size_t row = 0; row < map.cells.size(); ++row) {
    for (std::size_t column = 0; column < map.cells[row].size(); ++column) {
      const double value = map.cells[row][column];
      if (!std::isfinite(value) || !wanted(value)) continue;
      text += digits(map.x_first + map.spacing * static_cast<double>(column)) + ' ' +
              digits(map.y_first + map.spacing * static_cast<double>(row)) + ' ' + digits(value) +
              '\n';
    }
  }
  return text;
}

/// Ranges that hold all cells and all lines.
std::string ranges(const Plot::HeatMap& map, const std::vector<Series>& lines) {
  std::size_t columns = 1;
  for (const auto& row : map.cells) columns = std::max(columns, row.size());
  const double half = 0.5 * map.spacing;
  double left = map.x_first - half;
  double bottom = map.y_first - half;
  double right = left + map.spacing * static_cast<double>(columns);
  double top =
      bottom + map.spacing * static_cast<double>(std::max<std::size_t>(map.cells.size(), 1));
  for (const Series& line : lines) {
    for (std::size_t k = 0; k < line.x.size(); ++k) {
      if (!std::isfinite(line.x[k]) || !std::isfinite(line.y[k])) continue;
      left = std::min(left, line.x[k]);
      right = std::max(right, line.x[k]);
      bottom = std::min(bottom, line.y[k]);
      top = std::max(top, line.y[k]);
    }
  }
  return "set xrange [" + digits(left) + ':' + digits(right) + "]\nset yrange [" + digits(bottom) +
         ':' + digits(top) + "]\n";
}

/// Half a cell to each side; the border in the cell's colour hides the seams between cells.
std::string square(const Plot::HeatMap& map) {
  const std::string half = digits(0.5 * map.spacing);
  return " using 1:2:($1-" + half + "):($1+" + half + "):($2-" + half + "):($2+" + half + ")";
}

/// Draws lines over the cells; a blank line in the data is a gap.
struct Overlay {
  std::string blocks;
  std::string plots;
};

Overlay overlay(const std::vector<Series>& lines) {
  Overlay over;
  for (std::size_t index = 0; index < lines.size(); ++index) {
    const Series& line = lines[index];
    const std::string block = "$over" + std::to_string(index);
    over.blocks += block + " << END_OF_DATA\n";
    bool broken = true;
    for (std::size_t k = 0; k < line.x.size(); ++k) {
      const bool is_gap = !std::isfinite(line.x[k]) || !std::isfinite(line.y[k]);
      if (!is_gap) over.blocks += digits(line.x[k]) + ' ' + digits(line.y[k]) + '\n';
      if (is_gap && !broken) over.blocks += '\n';
      broken = is_gap;
    }
    over.blocks += "END_OF_DATA\n";
    over.plots += ", \\\n  " + block + " using 1:2 with lines lw 1.5 lc rgb '" +
                  kLineColours[std::min(index, kLineColours.size() - 1)] + "' notitle";
  }
  return over;
}

}  // namespace

std::string heat_map_script(const Plot& figure) {
  const Plot::HeatMap& map = figure.heat_map.front();
  const Overlay over = overlay(figure.series);
  std::string text = "unset grid\nset border 15\n" + ranges(map, figure.series) + over.blocks;
  if (map.levels.empty()) {
    const std::string lines = cell_lines(map, [](double) { return true; });
    if (lines.empty()) return text + "plot NaN notitle" + over.plots + '\n';
    text += "set palette defined (";
    for (int stop = 0; stop <= 8; ++stop) {
      text +=
          (stop == 0 ? "" : ", ") + std::to_string(stop) + " '" + scale_colour(stop / 8.0) + "'";
    }
    return text + ")\nunset key\n$cells << END_OF_DATA\n" + lines + "END_OF_DATA\nplot $cells" +
           square(map) + ":3 with boxxyerror fill solid 1.0 lc palette notitle" + over.plots + '\n';
  }
  text += legend(map.levels);
  std::string plot = "plot";
  for (std::size_t level = 0; level < map.levels.size(); ++level) {
    const std::string colour = level_colour(level, map.levels.size());
    const std::string paint =
        " with boxxyerror fill solid 1.0 border lc rgb '" + colour + "' lc rgb '" + colour + "'";
    const std::string lines =
        cell_lines(map, [level](double value) { return value == static_cast<double>(level); });
    const std::string title = " title " + script_quoted(map.levels[level]);
    plot += level == 0 ? " " : ", \\\n  ";
    if (lines.empty()) {
      plot += "NaN with boxes fill solid 1.0 lc rgb '" + colour + "'" + title;
      continue;
    }
    const std::string block = "$level" + std::to_string(level);
    text += block + " << END_OF_DATA\n" + lines + "END_OF_DATA\n";
    plot += block + square(map) + paint + title;
  }
  return text + plot + over.plots + '\n';
}

}  // namespace tacit
