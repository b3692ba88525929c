#include "deploy/report/plot_script.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "common/base/check.h"
#include "deploy/report/heat_map_script.h"
#include "deploy/report/script_text.h"

namespace tacit {
namespace {

constexpr std::size_t kDistinctColours = 8;
constexpr std::size_t kLongestLegend = 24;
constexpr std::size_t kPointsPerFigure = 20'000;
constexpr std::size_t kMostPointsPerSeries = 1'000;
constexpr std::size_t kFewestPointsPerSeries = 200;

/// Okabe & Ito, "Color universal design", 2008, with grey for their yellow, which is faint on
/// white.
constexpr std::array<const char*, kDistinctColours> kColours = {
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#8a8a8a"};

bool finite(const Series& series, std::size_t k) {
  return std::isfinite(series.x[k]) && std::isfinite(series.y[k]) &&
         (series.upper.empty() || std::isfinite(series.upper[k]));
}

double top(const Series& series, std::size_t k) {
  return series.upper.empty() ? series.y[k] : series.upper[k];
}

bool has_points(const Series& series) {
  for (std::size_t k = 0; k < series.x.size(); ++k) {
    if (finite(series, k)) return true;
  }
  return false;
}

/// At most `most` points: the least and the greatest of each stretch, in their order. A stretch
/// without a finite point stays a gap.
Series thinned(const Series& series, std::size_t most) {
  const std::size_t size = series.x.size();
  if (size <= most || series.style == Series::Style::boxes) return series;
  const std::size_t stretch_count = most / 2;
  Series thin{series.name, {}, {}, series.style};
  const auto keep = [&](std::size_t k) {
    thin.x.push_back(series.x[k]);
    thin.y.push_back(series.y[k]);
    if (!series.upper.empty()) thin.upper.push_back(series.upper[k]);
  };
  for (std::size_t stretch = 0; stretch < stretch_count; ++stretch) {
    const std::size_t first = stretch * size / stretch_count;
    const std::size_t last = (stretch + 1) * size / stretch_count;
    std::size_t least = last;
    std::size_t greatest = last;
    for (std::size_t k = first; k < last; ++k) {
      if (!finite(series, k)) continue;
      if (least == last || series.y[k] < series.y[least]) least = k;
      if (greatest == last || top(series, k) > top(series, greatest)) greatest = k;
    }
    if (least == last) {
      keep(first);
    } else {
      keep(std::min(least, greatest));
      if (least != greatest) keep(std::max(least, greatest));
    }
  }
  return thin;
}

/// The place and width of one series' box among several.
struct BoxPlace {
  double shift;
  double width;
};

BoxPlace box_place(std::size_t index, std::size_t count) {
  const double width = 0.8 / static_cast<double>(count);
  return {(static_cast<double>(index) - 0.5 * static_cast<double>(count - 1)) * width, width};
}

/// In gnuplot one blank line breaks a line; two would start another data set.
std::string data_lines(const Series& series, BoxPlace place) {
  std::string text;
  bool broken = true;
  for (std::size_t k = 0; k < series.x.size(); ++k) {
    if (!finite(series, k)) {
      if (!broken) text += '\n';
      broken = true;
      continue;
    }
    broken = false;
    if (series.style == Series::Style::boxes) {
      text += digits(series.x[k] + place.shift) + ' ' + digits(series.y[k]) + ' ' +
              digits(place.width) + '\n';
    } else if (series.style == Series::Style::band) {
      text +=
          digits(series.x[k]) + ' ' + digits(series.y[k]) + ' ' + digits(series.upper[k]) + '\n';
    } else {
      text += digits(series.x[k]) + ' ' + digits(series.y[k]) + '\n';
    }
  }
  return text;
}

std::string style_of(const Series& series, const std::string& colour, bool crowded) {
  const std::string paint = " lc rgb '" + colour + "'";
  const std::string width = crowded ? " lw 1.2" : " lw 2";
  switch (series.style) {
    case Series::Style::line:
      return "with lines" + width + paint;
    case Series::Style::dashed:
      return "with lines lw 2 dt (8,5)" + paint;
    case Series::Style::points:
      return "with points pt 7 ps 0.5" + paint;
    case Series::Style::steps:
      return "with steps" + width + paint;
    case Series::Style::boxes:
      return "with boxes fill solid 1.0 noborder" + paint;
    case Series::Style::band:
      return "with filledcurves fill transparent solid 0.22 noborder" + paint;
  }
  TACIT_CHECK(false, "every style of a series has a drawing");
}

std::size_t count_of(const std::vector<Series>& series, Series::Style style) {
  return static_cast<std::size_t>(std::ranges::count(series, style, &Series::style));
}

/// Whether there are more lines than distinct colours; bands do not count: they have their lines'
/// colours.
bool is_crowded(const std::vector<Series>& series) {
  return series.size() - count_of(series, Series::Style::band) > kDistinctColours;
}

/// The colour of each series: by its order among the solid ones, so that a reference line beside
/// many agents does not shift their scale.
std::vector<std::string> colours_of(const std::vector<Series>& series) {
  const bool crowded = is_crowded(series);
  const std::size_t solid_count = series.size() - count_of(series, Series::Style::band) -
                                  count_of(series, Series::Style::dashed);
  std::vector<std::string> colours;
  std::size_t solid = 0;
  std::size_t dashed = 0;
  for (const Series& one : series) {
    const bool reference = one.style == Series::Style::dashed;
    if (!crowded) {
      colours.emplace_back(kColours[std::min(solid + dashed, kDistinctColours - 1)]);
    } else if (reference) {
      colours.emplace_back(dashed % 2 == 0 ? "#000000" : "#8a8a8a");
    } else {
      const double place = static_cast<double>(solid) / static_cast<double>(solid_count);
      colours.push_back(scale_colour(0.92 * place));
    }
    if (one.style != Series::Style::band) ++(reference ? dashed : solid);
  }
  return colours;
}

/// In a crowd too large to name, only the first, the last and the reference lines have names.
bool is_named(const std::vector<Series>& series, std::size_t index) {
  if (series[index].name.empty()) return false;
  if (series.size() <= kLongestLegend) return true;
  if (series[index].style == Series::Style::dashed) return true;
  const auto is_solid = [](const Series& one) { return one.style != Series::Style::dashed; };
  const auto first = std::ranges::find_if(series, is_solid) - series.begin();
  const auto last = std::find_if(series.rbegin(), series.rend(), is_solid).base() - 1;
  return static_cast<std::ptrdiff_t>(index) == first || series.begin() + index == last;
}

/// By default gnuplot labels only whole decades: where there are few, label 1, 2 and 5 of each.
std::string logarithmic(double bottom, double most) {
  std::string text = "set logscale y\nset format y '%g'\n";
  if (most > 100 * bottom) return text;
  std::string marks;
  for (double decade = std::pow(10, std::floor(std::log10(bottom))); decade <= most; decade *= 10) {
    for (const double mark : {decade, 2 * decade, 5 * decade}) {
      marks += (marks.empty() ? "" : ", ") + digits(mark);
    }
  }
  return text + "set ytics (" + marks + ")\n";
}

/// Leaves some space above and below, but none below zero if no value is negative. Boxes start at
/// 0.
std::string ranges(const std::vector<Series>& series, bool boxes, bool log_y) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  double left = kInfinity;
  double right = -kInfinity;
  double least = kInfinity;
  double greatest = -kInfinity;
  for (const Series& one : series) {
    for (std::size_t k = 0; k < one.x.size(); ++k) {
      if (!finite(one, k)) continue;
      left = std::min(left, one.x[k]);
      right = std::max(right, one.x[k]);
      least = std::min(least, one.y[k]);
      greatest = std::max(greatest, top(one, k));
    }
  }
  if (boxes) least = std::min(least, 0.0);
  const double span = greatest - least;
  const double air = span > 0 ? 0.05 * span : (greatest != 0 ? 0.1 * std::abs(greatest) : 1.0);
  const bool floor = least >= 0 && least - air < 0;
  const double side = boxes ? 0.7 : (right > left ? 0 : 0.5);
  const double bottom = log_y ? least / 1.5 : (floor ? 0 : least - air);
  const double most = log_y ? greatest * 1.5 : greatest + air;
  return "set xrange [" + digits(left - side) + ':' + digits(right + side) + "]\nset yrange [" +
         digits(bottom) + ':' + digits(most) + "]\n" + (log_y ? logarithmic(bottom, most) : "");
}

/// Values that a logarithmic axis cannot show become gaps.
Series positive(Series series) {
  for (double& y : series.y) {
    if (!(y > 0)) y = std::numeric_limits<double>::quiet_NaN();
  }
  return series;
}

std::string series_script(const std::vector<Series>& all, bool log_y) {
  std::vector<Series> series;
  for (const Series& one : all) {
    series.push_back(log_y ? positive(one) : one);
    if (!has_points(series.back())) series.pop_back();
  }
  if (series.empty()) {
    return "unset key\nset label 1 'no data' at graph 0.5, graph 0.5 center\n"
           "set xrange [0:1]\nset yrange [0:1]\nplot NaN notitle\n";
  }
  const bool crowded = is_crowded(series);
  const std::size_t box_count = count_of(series, Series::Style::boxes);
  const std::size_t most =
      std::clamp(kPointsPerFigure / series.size(), kFewestPointsPerSeries, kMostPointsPerSeries);
  const std::vector<std::string> colours = colours_of(series);
  std::vector<std::string> names;
  for (const Series& one : series) names.push_back(one.name);
  std::string text = crowded ? "set key outside right top vertical Left reverse\n" : legend(names);
  std::string plot = "plot";
  std::size_t box = 0;
  for (std::size_t k = 0; k < series.size(); ++k) {
    const bool is_box = series[k].style == Series::Style::boxes;
    const bool is_band = series[k].style == Series::Style::band;
    const BoxPlace place = is_box ? box_place(box++, box_count) : BoxPlace{0, 0};
    const std::string block = "$data" + std::to_string(k);
    text +=
        block + " << END_OF_DATA\n" + data_lines(thinned(series[k], most), place) + "END_OF_DATA\n";
    plot += (k == 0 ? " " : ", \\\n  ") + block +
            (is_box || is_band ? " using 1:2:3 " : " using 1:2 ") +
            style_of(series[k], colours[k], crowded) +
            (is_named(series, k) ? " title " + script_quoted(series[k].name) : " notitle");
  }
  return text + ranges(series, box_count > 0, log_y) + plot + '\n';
}

/// The names of 0, 1, ... on an axis; "" if it is numbered.
std::string ticks(const char* axis, const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t k = 0; k < names.size(); ++k) {
    text += (k == 0 ? "" : ", ") + script_quoted(names[k]) + ' ' + std::to_string(k);
  }
  return names.empty() ? "" : std::string("set ") + axis + "tics (" + text + ")\n";
}

}  // namespace

std::string plot_script(const Plot& plot) {
  std::string text =
      "set encoding utf8\n"
      "set terminal svg size 900,500 noenhanced rounded font 'DejaVu Sans,Verdana,sans-serif,13' "
      "background rgb 'white'\n"
      "set border 3 lc rgb '#555555'\n"
      "set tics nomirror out textcolor rgb '#222222'\n"
      "set grid lc rgb '#e3e3e3' lw 1 lt 1\n"
      "set format '%.10g'\n";
  text += "set title " + script_quoted(plot.title) + " font ',16'\n";
  text += "set xlabel " + script_quoted(plot.x_label) + " offset 0, 0.3\nset ylabel " +
          script_quoted(plot.y_label) + '\n' + ticks("x", plot.x_ticks) + ticks("y", plot.y_ticks);
  if (plot.log_x) text += "set logscale x\n";
  if (plot.equal_axes) text += "set size ratio -1\n";
  for (const Series& series : plot.series) {
    TACIT_CHECK(series.x.size() == series.y.size(), "a series has a y for every x");
    TACIT_CHECK(series.upper.size() == (series.style == Series::Style::band ? series.x.size() : 0),
                "a band has an upper end for every x, and nothing else has");
  }
  return text +
         (plot.heat_map.empty() ? series_script(plot.series, plot.log_y) : heat_map_script(plot));
}

}  // namespace tacit
