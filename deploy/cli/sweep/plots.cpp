#include "deploy/cli/sweep/plots.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "deploy/report/meanings.h"

namespace tacit {
namespace {

constexpr std::size_t kTicksMost = 30;
constexpr double kLogarithmicFrom = 50;  ///< largest over smallest value of an axis

std::optional<double> number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The values as numbers; nothing if one is no number.
std::optional<std::vector<double>> numbers(const SweptKey& key) {
  std::vector<double> values;
  for (const std::string& text : key.values) {
    const auto value = number(text);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  return values;
}

/// The first row or column of a heat map if the values are consecutive integers; nothing if they
/// must be named.
std::optional<double> first_of_integers(const SweptKey& key) {
  const auto values = numbers(key);
  if (!values) return std::nullopt;
  for (std::size_t k = 0; k < values->size(); ++k) {
    if ((*values)[k] != values->front() + static_cast<double>(k)) return std::nullopt;
  }
  return values->front();
}

/// All names, or as many as fit on an axis.
std::vector<std::string> tick_names(const SweptKey& key) {
  std::vector<std::string> names = key.values;
  const std::size_t stride = 1 + (names.size() - 1) / kTicksMost;
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (k % stride != 0) names[k].clear();
  }
  return names;
}

std::string file_stem(const std::string& metric) {
  std::string stem = "sweep-" + metric;
  std::ranges::replace_if(
      stem, [](char c) { return !(std::isalnum(static_cast<unsigned char>(c)) || c == '_'); }, '-');
  return stem;
}

std::string about_seeds(const SweepPlan& plan) {
  return plan.seed_count() == 1 ? "One seed."
                                : "Mean over " + std::to_string(plan.seed_count()) + " seeds.";
}

/// The metric of a column: NAME_most is the largest number of NAME.
std::string metric_of(const std::string& column, std::span<const Quantity> quantities) {
  constexpr std::string_view kMost = "_most";
  if (find_quantity(quantities, Where::metric, column) != nullptr) return column;
  return column.ends_with(kMost) ? column.substr(0, column.size() - kMost.size()) : column;
}

/// The metric's meaning, as a sentence that begins a caption.
std::string about(const std::string& column, std::span<const Quantity> quantities) {
  const std::string metric = metric_of(column, quantities);
  const std::string meaning = meaning_of(quantities, Where::metric, metric);
  return meaning.empty() ? "" : metric + ": " + meaning + ". ";
}

/// Adds a line with its band over the numbers of a key, or over 0, 1, ... for its names.
/// @param points  [values of the key] of the table
void add_line(Plot& plot, std::string name, const std::vector<double>& x, const SweepTable& table,
              const std::string& metric, const std::vector<std::size_t>& points) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, {}, [&](std::size_t k) { return x[k]; });
  // A single line names its band; of many lines the caption does.
  Series band{name.empty() ? "95 % confidence" : "", {}, {}, Series::Style::band};
  Series line{name.empty() ? "mean" : std::move(name), {}, {}};
  for (const std::size_t k : order) {
    const Estimate one = table.estimate(metric, points[k]);
    for (Series* series : {&band, &line}) series->x.push_back(x[k]);
    line.y.push_back(one.mean);
    band.y.push_back(one.low);
    band.upper.push_back(one.high);
  }
  plot.series.push_back(std::move(band));
  plot.series.push_back(std::move(line));
}

/// A figure over the last key; with a key of names before it, a line for each name.
Plot line_plot(const SweepPlan& plan, const SweepTable& table, const std::string& metric,
               std::span<const Quantity> quantities) {
  const SweptKey& key = plan.keys().back();
  Plot plot;
  plot.file_stem = file_stem(metric);
  plot.title = metric + " against " + key.name;
  plot.caption = about(metric, quantities) + about_seeds(plan) +
                 (plan.seed_count() > 1 ? " The veil: 95 % confidence (bootstrap)." : "");
  plot.x_label = key.name;
  plot.y_label = with_unit(quantities, Where::metric, metric_of(metric, quantities));
  auto x = numbers(key);
  if (!x) {
    plot.x_ticks = tick_names(key);
    x.emplace(key.values.size());
    std::iota(x->begin(), x->end(), 0.0);
  }
  const auto [least, most] = std::ranges::minmax(*x);
  plot.log_x = least > 0 && most >= kLogarithmicFrom * least;
  for (std::size_t first = 0; first < plan.point_count(); first += x->size()) {
    std::vector<std::size_t> points(x->size());
    std::iota(points.begin(), points.end(), first);
    const bool is_only = plan.keys().size() == 1;
    add_line(plot, is_only ? "" : plan.keys().front().values[first / x->size()], *x, table, metric,
             points);
  }
  return plot;
}

/// A key of names followed by one of numbers gives lines to compare.
bool has_line_per_name(const std::vector<SweptKey>& keys) {
  return keys.size() == 2 && !numbers(keys[0]) && numbers(keys[1]);
}

Plot heat_plot(const SweepPlan& plan, const SweepTable& table, const std::string& metric,
               std::span<const Quantity> quantities) {
  const SweptKey& across = plan.keys()[0];
  const SweptKey& up = plan.keys()[1];
  Plot plot;
  plot.file_stem = file_stem(metric);
  plot.title = metric + " over " + across.name + " and " + up.name;
  plot.caption = about(metric, quantities) + about_seeds(plan);
  plot.x_label = across.name;
  plot.y_label = up.name;
  Plot::HeatMap map;
  map.cells.assign(up.values.size(), std::vector<double>(across.values.size()));
  bool yes_or_no = true;
  for (std::size_t point = 0; point < plan.point_count(); ++point) {
    const double value = table.estimate(metric, point).mean;
    map.cells[point % up.values.size()][point / up.values.size()] = value;
    yes_or_no = yes_or_no && (value == 0 || value == 1 || std::isnan(value));
  }
  if (yes_or_no) map.levels = {"no", "yes"};
  const auto x_first = first_of_integers(across);
  const auto y_first = first_of_integers(up);
  map.x_first = x_first.value_or(0);
  map.y_first = y_first.value_or(0);
  if (!x_first) plot.x_ticks = tick_names(across);
  if (!y_first) plot.y_ticks = tick_names(up);
  plot.heat_map.push_back(std::move(map));
  return plot;
}

}  // namespace

std::vector<Plot> sweep_plots(const SweepPlan& plan, const SweepTable& table,
                              const std::vector<std::string>& metrics,
                              std::span<const Quantity> quantities) {
  std::vector<Plot> plots;
  for (const std::string& metric : metrics) {
    if (plan.keys().size() == 1 || has_line_per_name(plan.keys())) {
      plots.push_back(line_plot(plan, table, metric, quantities));
    } else if (plan.keys().size() == 2) {
      plots.push_back(heat_plot(plan, table, metric, quantities));
    }
  }
  return plots;
}

}  // namespace tacit
