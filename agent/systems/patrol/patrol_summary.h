#pragma once

#include <span>

#include "agent/systems/patrol/patrol_config.h"
#include "common/graph/graph.h"
#include "common/link/link_model.h"
#include "common/results/summary.h"

namespace tacit::patrol {

/// patrol_quantities.cpp lists its quantities; r_m is the fraction of all steps in which zone m was
/// attended. link_frequency: up to 32 robots. Constraints: 1 - r_m <= 1 - c_m. Bounds, where they
/// are claimed: sample_path_bounds and margin_bounds (patrol_theory.h); false_rewards (no robot
/// believes in a reward that did not occur); multiplier_order (no robot has a multiplier below the
/// reference); and multiplier_error, Proposition 3 per component, if robots gossip over Bernoulli
/// links.
/// @param agents  [N]
/// @throws InputError (bad_data) naming the agent whose record is not that of a run
Summary summarise_patrol(const PatrolConfig& config, const Graph& graph, const LinkModel& links,
                         const LinkTraits& traits, std::span<const ProcessRecord> agents);

}  // namespace tacit::patrol
