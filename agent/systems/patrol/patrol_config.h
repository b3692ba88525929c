#pragma once

#include <memory>
#include <string>

#include "agent/systems/patrol/gossip_code.h"
#include "agent/systems/patrol/multipliers.h"
#include "agent/systems/patrol/training_config.h"
#include "common/config/config.h"
#include "common/experiment/system.h"
#include "common/proximity/lattice.h"

namespace tacit::patrol {

/// The information that robots exchange, and so what determines their moves.
enum class Method {
  gossip,     ///< the rewards they know of, one bit per zone and step
  no_gossip,  ///< nothing
  broadcast,  ///< their places, to all: every robot has the reference multiplier
  central,    ///< as broadcast; a plan for the whole team replaces the policies
};

/// The policies of a run.
enum class PolicyChoice {
  team,    ///< one per robot, trained together
  clones,  ///< for all robots that of a robot trained alone
};

struct PatrolConfig {
  std::shared_ptr<const FloorPlan> plan;
  std::shared_ptr<const Lattice> lattice;
  std::size_t robot_count = 5;  ///< N
  double step_m = 1;
  std::size_t rollouts = 400;  ///< K
  DualConfig dual;
  Method method = Method::gossip;
  GossipCode code = GossipCode::arithmetic;
  PolicyChoice policy = PolicyChoice::team;
  TrainingConfig training;

  std::size_t steps() const { return rollouts * dual.rollout_steps; }  ///< T
};

/// Reads [patrol].
/// @throws InputError: config; what reading the floor plan throws
PatrolConfig read_patrol_config(const ConfigView& table, const SystemContext& context);

}  // namespace tacit::patrol
