#include "deploy/report/heat_map_script.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "deploy/report/script_text.h"

namespace tacit {
namespace {

/// Light, middle, dark: told apart in grey too. Further levels take the scale.
constexpr std::array<const char*, 4> kLevelColours = {"#d9dfe6", "#56b4e9", "#d55e00", "#004c6d"};

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
      text += digits(map.x_first + static_cast<double>(column)) + ' ' +
              digits(map.y_first + static_cast<double>(row)) + ' ' + digits(value) + '\n';
    }
  }
  return text;
}

std::string ranges(const Plot::HeatMap& map) {
  std::size_t columns = 1;
  for (const auto& row : map.cells) columns = std::max(columns, row.size());
  const double width = static_cast<double>(columns);
  const double height = static_cast<double>(std::max<std::size_t>(map.cells.size(), 1));
  return "set xrange [" + digits(map.x_first - 0.5) + ':' + digits(map.x_first + width - 0.5) +
         "]\nset yrange [" + digits(map.y_first - 0.5) + ':' + digits(map.y_first + height - 0.5) +
         "]\n";
}

/// Half a cell to each side; the border in the cell's colour hides the seams between cells.
constexpr const char* kSquare = " using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5)";

}  // namespace

std::string heat_map_script(const Plot::HeatMap& map) {
  std::string text = "unset grid\nset border 15\n" + ranges(map);
  if (map.levels.empty()) {
    const std::string lines = cell_lines(map, [](double) { return true; });
    if (lines.empty()) return text + "plot NaN notitle\n";
    text += "set palette defined (";
    for (int stop = 0; stop <= 8; ++stop) {
      text +=
          (stop == 0 ? "" : ", ") + std::to_string(stop) + " '" + scale_colour(stop / 8.0) + "'";
    }
    return text + ")\nunset key\n$cells << END_OF_DATA\n" + lines + "END_OF_DATA\nplot $cells" +
           kSquare + ":3 with boxxyerror fill solid 1.0 lc palette notitle\n";
  }
  text += legend(map.levels);
  std::string plot = "plot";
  for (std::size_t level = 0; level < map.levels.size(); ++level) {
    const std::string colour = level_colour(level, map.levels.size());
    const std::string paint =
        " with boxxyerror fill solid 1.0 border lc rgb '" + colour + "' lc rgb '" + colour + "'";
    const std::string lines =
        cell_lines(map, [level](double value) { return value == static_cast<double>(level); });
    const std::string title = " title " + quoted(map.levels[level]);
    plot += level == 0 ? " " : ", \\\n  ";
    if (lines.empty()) {
      plot += "NaN with boxes fill solid 1.0 lc rgb '" + colour + "'" + title;
      continue;
    }
    const std::string block = "$level" + std::to_string(level);
    text += block + " << END_OF_DATA\n" + lines + "END_OF_DATA\n";
    plot += block + kSquare + paint + title;
  }
  return text + plot + '\n';
}

}  // namespace tacit
