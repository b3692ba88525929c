#include "agent/systems/grid/grid_plots.h"

#include <algorithm>
#include <limits>
#include <string>

#include "agent/systems/grid/building.h"
#include "agent/systems/grid/grid_summary.h"
#include "agent/systems/grid/plot_series.h"

namespace tacit::grid {

namespace {

using Columns = std::vector<std::vector<double>>;

constexpr std::size_t kHoursPerWeek = 168;

/// The texts of a figure with a line per agent.
struct Words {
  const char* file_stem;
  const char* title;
  const char* caption;
  const char* y_label;
};

Plot agents_plot(const GridConfig& config, const Columns& values, const Words& words) {
  const Stretches stretches(config.hours);
  Columns means;
  for (const auto& agent : values) means.push_back(stretches.means(agent));
  return {.file_stem = words.file_stem,
          .title = words.title,
          .caption = std::string(words.caption) + " Mean of each " + stretches.word() + ".",
          .x_label = "hour",
          .y_label = words.y_label,
          .series = agent_lines(config, stretches.x(), means),
          .heat_map = {}};
}

Plot purchase_plot(const GridConfig& config, const std::vector<double>& grid) {
  const Stretches stretches(config.hours);
  std::vector<double> running;
  double total = 0;
  for (const double one : grid) {
    total += one;
    running.push_back(total / static_cast<double>(running.size() + 1));
  }
  return {.file_stem = "grid",
          .title = "Purchases of all buildings together",
          .caption =
              "Energy from the grid per hour. The cap is on the mean over the run: what has to "
              "come down to it is the mean since the start, not each " +
              std::string(stretches.word()) + ".",
          .x_label = "hour",
          .y_label = "purchased [kWh per hour]",
          .series = {{std::string("mean of the ") + stretches.word(), stretches.x(),
                      stretches.means(grid)},
                     {"mean since the start", count_up(0, config.hours), running},
                     level("cap on the mean", {0, static_cast<double>(config.hours)},
                           config.cap_fraction * config.peak_kwh)},
          .heat_map = {}};
}

Plot error_plot(const GridConfig& config, const ConsensusCheck& check) {
  const Stretches stretches(config.hours);
  const std::vector<double> x = stretches.x();
  Plot plot{.file_stem = "consensus_error",
            .title = "Disagreement about the price",
            .caption = "Weighted distance of all lambda from their weighted mean; of each " +
                       std::string(stretches.word()) +
                       " the greatest. The bound of the step follows from the hour before, the "
                       "bound of all hours from the whole run. Theory claims the latter only if "
                       "links never fail, and for some settings neither.",
            .x_label = "hour",
            .y_label = "disagreement [scaled $/kWh]",
            .series = {{"disagreement", x, stretches.greatest(check.error)}},
            .heat_map = {},
            .log_y = true};
  if (!check.step_bound.empty()) {
    plot.series.push_back({"bound of the step", x, stretches.greatest(check.step_bound)});
  }
  if (check.error_bound) {
    plot.series.push_back(level("bound of all hours", x, *check.error_bound));
  }
  return plot;
}

/// The charge of the batteries before the action of each of the last hours: the charge left plus
/// the charge used.
Plot charge_plot(const GridConfig& config, const Columns& charge, const Columns& battery) {
  const std::size_t first = config.hours - std::min(config.hours, kHoursPerWeek);
  Columns before(config.agent_count());
  for (std::size_t i = 0; i < before.size(); ++i) {
    const Building building(config.district, config.district->building_of(i),
                            config.parameters_of(i));
    const double efficiency = building.storage().discharge_efficiency;
    for (std::size_t k = first; k < config.hours; ++k) {
      // Rounding may leave an empty battery slightly below zero.
      before[i].push_back(std::max(charge[i][k] + battery[i][k] / efficiency, 0.0));
    }
  }
  return {
      .file_stem = "charge",
      .title = "State of charge in the last week",
      .caption = "Energy in each battery when the hour's sun has charged it, before it is used.",
      .x_label = "hour",
      .y_label = "charge [kWh]",
      .series = agent_lines(config, count_up(first, config.hours), before),
      .heat_map = {}};
}

/// Purchases and cost of all buildings together if each served all demand at once.
struct NoControl {
  std::vector<double> grid_kwh;  ///< [K]
  std::vector<double> cost;      ///< [K] $
};

NoControl without_control(const GridConfig& config) {
  NoControl result{std::vector<double>(config.hours, 0.0), std::vector<double>(config.hours, 0.0)};
  for (std::size_t i = 0; i < config.agent_count(); ++i) {
    Building building(config.district, config.district->building_of(i), config.parameters_of(i));
    for (std::size_t k = 0; k < config.hours; ++k) {
      const HourOutcome outcome = building.step({1, 1});
      result.grid_kwh[k] += outcome.grid;
      result.cost[k] -= outcome.r0;
    }
  }
  return result;
}

/// The mean of each hour of the day, 1..24; none for an hour that does not occur in the run.
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
  const auto column = [&](std::string_view name) { return hourly(config, agents, name); };
  const Columns backlog = column("backlog_kwh");
  const std::vector<double> grid = sum_over_agents(column("grid_kwh"));
  const NoControl no_control = without_control(config);
  std::vector<Plot> plots;
  plots.push_back(purchase_plot(config, grid));
  plots.push_back(agents_plot(config, backlog,
                              {"backlog", "Postponed demand",
                               "The backlog of each building. A steady level is the price of "
                               "waiting for cheap hours; one that climbs without end is demand "
                               "that is never met.",
                               "backlog [kWh]"}));
  plots.push_back(agents_plot(config, column("lambda"),
                              {"lambda", "Price of the shared grid",
                               "The multiplier of the cap that each building used. Agreement "
                               "keeps the lines together.",
                               "lambda [scaled $/kWh]"}));
  plots.push_back(agents_plot(config, column("nu"),
                              {"nu", "Price of the own backlog",
                               "The multiplier of each building's balance: the lower, the more "
                               "urgent it is to serve.",
                               "nu [scaled $/kWh]"}));
  if (config.method != Method::fixed) {
    plots.push_back(error_plot(config, check_consensus(config.method, config.dual, graph, links,
                                                       traits, dual_trace(config, agents))));
  }
  plots.push_back(charge_plot(config, column("charge_kwh"), column("battery_kwh")));
  plots.push_back(profile_plot(config, grid, sum_over_agents(column("demand_kwh")), no_control));
  plots.push_back(cost_plot(config, sum_over_agents(column("cost")), no_control, backlog));
  return plots;
}

}  // namespace tacit::grid
