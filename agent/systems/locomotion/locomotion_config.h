#pragma once

#include <cstddef>

#include "agent/learning/ppo/constrained_ppo.h"
#include "agent/systems/locomotion/neighbourhood.h"
#include "agent/systems/locomotion/plant/plant.h"
#include "agent/systems/locomotion/plant/rollout_schedule.h"
#include "common/config/config.h"
#include "common/experiment/system.h"

namespace tacit::locomotion {

/// What a network reads.
enum class Input {
  local,   ///< the agent's own observation
  khop,    ///< and what it heard of the agents in N(i)
  global,  ///< and what the plant tells of all others, in a message of its own
};

/// Whether agents update one after the other, each weighting its samples with what the others
/// before it have changed (the M-factor), and who these are.
enum class Sequential { none, global, khop };

/// What stands in for a state that was not heard in a step.
enum class Missing {
  last,  ///< the last one that was, and its age beside it
  zeros,
};

struct LocomotionConfig {
  Task task;
  PlantSettings plant;
  ConstrainedPpoConfig learning;
  Input actor_input = Input::khop;
  Input critic_input = Input::khop;
  Sequential sequential = Sequential::none;
  Neighbourhoods neighbourhoods;
  std::size_t kappa_asked = 1;
  bool delayed = false;     ///< states of t - d(i, j), one relay per step
  bool states_age = false;  ///< whether a state heard can be older than it should be
  Missing missing = Missing::last;
  RolloutShape shape;

  std::size_t agent_count() const { return task.agent_count(); }
  bool uses(Input input) const { return actor_input == input || critic_input == input; }
  /// K, over how many links a state travels.
  std::size_t relay_hops() const { return uses(Input::khop) ? neighbourhoods.hop_count : 0; }
};

/// @param table  [locomotion]
/// @throws InputError (config)
LocomotionConfig read_locomotion_config(const ConfigView& table, const SystemContext& context);

}  // namespace tacit::locomotion
