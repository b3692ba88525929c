#pragma once

#include <cstddef>
#include <cstdint>

#include "agent/learning/ppo/ppo.h"

namespace tacit::grid {

/// How the policies of the building types are trained.
struct TrainingConfig {
  PpoConfig ppo;
  std::uint64_t seed = 1;  ///< of the first attempt; independent of a run's seed
  int attempts_most = 5;
  std::size_t quality_episodes = 4096;
};

}  // namespace tacit::grid
