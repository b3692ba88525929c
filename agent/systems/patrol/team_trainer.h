#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "agent/learning/network/adam.h"
#include "agent/systems/patrol/exact_gradient.h"
#include "agent/systems/patrol/sampled_gradient.h"
#include "agent/systems/patrol/team_policies.h"
#include "agent/systems/patrol/training_config.h"

namespace tacit::patrol {

/// One attempt at training a team, block by block; see team_training_task().
class TeamTrainer {
 public:
  /// @param required  c, [M], for fixed weights
  TeamTrainer(const Lattice& lattice, std::size_t robot_count, std::size_t rollout_steps,
              std::span<const double> required, const TrainingConfig& config, std::uint64_t seed);

  /// @param report  called now and then with the completed fraction and the objective
  TeamPolicies train(const std::function<void(double done, double objective)>& report);

  /// J averaged over the last tenth of the last block.
  double objective() const { return objective_; }

 private:
  /// A robot of the team, learning or not.
  struct Robot {
    PatrolPolicy policy;
    Adam<float> adam;
  };

  void block(std::vector<Robot>& team, std::size_t active,
             const std::function<void(double done, double objective)>& report);
  /// @param progress  within the block, in [0, 1)
  double step(std::vector<Robot>& team, std::size_t active, double progress);
  double done() const;
  Eigen::MatrixXf draw_weights(RandomStream& stream) const;

  const Lattice& lattice_;
  std::size_t robot_count_;
  TrainingConfig config_;
  std::optional<std::vector<double>> fixed_;  ///< the weights, if fixed, [M]
  std::uint64_t seed_;
  ExactGradient exact_;
  SampledGradient sampled_;
  std::size_t step_count_ = 0;  ///< over all blocks
  double objective_ = 0;
  std::vector<PatrolPolicy::Pass> passes_;
  Eigen::MatrixXf logit_gradient_;
  Eigen::VectorXf gradient_;
};

}  // namespace tacit::patrol
