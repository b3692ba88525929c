#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "agent/systems/grid/grid_config.h"
#include "agent/systems/grid/grid_theory.h"
#include "common/results/summary.h"

namespace tacit::grid {

/// One column of the agents' metrics.
/// @return [N][K]
/// @throws InputError (bad_data) naming the agent, if it did not record K hours
std::vector<std::vector<double>> hourly(const GridConfig& config,
                                        std::span<const ProcessRecord> agents,
                                        std::string_view column);

/// @param values  [N][K]
/// @return [K] sums over all agents
std::vector<double> sum_over_agents(const std::vector<std::vector<double>>& values);

/// The part of a run that check_consensus() needs.
DualTrace dual_trace(const GridConfig& config, std::span<const ProcessRecord> agents);

/// The least cost with perfect foresight if no agent ends with more backlog than it had [$].
/// @param backlog_kwh  [N][K]
double benchmark_cost(const GridConfig& config,
                      const std::vector<std::vector<double>>& backlog_kwh);

/// grid_quantities.cpp lists its quantities. benchmark_cost and gap: only if config.benchmark; no
/// gap to a benchmark of almost 0. Bounds: consensus_bounds.
/// @param agents  [N]
Summary summarise_grid(const GridConfig& config, const Graph& graph, const LinkModel& links,
                       const LinkTraits& traits, std::span<const ProcessRecord> agents);

}  // namespace tacit::grid
