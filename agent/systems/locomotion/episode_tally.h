#pragma once

#include <cstddef>
#include <vector>

#include "common/base/checkpoint.h"

namespace tacit::locomotion {

/// What the episodes of E copies have cost an agent.
class EpisodeTally {
 public:
  explicit EpisodeTally(std::size_t copy_count) : so_far_(copy_count, 0.0) {}

  /// @param ended  whether the step was the last of its episode
  void add(std::size_t copy, double cost, bool ended);

  /// Of an episode: the mean over those that ended since the last begin(), or, if none did, the
  /// mean step times `steps_per_episode`.
  double mean_cost(double steps_per_episode) const;

  /// A new iteration; episodes go on.
  void begin();

  void save(CheckpointWriter& writer) const;
  void restore(CheckpointReader& reader);

 private:
  std::vector<double> so_far_;  ///< [E] of the episode at work
  double ended_sum_ = 0;
  double ended_count_ = 0;
  double step_sum_ = 0;
  double step_count_ = 0;
};

}  // namespace tacit::locomotion
