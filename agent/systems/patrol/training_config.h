#pragma once

#include <cstddef>
#include <cstdint>

namespace tacit::patrol {

/// How the gradient of a robot's policy is computed.
enum class TrainingMethod {
  exact,    ///< by propagating the distribution of places: no sampling of motion
  sampled,  ///< from episodes (REINFORCE)
};

/// The reward of the robot that learns from episodes.
enum class EpisodeReward {
  shared,      ///< of all zones that any robot attends
  difference,  ///< of the zone it attends alone; the same mean gradient, less noise
};

/// The zone weights for which a policy is trained. All but the first are baselines: a policy for
/// one fixed vector of multipliers cannot follow them when they change.
enum class TrainingWeights {
  sampled,       ///< any
  equal,         ///< 1
  proportional,  ///< c, what is required
  inverse,       ///< 1 / c
};

/// How the policies of a team are trained.
struct TrainingConfig {
  std::uint64_t seed = 1;  ///< of the first attempt; independent of a run's seed
  int attempts_most = 5;
  TrainingMethod method = TrainingMethod::exact;
  EpisodeReward reward = EpisodeReward::difference;  ///< of TrainingMethod::sampled
  TrainingWeights weights = TrainingWeights::sampled;
  double zero_probability = 0.6;      ///< of each zone's weight when they are sampled, in [0, 1)
  std::size_t steps_per_block = 200;  ///< of the optimiser; episodes need 1500
  std::size_t round_count = 2;        ///< turns of every robot, after the one alone
  std::size_t quality_runs = 5;       ///< number of runs that evaluate an attempt
  std::size_t quality_steps = 40000;  ///< of each
  double quality_range_m = 5;         ///< disc range of the line-of-sight links in them
};

}  // namespace tacit::patrol
