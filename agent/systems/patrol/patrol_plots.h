#pragma once

#include <span>
#include <vector>

#include "agent/systems/patrol/patrol_config.h"
#include "common/graph/graph.h"
#include "common/link/link_model.h"
#include "common/results/figure.h"
#include "common/results/summary.h"

namespace tacit::patrol {

/// The figures of a run: the floor with the robots' places, visits against the required fractions,
/// the multipliers of each zone beside the reference; if robots gossip, which pairs met and how
/// many neighbours a robot had. Of many robots the first eight are drawn one by one.
/// @param agents  [N]
std::vector<Plot> plot_patrol(const PatrolConfig& config, const Graph& graph,
                              const LinkModel& links, std::span<const ProcessRecord> agents);

}  // namespace tacit::patrol
