#include <algorithm>
#include <limits>
#include <string>

#include "agent/systems/offload/offload_summary.h"

namespace tacit::offload {

namespace {

constexpr std::size_t kAgentsDrawnOneByOne = 20;

struct Axis {
  std::string label;
  std::vector<double> values;  ///< [steps]
};

Axis make_axis(const OffloadConfig& config, std::span<const ProcessRecord> agents) {
  const bool dcc = config.method == Method::dcc;
  Axis axis{dcc ? "slow step" : "slot", {}};
  for (const auto& step : step_values(agents, dcc ? "slow_step" : "slot")) {
    axis.values.push_back(step.front());
  }
  return axis;
}

Series level(const Axis& axis, std::string name, double y) {
  return {
      std::move(name), {axis.values.front(), axis.values.back()}, {y, y}, Series::Style::dashed};
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

Plot cost_plot(const OffloadConfig& config, std::span<const ProcessRecord> agents, const Axis& axis,
               const References& references) {
  Plot plot{.file_stem = "cost",
            .title = "True cost of the team",
            .caption =
                "Cost per slot, congestion by the number of devices that offload, divided "
                "by the cost of never offloading.",
            .x_label = axis.label,
            .y_label = "cost / cost of never offloading",
            .series = {},
            .heat_map = {}};
  Series learned{"learned", axis.values, {}};
  const auto frequency = step_values(agents, "frequency");
  const auto local_cost = step_values(agents, "local_cost");
  const auto paid = step_values(agents, "cost");
  for (std::size_t k = 0; k < axis.values.size(); ++k) {
    // Devices of dcc know prices, not their true costs; the server told devices of iql theirs.
    const double cost = config.method == Method::dcc
                            ? stationary_cost(frequency[k], local_cost[k], Congestion(config.alpha))
                            : mean_of(paid[k]) * static_cast<double>(paid[k].size());
    learned.y.push_back(cost / references.never_cost);
  }
  plot.series.push_back(std::move(learned));
  plot.series.push_back(level(axis, "never offload", 1.0));
  plot.series.push_back(
      level(axis, "optimum", references.optimal_true_cost / references.never_cost));
  return plot;
}

Plot frequency_plot(std::span<const ProcessRecord> agents, const Axis& axis,
                    const References& references) {
  Plot plot{.file_stem = "frequency",
            .title = "How often devices offload",
            .caption =
                "Mean over the devices of the fraction of slots in which they offload. "
                "Selfish devices offload more than is good for all.",
            .x_label = axis.label,
            .y_label = "offloading frequency",
            .series = {},
            .heat_map = {}};
  Series learned{"learned", axis.values, {}};
  for (const auto& step : step_values(agents, "frequency")) learned.y.push_back(mean_of(step));
  plot.series.push_back(std::move(learned));
  plot.series.push_back(level(axis, "optimum", references.optimal_frequency));
  plot.series.push_back(level(axis, "selfish", references.selfish_frequency));
  return plot;
}

// From step `first` on: one line per agent, or, with too many agents to tell apart, the least, the
// mean and the largest value.
Plot agents_plot(std::span<const ProcessRecord> agents, Axis axis, std::ptrdiff_t first,
                 std::string column, std::string title, std::string caption, std::string y_label) {
  Plot plot{.file_stem = column,
            .title = std::move(title),
            .caption = std::move(caption),
            .x_label = axis.label,
            .y_label = std::move(y_label),
            .series = {},
            .heat_map = {}};
  auto steps = step_values(agents, column);
  steps.erase(steps.begin(), steps.begin() + first);
  axis.values.erase(axis.values.begin(), axis.values.begin() + first);
  if (agents.size() <= kAgentsDrawnOneByOne) {
    for (std::size_t i = 0; i < agents.size(); ++i) {
      Series line{"agent " + std::to_string(i), axis.values, {}};
      for (const auto& step : steps) line.y.push_back(step[i]);
      plot.series.push_back(std::move(line));
    }
    return plot;
  }
  Series least{"least", axis.values, {}}, middle{"mean", axis.values, {}},
      most{"most", axis.values, {}};
  for (const auto& step : steps) {
    least.y.push_back(std::ranges::min(step));
    middle.y.push_back(mean_of(step));
    most.y.push_back(std::ranges::max(step));
  }
  plot.series = {std::move(least), std::move(middle), std::move(most)};
  return plot;
}

Plot policy_plot(const OffloadConfig& config, const ProcessRecord& agent) {
  const AgentType& type = config.team.front();
  const int D = type.deepest_deficit();
  Plot plot{.file_stem = "policy",
            .title = "What agent 0 does",
            .caption =
                "The action most of its final policies take in each state: with fresh data "
                "it waits, with energy it processes, without it offloads. States that it "
                "hardly ever visits look random.",
            .x_label = "age of information x",
            .y_label = "battery e",
            .series = {},
            .heat_map = {}};
  Plot::HeatMap map{.cells = {},
                    .x_first = 1,
                    .y_first = static_cast<double>(-D),
                    .levels = {"wait", "process", "offload"}};
  const auto found = agent.result.find("policy");
  if (found == agent.result.end()) return plot;
  const auto rows = static_cast<std::size_t>(type.B + 1 + D);
  map.cells.assign(rows, std::vector<double>(static_cast<std::size_t>(type.M),
                                             std::numeric_limits<double>::quiet_NaN()));
  for (std::size_t s = 0; s < std::min(found->second.size(), type.state_count()); ++s) {
    map.cells[s % rows][s / rows] = found->second[s];
  }
  plot.heat_map.push_back(std::move(map));
  return plot;
}

Plot sum_error_plot(std::span<const ProcessRecord> agents, const Axis& axis) {
  const SumErrors errors = sum_errors(agents);
  const auto last_of_w = axis.values.begin() + static_cast<std::ptrdiff_t>(errors.W.size());
  return {.file_stem = "sum_error",
          .title = "How exact the sums over the graph were",
          .caption =
              "Largest error of any agent's estimate of S and W against the exact sum, "
              "relative.",
          .x_label = axis.label,
          .y_label = "relative error",
          .series = {{"S", axis.values, errors.S, Series::Style::points},
                     {"W", {axis.values.begin(), last_of_w}, errors.W, Series::Style::points}},
          .heat_map = {}};
}

}  // namespace

std::vector<Plot> plot_offload(const OffloadConfig& config, std::span<const ProcessRecord> agents) {
  const Axis axis = make_axis(config, agents);
  std::vector<Plot> plots;
  if (!axis.values.empty()) {
    const References references = make_references(config);
    plots.push_back(cost_plot(config, agents, axis, references));
    plots.push_back(frequency_plot(agents, axis, references));
  }
  if (!axis.values.empty() && config.method == Method::dcc) {
    plots.push_back(agents_plot(agents, axis, 0, "theta", "Budgets",
                                "The offloading frequency each agent allows itself.", "theta"));
    // At a budget of zero the multiplier keeps its cap, which is no information: omit that step.
    const auto theta = step_values(agents, "theta");
    const auto drawn = std::ranges::find_if(theta, [](const std::vector<double>& step) {
      return std::ranges::min(step) > BudgetLearner::kNoBudget;
    });
    plots.push_back(agents_plot(
        agents, axis, drawn - theta.begin(), "lambda", "What one more offload would be worth",
        "The multiplier of each agent's budget, from the first step on that "
        "has one.",
        "lambda [cost / offload]"));
    if (config.dcc.sums == Sums::graph) plots.push_back(sum_error_plot(agents, axis));
  }
  plots.push_back(policy_plot(config, agents.front()));
  return plots;
}

}  // namespace tacit::offload
