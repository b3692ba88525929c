#pragma once

#include <cstddef>
#include <memory>

#include "agent/systems/patrol/multipliers.h"
#include "agent/systems/patrol/patrol_policy.h"
#include "agent/systems/patrol/training_config.h"
#include "common/experiment/training_task.h"
#include "common/proximity/floor_plan.h"
#include "common/proximity/lattice.h"

namespace tacit::patrol {

/// Everything that the policies of a team are made from.
struct TeamTraining {
  std::shared_ptr<const FloorPlan> plan;
  std::shared_ptr<const Lattice> lattice;  ///< of the plan and step_m
  std::size_t robot_count = 5;
  double step_m = 1;
  DualConfig dual;  ///< tightening is the run's and does not count
  TrainingConfig config;
};

/// The shape of the policies on a lattice.
PolicyShape policy_shape(const Lattice& lattice);

/// Trains by blocks, in each of which one robot learns and the others stay as they are: first one
/// that is alone, whose policy all then begin with; then, round_count times, one after the other.
/// Each step is on 32 draws of weights that all robots share. With the exact gradient a whole team
/// takes seconds.
///
/// An attempt is judged by its worst margin min_m (visited_m - c_m) over quality_runs runs over
/// line-of-sight links without tightening; below 0, the next seed is tried, and the best is kept.
/// Policies for fixed weights are a baseline and kept as they are. The content is
/// TeamPolicies::bytes().
/// Source: Agorio et al., Algorithm 1.
TrainingTask team_training_task(const TeamTraining& training);

}  // namespace tacit::patrol
