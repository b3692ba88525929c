#include "agent/systems/locomotion/locomotion_plots.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "agent/systems/locomotion/locomotion_summary.h"

namespace tacit::locomotion {
namespace {

constexpr std::size_t kAgentsDrawn = 12;

/// Steps of all copies together at the end of each iteration.
std::vector<double> step_axis(const LocomotionConfig& config) {
  const double steps =
      static_cast<double>(config.shape.step_count) * static_cast<double>(config.plant.copy_count);
  std::vector<double> x;
  for (Round k = 1; k <= config.shape.iteration_count; ++k) {
    x.push_back(steps * static_cast<double>(k));
  }
  return x;
}

Plot line_plot(std::string stem, std::string title, std::string caption, std::string unit,
               std::vector<Series> series) {
  return {.file_stem = std::move(stem),
          .title = std::move(title),
          .caption = std::move(caption),
          .x_label = "steps of the body",
          .y_label = std::move(unit),
          .series = std::move(series),
          .heat_map = {}};
}

Plot multiplier_plot(const LocomotionConfig& config, std::span<const ProcessRecord> processes,
                     const std::vector<double>& x) {
  std::vector<Series> lines;
  for (std::size_t agent = 0; agent < std::min(config.agent_count(), kAgentsDrawn); ++agent) {
    lines.push_back(
        {"agent " + std::to_string(agent), x, per_iteration(config, processes, agent, "lambda")});
  }
  return line_plot("lambda", "Multipliers",
                   "What a unit of cost is worth to each agent, in reward.", "lambda",
                   std::move(lines));
}

Plot byte_plot(const LocomotionConfig& config, std::span<const ProcessRecord> processes,
               const std::vector<double>& x) {
  std::vector<Series> lines;
  const std::pair<const char*, const char*> kinds[] = {{"relay_bytes", "states, agent to agent"},
                                                       {"report_bytes", "reports of the plant"},
                                                       {"action_bytes", "actions"},
                                                       {"global_bytes", "states of all"},
                                                       {"factor_bytes", "ratios"}};
  for (const auto& [column, name] : kinds) {
    std::vector<double> total = mean_over_agents(config, processes, column);
    if (total.back() == 0) continue;
    for (std::size_t k = 0; k < total.size(); ++k) {
      total[k] *= static_cast<double>(config.agent_count()) / x[k];
    }
    lines.push_back({name, x, std::move(total)});
  }
  return line_plot("bytes", "Bytes per step",
                   "Payload of all links together per step of one body, since the start.",
                   "bytes per step", std::move(lines));
}

/// Nothing if no episode ended.
std::vector<Plot> path_plot(const ProcessRecord& plant) {
  const auto values = [&](const char* name) {
    const auto found = plant.result.find(name);
    return found == plant.result.end() ? std::vector<double>{} : found->second;
  };
  const std::vector<double> xs = values("path_x"), ys = values("path_y");
  const std::vector<double> centres = values("path_centre"), widths = values("free_half_width");
  if (xs.empty()) return {};
  const bool from_above = !centres.empty();
  Plot plot{.file_stem = "path",
            .title = from_above ? "The head's way" : "The first runner's way",
            .caption = from_above ? "From above, the newest episodes of the first copies, each in "
                                    "the corridor that costs nothing."
                                  : "From the side, the newest episodes of the first copies.",
            .x_label = "x [m]",
            .y_label = from_above ? "y [m]" : "z [m]",
            .series = {},
            .heat_map = {}};
  std::size_t first = 0;
  int episode = 0;
  for (const double length : values("path_lengths")) {
    const auto size = static_cast<std::size_t>(length);
    const auto part = [&](const std::vector<double>& all) {
      const auto begin = all.begin() + static_cast<std::ptrdiff_t>(first);
      return std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(size));
    };
    if (from_above && !widths.empty()) {
      std::vector<double> low = part(centres), high = low;
      for (double& y : low) y -= widths.front();
      for (double& y : high) y += widths.front();
      plot.series.push_back({"", part(xs), std::move(low), Series::Style::band, std::move(high)});
    }
    plot.series.push_back({"episode " + std::to_string(++episode), part(xs), part(ys)});
    first += size;
  }
  return {plot};
}

}  // namespace

std::vector<Plot> plot_locomotion(const LocomotionConfig& config,
                                  std::span<const ProcessRecord> processes) {
  const std::vector<double> x = step_axis(config);
  const double limit = config.learning.cost_limit;
  std::vector<Plot> plots{
      line_plot("return", "Return", "Undiscounted reward of an episode, mean of an iteration.",
                "return per episode",
                {{"", x, per_iteration(config, processes, config.agent_count(), "return")}}),
      line_plot("cost", "Cost",
                "Undiscounted cost of an episode, mean of an iteration. Dashed: its limit.",
                "cost per episode",
                {{"", x, mean_over_agents(config, processes, "cost")},
                 {"limit", {x.front(), x.back()}, {limit, limit}, Series::Style::dashed}})};
  if (config.learning.constrained) plots.push_back(multiplier_plot(config, processes, x));
  plots.push_back(byte_plot(config, processes, x));
  for (Plot& plot : path_plot(processes[config.agent_count()])) plots.push_back(std::move(plot));
  return plots;
}

}  // namespace tacit::locomotion
