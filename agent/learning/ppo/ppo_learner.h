#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "agent/learning/network/adam.h"
#include "agent/learning/ppo/actor_critic.h"
#include "agent/learning/ppo/ppo.h"

namespace tacit {

/// The samples of one iteration: B columns, or entries, in any order.
template <typename Scalar>
struct PpoBatch {
  NetworkMatrix<Scalar> observations;       ///< [observation x B]
  NetworkMatrix<Scalar> actions;            ///< [action x B], choices as their indices
  NetworkVector<Scalar> log_probabilities;  ///< log pi(a | s) when the action was drawn
  NetworkVector<Scalar> advantages;         ///< A, see estimate_advantages()
  NetworkVector<Scalar> value_targets;      ///< A + v
};

/// Sets `order` to a random permutation of 0..order.size()-1; its old content does not matter.
/// Source: Durstenfeld, CACM 7(7), 1964.
void shuffle(std::span<std::uint32_t> order, RandomStream& stream);

/// The update of proximal policy optimisation from collected samples. The loss of a minibatch is
/// the mean over its samples of
///   -min(r A, clip(r, 1 - c, 1 + c) A) - entropy_coefficient H(s)
///     + value_coefficient (v(s) - target)^2,    r = pi(a | s) / pi_old(a | s),
/// with pi_old the policy that drew the samples and A normalised over the batch to mean 0 and
/// variance 1. The norm of the gradient over all parameters is limited to gradient_norm_most; Adam
/// takes the step.
/// Source: Schulman et al., arXiv:1707.06347 eq. (9); actor and critic share no parameters.
template <typename Scalar>
class PpoLearner {
 public:
  using Matrix = NetworkMatrix<Scalar>;
  using Vector = NetworkVector<Scalar>;

  /// @param weights  stream for the initial weights
  /// @throws std::invalid_argument naming the field, if `config` is out of range
  PpoLearner(std::size_t observation_size, const ActionSpace& space, const PpoConfig& config,
             RandomStream& weights);

  ActorCritic<Scalar>& networks() { return networks_; }
  const ActorCritic<Scalar>& networks() const { return networks_; }

  /// epoch_count passes over the batch in shuffled minibatches; normalises its advantages.
  /// @param order  stream for the shuffling
  void update(PpoBatch<Scalar>& batch, double learning_rate, RandomStream& order);

  /// The gradient of the loss over some samples of the batch, advantages taken as they are.
  /// @return in the order of networks().parameters(), valid until the next call
  const Vector& gradient(const PpoBatch<Scalar>& batch, std::span<const std::uint32_t> samples);

 private:
  void add_block_gradient(const PpoBatch<Scalar>& batch, std::span<const std::uint32_t> samples,
                          double sample_weight);

  PpoConfig config_;
  ActorCritic<Scalar> networks_;
  Adam<Scalar> adam_;
  Vector gradient_;
  PpoBatch<Scalar> block_;  ///< the current samples
  Vector policy_weights_;   ///< dLoss/dlog pi, by sample of the block
  Matrix value_weights_;    ///< dLoss/dv, [1 x n]
};

extern template class PpoLearner<float>;
extern template class PpoLearner<double>;

}  // namespace tacit
