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
/// @return [K] of all agents together
std::vector<double> sum_over_agents(const std::vector<std::vector<double>>& values);

/// What the theory of the consensus looks at.
DualTrace dual_trace(const GridConfig& config, std::span<const ProcessRecord> agents);

/// The least cost at which perfect foresight leaves every agent the backlog it had [$].
/// @param backlog_kwh  [N][K]
double benchmark_cost(const GridConfig& config,
                      const std::vector<std::vector<double>>& backlog_kwh);

/// grid_quantities.cpp says what is in it. benchmark_cost and gap: if config.benchmark, and no gap
/// to nothing. Bounds: consensus_bounds.
/// @param agents  [N]
Summary summarise_grid(const GridConfig& config, const Graph& graph, const LinkModel& links,
                       const LinkTraits& traits, std::span<const ProcessRecord> agents);

}  // namespace tacit::grid
