#pragma once

#include <span>
#include <vector>

#include "agent/systems/grid/grid_config.h"
#include "common/graph/graph.h"
#include "common/link/link_model.h"
#include "common/results/figure.h"
#include "common/results/summary.h"

namespace tacit::grid {

/// The figures of a run: purchases against the cap, backlogs, multipliers, disagreement against its
/// bounds, batteries, the day's profile, cost. Many agents are drawn as a band.
/// @param agents  [N]
std::vector<Plot> plot_grid(const GridConfig& config, const Graph& graph, const LinkModel& links,
                            const LinkTraits& traits, std::span<const ProcessRecord> agents);

}  // namespace tacit::grid
