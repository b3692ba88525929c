#pragma once

#include <cstddef>
#include <vector>

#include "common/base/checkpoint.h"

namespace tacit::locomotion {

/// The episode costs of one agent over E copies.
class EpisodeTally {
 public:
  explicit EpisodeTally(std::size_t copy_count) : so_far_(copy_count, 0.0) {}

  /// @param ended  whether the step was the last of its episode
  void add(std::size_t copy, double cost, bool ended);

  /// The mean cost of an episode over those that ended since the last begin(); if none did, the
  /// mean cost of a step times `steps_per_episode`.
  double mean_cost(double steps_per_episode) const;

  /// Begins an iteration; episodes continue.
  void begin();

  void save(CheckpointWriter& writer) const;
  void restore(CheckpointReader& reader);

 private:
  std::vector<double> so_far_;  ///< [E] of the current episode
  double ended_sum_ = 0;
  double ended_count_ = 0;
  double step_sum_ = 0;
  double step_count_ = 0;
};

}  // namespace tacit::locomotion
