#pragma once

#include <span>

#include "agent/systems/patrol/patrol_config.h"
#include "common/base/summary.h"
#include "common/graph/graph.h"
#include "common/link/link_model.h"

namespace tacit::patrol {

/// Metrics, with r_m the fraction of all steps in which zone m was attended:
///   margin_min               min_m (r_m - c_m)
///   optimum_margin           what no behaviour can exceed (patrol_theory.h)
///   margin_fraction_of_optimum    their ratio, if the optimum is above 0
///   visit_fraction [M]       r_m
///   feasible                 1 if all r_m >= c_m, else 0
///   bits_missed_fraction     part of all rewards times robots that were not known in time
///   lambda_error, lambda_error_largest    distance of multipliers from those that the true
///                            rewards lead to (MultiplierError component and largest)
/// and if robots gossip:
///   link_frequency           part of the steps in which two could hear each other: pairs (0,1),
///                            (0,2), ..., (N-2,N-1); up to 32 robots
///   neighbour_fraction [N]   part of the robot-steps with 0, 1, ..., N - 1 neighbours
///   wire_bytes_per_step      payload in whole bytes of all messages heard, of all robots
///   wire_bits_per_message, wire_new_bits_per_message, wire_empty_fraction    of what the code
///                            says, of rewards told for the first time, of messages that tell none
/// Constraints: unvisited_zone_m, 1 - r_m <= 1 - c_m. Bounds, where they are claimed:
/// sample_path_bounds and margin_bounds (patrol_theory.h); false_rewards and multiplier_order, that
/// no robot believes in a reward that was not or has a multiplier below the reference; and
/// multiplier_error, Proposition 3 per component, if robots gossip over Bernoulli links.
/// @param agents  [N]
/// @throws InputError (bad_data) naming the agent whose record is not a run's
Summary summarise_patrol(const PatrolConfig& config, const Graph& graph, const LinkModel& links,
                         const LinkTraits& traits, std::span<const ProcessRecord> agents);

}  // namespace tacit::patrol
