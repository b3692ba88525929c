#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "agent/learning/environment.h"

namespace tacit {

class PolicyNetwork;

/// Hyper-parameters of proximal policy optimisation.
struct PpoConfig {
  std::size_t environment_count = 64;  ///< E, copies that step together
  std::size_t step_count = 80;         ///< T, steps of each copy per iteration
  std::size_t iteration_count = 156;
  std::vector<std::size_t> hidden_sizes{64, 64};  ///< of the actor and of the critic
  double learning_rate = 1e-3;  ///< of the first iteration; falls linearly towards 0
  double adam_epsilon = 1e-5;
  double discount = 0.99;        ///< gamma, [0, 1]
  double gae_lambda = 0.95;      ///< [0, 1]
  double clip = 0.2;             ///< of the probability ratio, (0, 1)
  std::size_t epoch_count = 10;  ///< passes over the samples of an iteration
  std::size_t minibatch_size = 1280;
  double entropy_coefficient = 0.005;
  double value_coefficient = 0.5;
  double gradient_norm_most = 0.5;  ///< of actor and critic together, Euclidean

  /// @throws std::invalid_argument naming the first field that is out of range
  void validate() const;
};

/// Makes one of the copies that step together; `copy` is in 0..E-1.
using EnvironmentFactory = std::function<std::unique_ptr<Environment>(std::size_t copy)>;

/// Called after every iteration with the completed fraction, in (0, 1], and the mean undiscounted
/// return of the episodes that ended last; may throw to stop the training.
using ReportPpo = std::function<void(double done, double mean_return)>;

/// Learns a policy by proximal policy optimisation: iteration_count times E T steps and an update.
/// A pure function: the same arguments give the same bits.
///
/// @throws std::invalid_argument if `config` is out of range
PolicyNetwork train_ppo(const EnvironmentFactory& make_environment, const PpoConfig& config,
                        std::uint64_t seed, const ReportPpo& report);

}  // namespace tacit
