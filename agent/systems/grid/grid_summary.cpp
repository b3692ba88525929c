#include "agent/systems/grid/grid_summary.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>

#include "agent/systems/grid/perfect_foresight.h"
#include "common/base/error.h"

namespace tacit::grid {

namespace {

using Columns = std::vector<std::vector<double>>;

constexpr double kBacklogSlopeMost = 0.01;
constexpr double kBenchmarkLeast = 0.01;  // $
constexpr double kBacklogPrice = 0.21;  ///< $/kWh, the price at which the final backlog is counted

double sum(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

double mean(std::span<const double> values) {
  return sum(values) / static_cast<double>(values.size());
}

/// Slope of values at 0, 1, 2, ...; 0 for a single value.
double least_squares_slope(std::span<const double> values) {
  const double x_mean = 0.5 * static_cast<double>(values.size() - 1);
  const double y_mean = mean(values);
  double xx = 0, xy = 0;
  for (std::size_t k = 0; k < values.size(); ++k) {
    const double x = static_cast<double>(k) - x_mean;
    xx += x * x;
    xy += x * (values[k] - y_mean);
  }
  return xx > 0 ? xy / xx : 0.0;
}

double mean_spread(const Columns& values, std::size_t first) {
  const std::size_t hours = values.front().size();
  double total = 0;
  for (std::size_t k = first; k < hours; ++k) {
    double least = values.front()[k], most = least;
    for (const auto& agent : values) {
      least = std::min(least, agent[k]);
      most = std::max(most, agent[k]);
    }
    total += most - least;
  }
  return total / static_cast<double>(hours - first);
}

void add_multiplier_metrics(const Columns& lambda, std::map<std::string, std::vector<double>>& to) {
  const std::size_t first = lambda.front().size() / 2;
  std::vector<double> most, late;
  for (const auto& agent : lambda) {
    most.push_back(std::ranges::max(agent));
    late.push_back(mean(std::span(agent).subspan(first)));
  }
  to["lambda_max"] = most;
  to["lambda_mean_second_half"] = {mean(late)};
  to["spread_mean_second_half"] = {mean_spread(lambda, first)};
}

}  // namespace

std::vector<std::vector<double>> hourly(const GridConfig& config,
                                        std::span<const ProcessRecord> agents,
                                        std::string_view column) {
  Columns values;
  for (const ProcessRecord& agent : agents) {
    values.push_back(agent.metrics.column(column));
    if (values.back().size() != config.hours) {
      throw InputError(ExitCode::bad_data,
                       "agent " + std::to_string(values.size() - 1) + ": metrics.csv has " +
                           std::to_string(values.back().size()) + " values of " +
                           std::string(column) + ", not one for each of the " +
                           std::to_string(config.hours) + " hours; run the experiment again");
    }
  }
  return values;
}

std::vector<double> sum_over_agents(const std::vector<std::vector<double>>& values) {
  std::vector<double> total = values.front();
  for (std::size_t i = 1; i < values.size(); ++i) {
    for (std::size_t k = 0; k < total.size(); ++k) total[k] += values[i][k];
  }
  return total;
}

DualTrace dual_trace(const GridConfig& config, std::span<const ProcessRecord> agents) {
  DualTrace trace{hourly(config, agents, "lambda"), hourly(config, agents, "grid_kwh")};
  for (std::size_t i = 0; i < agents.size(); ++i) {
    const auto last = agents[i].result.find("lambda");
    if (last == agents[i].result.end() || last->second.size() != 1) {
      throw InputError(ExitCode::bad_data, "agent " + std::to_string(i) +
                                               ": result.json has no lambda; run the experiment "
                                               "again");
    }
    trace.lambda[i].push_back(last->second.front());
  }
  return trace;
}

double benchmark_cost(const GridConfig& config,
                      const std::vector<std::vector<double>>& backlog_kwh) {
  std::vector<double> last;
  for (const auto& agent : backlog_kwh) last.push_back(agent.back());
  return foresight_cost(config, last);
}

Summary summarise_grid(const GridConfig& config, const Graph& graph, const LinkModel& links,
                       const LinkTraits& traits, std::span<const ProcessRecord> agents) {
  const Columns backlog = hourly(config, agents, "backlog_kwh");
  const std::vector<double> total_backlog = sum_over_agents(backlog);
  const double grid_fraction =
      mean(sum_over_agents(hourly(config, agents, "grid_kwh"))) / config.peak_kwh;
  const double backlog_slope =
      least_squares_slope(std::span(total_backlog).subspan(config.hours / 2)) /
      config.mean_demand_kwh;
  const double cost = sum(sum_over_agents(hourly(config, agents, "cost")));

  Summary summary;
  summary.constraints.push_back({"grid_fraction", grid_fraction, config.cap_fraction});
  summary.constraints.push_back({"backlog_slope", backlog_slope, kBacklogSlopeMost});
  auto& metrics = summary.metrics;
  metrics["feasible"] = {std::ranges::all_of(summary.constraints, &Constraint::met) ? 1.0 : 0.0};
  metrics["grid_fraction"] = {grid_fraction};
  metrics["cap_fraction"] = {config.cap_fraction};
  metrics["backlog_slope"] = {backlog_slope};
  metrics["backlog_end_kwh"] = {total_backlog.back()};
  metrics["cost"] = {cost};
  metrics["adjusted_cost"] = {cost + kBacklogPrice * total_backlog.back()};
  metrics["spill_kwh"] = {sum(sum_over_agents(hourly(config, agents, "spill_kwh")))};
  metrics["peak_kwh"] = {config.peak_kwh};
  if (config.benchmark) {
    const double benchmark = std::max(0.0, benchmark_cost(config, backlog));
    metrics["benchmark_cost"] = {benchmark};
    // A run so short that it need not buy anything has no relative gap.
    if (benchmark > kBenchmarkLeast) metrics["gap"] = {cost / benchmark - 1};
  }
  const DualTrace trace = dual_trace(config, agents);
  add_multiplier_metrics(hourly(config, agents, "lambda"), metrics);
  summary.bounds =
      consensus_bounds(check_consensus(config.method, config.dual, graph, links, traits, trace));
  return summary;
}

}  // namespace tacit::grid
