#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "agent/systems/grid/grid_config.h"
#include "agent/systems/grid/grid_theory.h"
#include "common/base/summary.h"

namespace tacit::grid {

/// One column of the agents' metrics.
/// @return [N][K]
/// @throws InputError (bad_data) naming the agent, if it did not record K hours
std::vector<std::vector<double>> hourly(const GridConfig& config,
                                        std::span<const ProcessRecord> agents,
                                        std::string_view column);

/// @param values  [N][K]
/// @return [K] of all agents together
std::vector<double> sum_over_agents(const std::vector<std::vector<double>>& values);

/// What the theory of the consensus looks at.
DualTrace dual_trace(const GridConfig& config, std::span<const ProcessRecord> agents);

/// The least cost at which perfect foresight leaves every agent the backlog it had [$].
/// @param backlog_kwh  [N][K]
double benchmark_cost(const GridConfig& config,
                      const std::vector<std::vector<double>>& backlog_kwh);

/// Metrics; the second half is hours K/2..K-1:
///   grid_fraction            mean purchase of all agents per hour, over the peak demand
///   cap_fraction             what it may be
///   backlog_slope            least-squares slope of the total backlog over the second half, over
///                            the mean total demand
///   feasible                 1 if grid_fraction <= cap_fraction and backlog_slope <= 0.01, else 0
///   cost, adjusted_cost      $; adjusted: + 0.21 $ for each kWh of the final backlog
///   benchmark_cost, gap      perfect foresight at each agent's own final backlog, and
///                            cost / benchmark_cost - 1 (if config.benchmark; no gap to nothing)
///   backlog_end_kwh, spill_kwh, peak_kwh
///   lambda_max [N]           of each agent over all hours
///   lambda_mean_second_half, spread_mean_second_half    mean lambda; mean of largest - least
/// Constraints: grid_fraction and backlog_slope. Bounds: consensus_bounds.
/// @param agents  [N]
Summary summarise_grid(const GridConfig& config, const Graph& graph, const LinkModel& links,
                       const LinkTraits& traits, std::span<const ProcessRecord> agents);

}  // namespace tacit::grid
