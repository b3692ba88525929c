#pragma once

#include <cstddef>
#include <cstdint>

namespace tacit::patrol {

/// How the gradient of a robot's policy comes about.
enum class TrainingMethod {
  exact,    ///< by propagating the chances of being at each place: no sampling of motion
  sampled,  ///< from episodes (REINFORCE)
};

/// What the robot that learns from episodes is rewarded for.
enum class EpisodeReward {
  shared,      ///< all zones that are attended by anyone
  difference,  ///< the zone that it attends alone; the same gradient on average, with less noise
};

/// Which weights of the zones a policy is trained for. All but the first are baselines: a policy
/// for one fixed vector of multipliers cannot follow them when they change.
enum class TrainingWeights {
  sampled,       ///< any
  equal,         ///< 1
  proportional,  ///< c, what is required
  inverse,       ///< 1 / c
};

/// How the policies of a team are trained.
struct TrainingConfig {
  std::uint64_t seed = 1;  ///< of the first attempt; apart from the seed of a run
  int attempts_most = 5;
  TrainingMethod method = TrainingMethod::exact;
  EpisodeReward reward = EpisodeReward::difference;  ///< of TrainingMethod::sampled
  TrainingWeights weights = TrainingWeights::sampled;
  double zero_probability = 0.6;      ///< of each zone's weight when they are sampled, in [0, 1)
  std::size_t steps_per_block = 200;  ///< of the optimiser; episodes need 1500
  std::size_t round_count = 2;        ///< how often every robot learns, after the one that is alone
  std::size_t quality_runs = 5;       ///< by which an attempt is judged
  std::size_t quality_steps = 40000;  ///< of each
  double quality_range_m = 5;         ///< disc range of the line-of-sight links in them
};

}  // namespace tacit::patrol
