#pragma once

#include <cstddef>

#include "agent/learning/ppo/constrained_ppo.h"
#include "agent/systems/locomotion/neighbourhood.h"
#include "agent/systems/locomotion/plant/plant.h"
#include "agent/systems/locomotion/plant/rollout_schedule.h"
#include "common/config/config.h"
#include "common/experiment/system.h"

namespace tacit::locomotion {

/// The inputs of a network.
enum class Input {
  local,   ///< the agent's own observation
  khop,    ///< and the states received from the agents in N(i)
  global,  ///< and the states of all others, which the plant sends in a separate message
};

/// Whether agents update one after the other, each weighting its samples with the ratios of the
/// agents before it (the M-factor), and which agents these are.
enum class Sequential { none, global, khop };

/// The replacement for a state that was not received in a step.
enum class Missing {
  last,  ///< the last one received, with its age
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
  bool states_age = false;  ///< whether a received state can be older than expected
  Missing missing = Missing::last;
  RolloutShape shape;

  std::size_t agent_count() const { return task.agent_count(); }
  bool uses(Input input) const { return actor_input == input || critic_input == input; }
  /// K, the number of links over which a state travels.
  std::size_t relay_hops() const { return uses(Input::khop) ? neighbourhoods.hop_count : 0; }
};

/// @param table  [locomotion]
/// @throws InputError (config)
LocomotionConfig read_locomotion_config(const ConfigView& table, const SystemContext& context);

}  // namespace tacit::locomotion
