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

/// The inputs from which the policies of a team are trained.
struct TeamTraining {
  std::shared_ptr<const FloorPlan> plan;
  std::shared_ptr<const Lattice> lattice;  ///< of the plan and step_m
  std::size_t robot_count = 5;
  double step_m = 1;
  DualConfig dual;  ///< the run's tightening is not used
  TrainingConfig config;
};

/// The shape of the policies on a lattice.
PolicyShape policy_shape(const Lattice& lattice);

/// Trains in blocks, in each of which one robot learns and the others keep their policies: first a
/// single robot alone, whose policy becomes the initial policy of all; then, round_count times,
/// each robot in turn. Each step uses 32 draws of weights that all robots share. With the exact
/// gradient a whole team takes seconds.
///
/// The quality of an attempt is its worst margin min_m (visited_m - c_m) over quality_runs runs
/// over line-of-sight links without tightening; below 0, the next seed is tried, and the best
/// attempt is kept. Policies for fixed weights are a baseline and are kept without this test. The
/// content is TeamPolicies::bytes().
/// Source: Agorio et al., Algorithm 1.
TrainingTask team_training_task(const TeamTraining& training);

}  // namespace tacit::patrol
