#include "agent/systems/patrol/patrol_plots.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <string>
#include <utility>

#include "agent/systems/patrol/patrol_trace.h"

namespace tacit::patrol {
namespace {

constexpr std::size_t kRobotsDrawn = 8;
constexpr std::size_t kMatrixMost = 64;  // robots
constexpr std::size_t kTrailRollouts = 2;
constexpr double kBeside = 0.35;  // m, from the way to its trail
constexpr double kGap = std::numeric_limits<double>::quiet_NaN();

std::string robot_name(std::size_t robot) { return "robot " + std::to_string(robot); }
std::string zone_name(std::size_t zone) { return "zone " + std::to_string(zone + 1); }

std::string short_digits(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

std::vector<double> count_up(std::size_t first, std::size_t count) {
  std::vector<double> values;
  for (std::size_t k = 0; k < count; ++k) values.push_back(static_cast<double>(first + k));
  return values;
}

/// One line for all walls and the rims of all zones.
Series outline(const FloorPlan& plan) {
  Series lines{"walls and zones", {}, {}};
  const auto add = [&](Point point) {
    lines.x.push_back(point.x);
    lines.y.push_back(point.y);
  };
  for (const Segment& wall : plan.walls) {
    for (const Point point : {wall.from, wall.to, Point{kGap, kGap}}) add(point);
  }
  constexpr int kCorners = 48;
  constexpr double kFullTurn = 6.283185307179586;
  for (const Point centre : plan.zones) {
    for (int k = 0; k <= kCorners; ++k) {
      const double angle = kFullTurn * k / kCorners;
      add({centre.x + plan.zone_radius * std::cos(angle),
           centre.y + plan.zone_radius * std::sin(angle)});
    }
    add({kGap, kGap});
  }
  return lines;
}

/// log10 of the fraction of all steps at each point; NaN where no robot ever was.
Plot::HeatMap visits(const Lattice& lattice, std::span<const Place> places) {
  const auto left = std::ranges::min(lattice.points(), {}, &Point::x).x;
  const auto right = std::ranges::max(lattice.points(), {}, &Point::x).x;
  const auto bottom = std::ranges::min(lattice.points(), {}, &Point::y).y;
  const auto top = std::ranges::max(lattice.points(), {}, &Point::y).y;
  const auto cell = [](double from, double to) {
    return static_cast<std::size_t>((to - from) / Lattice::kSpacing);
  };
  std::vector<std::size_t> steps(lattice.size(), 0);
  for (const Place place : places) ++steps[place];
  Plot::HeatMap map{.cells = {}, .x_first = left, .y_first = bottom, .levels = {}};
  map.spacing = Lattice::kSpacing;
  map.cells.assign(cell(bottom, top) + 1, std::vector<double>(cell(left, right) + 1, kGap));
  for (std::size_t p = 0; p < steps.size(); ++p) {
    if (steps[p] == 0) continue;
    const Point point = lattice.points()[p];
    map.cells[cell(bottom, point.y)][cell(left, point.x)] =
        std::log10(static_cast<double>(steps[p]) / static_cast<double>(places.size()));
  }
  return map;
}

Plot floor_plot(const PatrolConfig& config, const PatrolTrace& trace, std::size_t robot) {
  const std::vector<Place>& places = trace.places[robot];
  const std::size_t last = std::min(places.size(), kTrailRollouts * config.dual.rollout_steps);
  Series trail{"last way", {}, {}};
  for (std::size_t t = places.size() - last; t < places.size(); ++t) {
    const Point point = config.lattice->point(places[t]);
    trail.x.push_back(point.x + kBeside);
    trail.y.push_back(point.y + kBeside);
  }
  Plot plot{.file_stem = "floor_robot_" + std::to_string(robot),
            .title = "Where robot " + std::to_string(robot) + " was",
            .caption =
                "Colour: the part of all steps at each point of the way, as a power of ten. "
                "The line beside it is the way of the last " +
                std::to_string(last) + " steps; circles are the zones.",
            .x_label = "x [m]",
            .y_label = "y [m]",
            .series = {outline(*config.plan), trail},
            .heat_map = {visits(*config.lattice, places)}};
  plot.equal_axes = true;
  return plot;
}

Plot visit_plot(const PatrolConfig& config, const PatrolTrace& trace) {
  const std::size_t zone_count = config.lattice->zone_count();
  const std::vector<double> x = count_up(1, config.rollouts);
  Plot plot{.file_stem = "visits",
            .title = "Visits since the start",
            .caption =
                "The part of all steps so far in which each zone was attended. Dashed: what "
                "is required of each, from the first zone to the last.",
            .x_label = "rollout",
            .y_label = "part of the steps",
            .series = {},
            .heat_map = {}};
  for (std::size_t m = 0; m < zone_count; ++m) {
    std::string name = zone_name(m) + " (" + short_digits(config.dual.required[m]) + ")";
    Series line{std::move(name), x, {}};
    double steps = 0;
    for (std::size_t k = 0; k < config.rollouts; ++k) {
      steps += trace.attended[k * zone_count + m];
      line.y.push_back(steps / static_cast<double>((k + 1) * config.dual.rollout_steps));
    }
    plot.series.push_back(std::move(line));
  }
  for (const double required : config.dual.required) {
    plot.series.push_back({"", {x.front(), x.back()}, {required, required}, Series::Style::dashed});
  }
  return plot;
}

std::vector<double> component(std::span<const double> rows, std::size_t zone,
                              std::size_t zone_count) {
  std::vector<double> values;
  for (std::size_t k = zone; k < rows.size(); k += zone_count) values.push_back(rows[k]);
  return values;
}

Plot multiplier_plot(const PatrolConfig& config, const PatrolTrace& trace, std::size_t zone) {
  const std::size_t zone_count = config.lattice->zone_count();
  const std::vector<double> x = count_up(0, config.rollouts + 1);
  Plot plot{.file_stem = "lambda_zone_" + std::to_string(zone + 1),
            .title = "Multipliers of zone " + std::to_string(zone + 1),
            .caption =
                "Each robot's own multiplier after each rollout: what it does not hear of "
                "keeps it above the reference, which the true visits lead to and no robot "
                "knows.",
            .x_label = "rollout",
            .y_label = "lambda",
            .series = {},
            .heat_map = {}};
  for (std::size_t n = 0; n < std::min(trace.lambda.size(), kRobotsDrawn - 1); ++n) {
    plot.series.push_back({robot_name(n), x, component(trace.lambda[n], zone, zone_count)});
  }
  plot.series.push_back(
      {"reference", x, component(trace.reference, zone, zone_count), Series::Style::dashed});
  return plot;
}

Plot link_plot(const LinkCounts& counts, std::size_t robot_count, std::size_t steps) {
  Plot plot{.file_stem = "links",
            .title = "Who could hear whom",
            .caption = "The part of all steps in which the link between two robots was up.",
            .x_label = "robot",
            .y_label = "robot",
            .series = {},
            .heat_map = {{.cells = {}, .levels = {}}}};
  auto& cells = plot.heat_map.front().cells;
  cells.assign(robot_count, std::vector<double>(robot_count, kGap));
  std::size_t pair = 0;
  for (std::size_t a = 0; a < robot_count; ++a) {
    for (std::size_t b = a + 1; b < robot_count; ++b) {
      const double part = static_cast<double>(counts.pairs[pair++]) / static_cast<double>(steps);
      cells[a][b] = cells[b][a] = part;
    }
  }
  return plot;
}

Plot neighbour_plot(const LinkCounts& counts, std::size_t steps) {
  Plot plot{.file_stem = "neighbours",
            .title = "How many a robot could hear",
            .caption = "The part of all steps of all robots with so many neighbours at once.",
            .x_label = "neighbours",
            .y_label = "part of the steps",
            .series = {{"", count_up(0, counts.neighbours.size()), {}, Series::Style::boxes}},
            .heat_map = {}};
  const double all = static_cast<double>(steps * counts.neighbours.size());
  for (const std::size_t times : counts.neighbours) {
    plot.series.front().y.push_back(static_cast<double>(times) / all);
  }
  return plot;
}

}  // namespace

std::vector<Plot> plot_patrol(const PatrolConfig& config, const Graph& graph,
                              const LinkModel& links, std::span<const ProcessRecord> agents) {
  const PatrolTrace trace = read_trace(config, agents);
  std::vector<Plot> plots{visit_plot(config, trace)};
  for (std::size_t n = 0; n < std::min(agents.size(), kRobotsDrawn); ++n) {
    plots.push_back(floor_plot(config, trace, n));
  }
  for (std::size_t m = 0; m < config.lattice->zone_count(); ++m) {
    plots.push_back(multiplier_plot(config, trace, m));
  }
  if (config.method != Method::gossip || agents.size() < 2) return plots;
  const LinkCounts counts = count_links(trace, *config.lattice, graph, links);
  if (agents.size() <= kMatrixMost) {
    plots.push_back(link_plot(counts, agents.size(), config.steps()));
  }
  plots.push_back(neighbour_plot(counts, config.steps()));
  return plots;
}

}  // namespace tacit::patrol
