#include "agent/learning/ppo/ppo_learner.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "agent/learning/ppo/clipped_objective.h"
#include "common/base/check.h"

namespace tacit {
namespace {

template <typename Scalar>
void gather(const PpoBatch<Scalar>& batch, std::span<const std::uint32_t> samples,
            PpoBatch<Scalar>& block) {
  const auto count = static_cast<Eigen::Index>(samples.size());
  block.observations.resize(batch.observations.rows(), count);
  block.actions.resize(batch.actions.rows(), count);
  block.log_probabilities.resize(count);
  block.advantages.resize(count);
  block.value_targets.resize(count);
  for (Eigen::Index i = 0; i < count; ++i) {
    const Eigen::Index sample = samples[static_cast<std::size_t>(i)];
    block.observations.col(i) = batch.observations.col(sample);
    block.actions.col(i) = batch.actions.col(sample);
    block.log_probabilities[i] = batch.log_probabilities[sample];
    block.advantages[i] = batch.advantages[sample];
    block.value_targets[i] = batch.value_targets[sample];
  }
}

}  // namespace

void shuffle(std::span<std::uint32_t> order, RandomStream& stream) {
  std::iota(order.begin(), order.end(), 0u);
  for (std::size_t left = order.size(); left > 1; --left) {
    std::uint64_t word = stream();
    std::swap(order[left - 1], order[split_off(word, left)]);
  }
}

template <typename Scalar>
PpoLearner<Scalar>::PpoLearner(std::size_t observation_size, const ActionSpace& space,
                               const PpoConfig& config, RandomStream& weights)
    : config_((config.validate(), config)),
      networks_(observation_size, space, config.hidden_sizes),
      adam_(static_cast<std::size_t>(networks_.parameters().size()), config.adam_epsilon) {
  networks_.initialise(weights);
}

template <typename Scalar>
void PpoLearner<Scalar>::update(PpoBatch<Scalar>& batch, double learning_rate,
                                RandomStream& order) {
  batch.advantages = standardised<Scalar>(batch.advantages.template cast<double>().array());
  std::vector<std::uint32_t> samples(static_cast<std::size_t>(batch.advantages.size()));
  for (std::size_t epoch = 0; epoch < config_.epoch_count; ++epoch) {
    shuffle(samples, order);
    for (std::size_t first = 0; first < samples.size(); first += config_.minibatch_size) {
      const std::size_t count = std::min(config_.minibatch_size, samples.size() - first);
      gradient(batch, std::span(samples).subspan(first, count));
      const double norm = static_cast<double>(gradient_.norm());
      if (norm > config_.gradient_norm_most) {
        gradient_ *= static_cast<Scalar>(config_.gradient_norm_most / norm);
      }
      adam_.step(learning_rate, gradient_, networks_.parameters());
    }
  }
}

template <typename Scalar>
const NetworkVector<Scalar>& PpoLearner<Scalar>::gradient(const PpoBatch<Scalar>& batch,
                                                          std::span<const std::uint32_t> samples) {
  TACIT_CHECK(!samples.empty(), "a minibatch has a sample");
  gradient_.setZero(networks_.parameters().size());
  const double sample_weight = 1.0 / static_cast<double>(samples.size());
  for (std::size_t first = 0; first < samples.size(); first += kBlockSize) {
    const std::size_t count = std::min(kBlockSize, samples.size() - first);
    add_block_gradient(batch, samples.subspan(first, count), sample_weight);
  }
  return gradient_;
}

template <typename Scalar>
void PpoLearner<Scalar>::add_block_gradient(const PpoBatch<Scalar>& batch,
                                            std::span<const std::uint32_t> samples,
                                            double sample_weight) {
  gather(batch, samples, block_);

  policy_weights_ = networks_.act(block_.observations).log_probabilities(block_.actions);
  policy_weights_ = (policy_weights_ - block_.log_probabilities).array().exp();
  const auto clip = static_cast<Scalar>(config_.clip);
  const auto scale = static_cast<Scalar>(-sample_weight);
  for (Eigen::Index i = 0; i < policy_weights_.size(); ++i) {
    const Scalar ratio = policy_weights_[i];
    const Scalar advantage = block_.advantages[i];
    // dr/dlog pi = r.
    policy_weights_[i] =
        is_beyond_clip(ratio, advantage, clip) ? Scalar(0) : scale * advantage * ratio;
  }
  networks_.add_actor_gradient(block_.observations, block_.actions, policy_weights_,
                               static_cast<Scalar>(-config_.entropy_coefficient * sample_weight),
                               gradient_);

  const Matrix& values = networks_.values(block_.observations);
  value_weights_ = static_cast<Scalar>(2 * config_.value_coefficient * sample_weight) *
                   (values - block_.value_targets.transpose());
  networks_.add_critic_gradient(block_.observations, value_weights_, gradient_);
}

template class PpoLearner<float>;
template class PpoLearner<double>;

}  // namespace tacit
