#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "agent/learning/network/trained_parameters.h"
#include "agent/learning/ppo/action_distribution.h"
#include "agent/learning/ppo/rollout_buffer.h"
#include "agent/learning/ppo/value_network.h"

namespace tacit {

/// How the multiplier lambda (the price of cost) is updated. J is the mean cost of an episode, b
/// its limit, T_e its number of steps.
enum class MultiplierRule {
  adaptive,  ///< once per update: lambda <- clip(lambda + eta (J - b)/T_e, 0, most)
  /// after every minibatch: lambda <- [lambda + eta ((J - b)(1 - gamma) + mean r A_c)]_+
  published,
};

/// The quantity that is scaled to mean 0 and deviation 1 over the samples of an update.
enum class AdvantageScale {
  combined,  ///< A - lambda A_c, so that lambda is reward per unit of cost
  each,      ///< A and A_c, before they are combined
};

struct MultiplierConfig {
  MultiplierRule rule = MultiplierRule::adaptive;
  AdvantageScale scale = AdvantageScale::combined;
  double first = 0;
  double rate = 0.5;  ///< eta
  double most = 20;
};

struct ConstrainedPpoConfig {
  std::vector<std::size_t> hidden_sizes{32, 32};  ///< of the policy and of each critic
  double actor_rate = 1e-3;
  double critic_rate = 2e-3;
  double first_deviation = 0.5;  ///< sigma of all actions before the first update
  double discount = 0.98;        ///< gamma
  double gae_lambda = 0.95;
  double clip = 0.2;
  std::size_t epoch_count = 5;
  std::size_t minibatch_count = 4;  ///< of each epoch
  double entropy_coefficient = 0;
  double gradient_norm_most = 1;
  double value_clip = 0;  ///< ValueConfig::value_clip
  bool constrained = true;
  MultiplierConfig multiplier;
  double cost_limit = 5;         ///< b
  double steps_per_episode = 1;  ///< T_e
};

/// One agent's learner for a constrained Markov decision process: proximal policy optimisation on
///   A - lambda A_c,
/// with a multiplier lambda that rises while the mean cost of an episode exceeds its limit. The
/// loss of a minibatch is the mean over its samples of
///   -M min(r A', clip(r, 1 - c, 1 + c) A') - entropy_coefficient H,
/// where r = pi(a | s)/pi_old(a | s), pi_old being the policy that drew the samples, and M >= 0 is
/// a weight from the caller: the product of the ratios r of the agents that were updated before
/// this one, if agents take turns. Each critic has its own normaliser; each network has its own
/// weights and optimiser. Without a constraint A_c and lambda are 0.
///
/// Sources: Schulman et al., arXiv:1707.06347; Lagrangian and M as in Gu et al., arXiv:2110.02793,
/// whose constant d inside the clipped objective is left out, since it only adds variance.
template <typename Scalar>
class ConstrainedPpo {
 public:
  using Matrix = NetworkMatrix<Scalar>;
  using Vector = NetworkVector<Scalar>;
  using ConstMatrixRef = Eigen::Ref<const Matrix>;

  /// @param weights  stream for the initial weights
  ConstrainedPpo(std::size_t observation_size, std::size_t critic_observation_size,
                 std::size_t action_size, const ConstrainedPpoConfig& config,
                 RandomStream& weights);

  /// pi(. | s) of every column, valid until the next call.
  ActionDistribution<Scalar>& act(const ConstMatrixRef& observations);

  /// One iteration's update.
  /// @param weights       [B] M, or empty for 1
  /// @param episode_cost  J, mean undiscounted cost of an episode
  /// @param order         stream for the shuffling
  void update(const RolloutBuffer<Scalar>& samples, std::span<const Scalar> weights,
              double episode_cost, RandomStream& order);

  /// [B] pi/pi_old of the samples' actions after the last update, valid until the next call.
  const Vector& ratios() const { return ratios_; }
  /// Mean of (r - 1) - log r over ratios(): how far the last update moved the policy.
  double divergence() const;
  double multiplier() const { return multiplier_; }

  /// [B] A' of the last update.
  const Vector& advantages() const { return advantages_; }
  /// The gradient of the policy's loss over some samples, for the advantages of the last update.
  const Vector& policy_gradient(const RolloutBuffer<Scalar>& samples,
                                std::span<const Scalar> weights,
                                std::span<const std::uint32_t> chosen);
  TrainedParameters<Scalar>& policy() { return policy_; }
  ValueNetwork<Scalar>& reward_critic() { return reward_critic_; }

  /// Call between updates only; ratios() are not saved.
  void save(CheckpointWriter& writer) const;
  void restore(CheckpointReader& reader);

 private:
  struct Estimate {
    std::vector<double> values;      ///< [B] of the critic before the update
    std::vector<double> advantages;  ///< [B]
  };
  Estimate estimate(const RolloutBuffer<Scalar>& samples, ValueNetwork<Scalar>& critic,
                    std::span<const double> signal) const;
  void set_advantages(const Estimate& reward, const std::optional<Estimate>& cost);
  void combine();
  void minibatch(const RolloutBuffer<Scalar>& samples, std::span<const Scalar> weights,
                 std::span<const std::uint32_t> chosen);
  void add_policy_gradient(const RolloutBuffer<Scalar>& samples, std::span<const Scalar> weights,
                           std::span<const std::uint32_t> chosen, double sample_weight);
  void measure_ratios(const RolloutBuffer<Scalar>& samples);
  Eigen::Index actor_size() const { return static_cast<Eigen::Index>(actor_.parameter_count()); }

  ConstrainedPpoConfig config_;
  ActionDistribution<Scalar> distribution_;
  Mlp<Scalar> actor_;
  TrainedParameters<Scalar> policy_;  ///< [actor | log deviations]
  ValueNetwork<Scalar> reward_critic_;
  std::optional<ValueNetwork<Scalar>> cost_critic_;
  double multiplier_;
  double priced_cost_ = 0;  ///< mean of r A_c over the last minibatch

  typename Mlp<Scalar>::Workspace workspace_;
  Vector reward_advantages_;  ///< [B] scaled by AdvantageScale::each, else unscaled
  Vector cost_advantages_;    ///< [B] likewise; 0 without a constraint
  Vector advantages_;         ///< [B] A'
  Vector ratios_;             ///< [B]
  // Of the current samples:
  Matrix observations_;
  Matrix actions_;
  Vector slopes_;  ///< dLoss/dlog pi
  Matrix output_gradient_;
};

extern template class ConstrainedPpo<float>;
extern template class ConstrainedPpo<double>;

}  // namespace tacit
