#include "agent/systems/grid/grid_plots.h"

#include <algorithm>
#include <limits>
#include <string>

#include "agent/systems/grid/building.h"
#include "agent/systems/grid/grid_summary.h"

namespace tacit::grid {

namespace {

using Columns = std::vector<std::vector<double>>;

constexpr std::size_t kAgentsDrawnOneByOne = 12;
constexpr std::size_t kHoursPerDay = 24;
constexpr std::size_t kHoursPerWeek = 168;

std::vector<double> count_up(std::size_t first, std::size_t last, double step = 1) {
  std::vector<double> values;
  for (std::size_t k = first; k < last; ++k) values.push_back(static_cast<double>(k) * step);
  return values;
}

Series level(std::string name, const std::vector<double>& x, double y) {
  return {std::move(name), {x.front(), x.back()}, {y, y}, Series::Style::dashed};
}

/// What falls below a share of the agents in an hour, between two agents by the nearest.
double quantile(std::vector<double>& hour, double share) {
  const auto place =
      static_cast<std::ptrdiff_t>(share * static_cast<double>(hour.size() - 1) + 0.5);
  std::ranges::nth_element(hour, hour.begin() + place);
  return hour[static_cast<std::size_t>(place)];
}

/// A line per agent; of many the median, most of the others as a band, and the extremes.
std::vector<Series> agent_lines(const GridConfig& config, const std::vector<double>& x,
                                const Columns& values, std::size_t first) {
  std::vector<Series> lines;
  if (values.size() <= kAgentsDrawnOneByOne) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::string name =
          "agent " + std::to_string(i) + (config.multiplier[i] > 1 ? ", double" : "");
      const auto begin = values[i].begin() + static_cast<std::ptrdiff_t>(first);
      lines.push_back({name, x, {begin, values[i].end()}});
    }
    return lines;
  }
  Series band{"80 % of the agents", x, {}, Series::Style::band}, median{"median", x, {}},
      least{"least", x, {}, Series::Style::dashed}, most{"most", x, {}, Series::Style::dashed};
  std::vector<double> hour(values.size());
  for (std::size_t k = first; k < values.front().size(); ++k) {
    for (std::size_t i = 0; i < values.size(); ++i) hour[i] = values[i][k];
    band.y.push_back(quantile(hour, 0.1));
    median.y.push_back(quantile(hour, 0.5));
    band.upper.push_back(quantile(hour, 0.9));
    least.y.push_back(std::ranges::min(hour));
    most.y.push_back(std::ranges::max(hour));
  }
  return {std::move(band), std::move(median), std::move(least), std::move(most)};
}

Plot agents_plot(const GridConfig& config, const Columns& values, std::string stem,
                 std::string title, std::string caption, std::string y_label) {
  return {.file_stem = std::move(stem),
          .title = std::move(title),
          .caption = std::move(caption),
          .x_label = "hour",
          .y_label = std::move(y_label),
          .series = agent_lines(config, count_up(0, config.hours), values, 0),
          .heat_map = {}};
}

Plot purchase_plot(const GridConfig& config, const std::vector<double>& grid) {
  Series range{"range of the day", {}, {}, Series::Style::band}, day{"mean of the day", {}, {}},
      running{"mean since the start", {}, {}};
  double total = 0;
  for (std::size_t first = 0; first < grid.size(); first += kHoursPerDay) {
    const std::size_t last = std::min(first + kHoursPerDay, grid.size());
    const auto hours = std::span(grid).subspan(first, last - first);
    double sum = 0;
    for (const double one : hours) sum += one;
    total += sum;
    const double middle = 0.5 * static_cast<double>(first + last);
    for (Series* series : {&range, &day, &running}) series->x.push_back(middle);
    range.y.push_back(std::ranges::min(hours));
    range.upper.push_back(std::ranges::max(hours));
    day.y.push_back(sum / static_cast<double>(hours.size()));
    running.y.push_back(total / static_cast<double>(last));
  }
  const Series cap = level("cap on the mean", {0, static_cast<double>(grid.size())},
                           config.cap_fraction * config.peak_kwh);
  return {.file_stem = "grid",
          .title = "Purchases of all buildings together",
          .caption =
              "Energy from the grid per hour. The cap is on the mean over the run, so the "
              "mean since the start has to come down to it and not each hour.",
          .x_label = "hour",
          .y_label = "purchased [kWh per hour]",
          .series = {std::move(range), std::move(day), std::move(running), cap},
          .heat_map = {}};
}

Plot error_plot(const ConsensusCheck& check) {
  const std::vector<double> x = count_up(0, check.error.size());
  Plot plot{.file_stem = "consensus_error",
            .title = "Disagreement about the price",
            .caption =
                "Weighted distance of all lambda from their weighted mean. The step bound follows "
                "from the hour before, the other from the whole run; with failing links only the "
                "former is claimed, for some settings neither.",
            .x_label = "hour",
            .y_label = "disagreement [scaled $/kWh]",
            .series = {{"disagreement", x, check.error}},
            .heat_map = {},
            .log_y = true};
  if (!check.step_bound.empty()) plot.series.push_back({"bound of the step", x, check.step_bound});
  if (check.error_bound) {
    plot.series.push_back(level("bound of all hours", x, *check.error_bound));
  }
  return plot;
}

Plot charge_plot(const GridConfig& config, const Columns& charge) {
  const std::size_t first = config.hours - std::min(config.hours, kHoursPerWeek);
  return {.file_stem = "charge",
          .title = "State of charge in the last week",
          .caption =
              "Energy in each battery at the end of the hour. The sun fills it by day; what "
              "it holds in the evening replaces the most expensive purchases.",
          .x_label = "hour",
          .y_label = "charge [kWh]",
          .series = agent_lines(config, count_up(first, config.hours), charge, first),
          .heat_map = {}};
}

/// What all buildings would buy, and pay, if each served everything at once.
struct NoControl {
  std::vector<double> grid_kwh;  ///< [K]
  std::vector<double> cost;      ///< [K] $
};

NoControl without_control(const GridConfig& config) {
  NoControl result{std::vector<double>(config.hours, 0.0), std::vector<double>(config.hours, 0.0)};
  for (std::size_t i = 0; i < config.agent_count(); ++i) {
    Building building(config.district, config.building_of(i), config.parameters_of(i));
    for (std::size_t k = 0; k < config.hours; ++k) {
      const HourOutcome outcome = building.step({1, 1});
      result.grid_kwh[k] += outcome.grid;
      result.cost[k] -= outcome.r0;
    }
  }
  return result;
}

/// The mean of each hour of the day, 1..24; an hour that the run never had has none.
Series day_profile(const GridConfig& config, std::string name, const std::vector<double>& values,
                   Series::Style style) {
  std::vector<double> sums(kHoursPerDay, 0.0), counts(kHoursPerDay, 0.0);
  for (std::size_t k = 0; k < values.size(); ++k) {
    const double hour = config.district->hour[k % config.district->hour_count()];
    const auto place = static_cast<std::size_t>(std::clamp(hour, 1.0, 24.0)) - 1;
    sums[place] += values[k];
    counts[place] += 1;
  }
  Series profile{std::move(name), count_up(1, kHoursPerDay + 1), {}, style};
  for (std::size_t h = 0; h < kHoursPerDay; ++h) {
    profile.y.push_back(counts[h] > 0 ? sums[h] / counts[h]
                                      : std::numeric_limits<double>::quiet_NaN());
  }
  return profile;
}

Plot profile_plot(const GridConfig& config, const std::vector<double>& grid,
                  const std::vector<double>& demand, const NoControl& no_control) {
  return {.file_stem = "profile",
          .title = "A mean day",
          .caption =
              "Purchases of all buildings by hour of the day, beside what they would buy if "
              "each emptied its battery and bought the rest at once, and beside the demand "
              "itself.",
          .x_label = "hour of the day",
          .y_label = "energy [kWh per hour]",
          .series = {day_profile(config, "purchased", grid, Series::Style::line),
                     day_profile(config, "purchased if served at once", no_control.grid_kwh,
                                 Series::Style::line),
                     day_profile(config, "demand", demand, Series::Style::dashed)},
          .heat_map = {}};
}

std::vector<double> cumulative(std::vector<double> values) {
  double total = 0;
  for (double& value : values) value = total += value;
  return values;
}

Plot cost_plot(const GridConfig& config, const std::vector<double>& cost,
               const NoControl& no_control, const Columns& backlog) {
  const std::vector<double> x = count_up(1, config.hours + 1);
  Plot plot{.file_stem = "cost",
            .title = "Cost of all buildings together",
            .caption =
                "What was paid up to each hour, and what it would have been if everything "
                "were served at once. Perfect foresight: the least total cost at which "
                "every building ends with the backlog it had.",
            .x_label = "hour",
            .y_label = "cost so far [$]",
            .series = {{"paid", x, cumulative(cost)},
                       {"if served at once", x, cumulative(no_control.cost)}},
            .heat_map = {}};
  if (config.benchmark) {
    plot.series.push_back(
        level("perfect foresight, in the end", x, benchmark_cost(config, backlog)));
  }
  return plot;
}

}  // namespace

std::vector<Plot> plot_grid(const GridConfig& config, const Graph& graph, const LinkModel& links,
                            const LinkTraits& traits, std::span<const ProcessRecord> agents) {
  const Columns backlog = hourly(config, agents, "backlog_kwh");
  const std::vector<double> grid = sum_over_agents(hourly(config, agents, "grid_kwh"));
  const NoControl no_control = without_control(config);
  std::vector<Plot> plots;
  plots.push_back(purchase_plot(config, grid));
  plots.push_back(agents_plot(config, backlog, "backlog", "Postponed demand",
                              "The backlog of each building after the hour. A steady level is the "
                              "price of waiting for cheap hours; one that climbs without end is "
                              "demand that is never met.",
                              "backlog [kWh]"));
  plots.push_back(agents_plot(config, hourly(config, agents, "lambda"), "lambda",
                              "Price of the shared grid",
                              "The multiplier of the cap that each building used. Agreement keeps "
                              "the lines together.",
                              "lambda [scaled $/kWh]"));
  plots.push_back(agents_plot(config, hourly(config, agents, "nu"), "nu",
                              "Price of the own backlog",
                              "The multiplier of each building's balance; the lower, the more "
                              "urgent it is to serve.",
                              "nu [scaled $/kWh]"));
  const ConsensusCheck check =
      check_consensus(config.method, config.dual, graph, links, traits, dual_trace(config, agents));
  if (config.method != Method::fixed) plots.push_back(error_plot(check));
  plots.push_back(charge_plot(config, hourly(config, agents, "charge_kwh")));
  plots.push_back(profile_plot(config, grid, sum_over_agents(hourly(config, agents, "demand_kwh")),
                               no_control));
  plots.push_back(
      cost_plot(config, sum_over_agents(hourly(config, agents, "cost")), no_control, backlog));
  return plots;
}

}  // namespace tacit::grid
