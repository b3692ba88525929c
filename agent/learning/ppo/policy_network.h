#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "agent/learning/network/mlp.h"
#include "agent/learning/ppo/action_distribution.h"
#include "agent/learning/ppo/actor_critic.h"
#include "common/base/random.h"

namespace tacit {

/// A trained policy without its critic, as an agent runs it: one observation at a time, without
/// allocation. Equal observations give equal bits; no call depends on an earlier one.
class PolicyNetwork {
 public:
  /// @param parameters  of the network, then log sigma of each continuous dimension
  PolicyNetwork(std::vector<std::size_t> sizes, ActionSpace space, Eigen::VectorXf parameters);

  /// Reads the result of bytes().
  /// @throws InputError (bad_data) if the bytes are not a policy of finite numbers
  static PolicyNetwork from_bytes(std::span<const std::byte> bytes);
  std::vector<std::byte> bytes() const;

  std::size_t observation_size() const { return network_.sizes().front(); }
  const ActionSpace& action_space() const { return distribution_.space(); }

  /// The likeliest action.
  /// @param observation  [observation_size()], finite
  /// @param action       [action_space().size()] overwritten
  void greedy(std::span<const double> observation, std::span<double> action);
  void sample(std::span<const double> observation, RandomStream& stream, std::span<double> action);

 private:
  void consider(std::span<const double> observation, std::span<double> action);

  Mlp<float> network_;
  ActionDistribution<float> distribution_;
  Eigen::VectorXf parameters_;
  Eigen::MatrixXf observation_;  ///< [observation_size x 1]
  Mlp<float>::Workspace workspace_;
};

/// The actor of a learner.
PolicyNetwork make_policy(const ActorCritic<float>& networks);

}  // namespace tacit
