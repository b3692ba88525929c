#include "agent/learning/ppo/constrained_ppo.h"

#include <algorithm>
#include <cmath>

#include "agent/learning/network/shapes.h"
#include "agent/learning/ppo/clipped_objective.h"
#include "agent/learning/ppo/gae.h"
#include "agent/learning/ppo/ppo_learner.h"
#include "common/base/check.h"

namespace tacit {
namespace {

ValueConfig value_config(const ConstrainedPpoConfig& config) {
  ValueConfig value;
  value.hidden_sizes = config.hidden_sizes;
  value.learning_rate = config.critic_rate;
  value.value_clip = config.value_clip;
  value.gradient_norm_most = config.gradient_norm_most;
  return value;
}

}  // namespace

template <typename Scalar>
ConstrainedPpo<Scalar>::ConstrainedPpo(std::size_t observation_size,
                                       std::size_t critic_observation_size, std::size_t action_size,
                                       const ConstrainedPpoConfig& config, RandomStream& weights)
    : config_(config),
      distribution_({{}, action_size}),
      actor_(layers(observation_size, config.hidden_sizes, action_size)),
      policy_(actor_.parameter_count() + action_size, ValueConfig{}.adam_epsilon),
      reward_critic_(critic_observation_size, value_config(config), weights),
      multiplier_(config.constrained ? config.multiplier.first : 0.0) {
  if (config_.constrained) {
    cost_critic_.emplace(critic_observation_size, value_config(config), weights);
  }
  actor_.initialise(0.01, weights, policy_.values.head(actor_size()));
  policy_.values.tail(index(action_size))
      .setConstant(static_cast<Scalar>(std::log(config.first_deviation)));
}

template <typename Scalar>
ActionDistribution<Scalar>& ConstrainedPpo<Scalar>::act(const ConstMatrixRef& observations) {
  distribution_.set(actor_.forward(policy_.values.head(actor_size()), observations, workspace_),
                    policy_.values.tail(index(distribution_.space().continuous_size)));
  return distribution_;
}

template <typename Scalar>
typename ConstrainedPpo<Scalar>::Estimate ConstrainedPpo<Scalar>::estimate(
    const RolloutBuffer<Scalar>& samples, ValueNetwork<Scalar>& critic,
    std::span<const double> signal) const {
  Estimate estimate{critic.values(samples.critic_observations), {}};
  std::vector<double> next(estimate.values.size(), 0.0);
  std::copy(estimate.values.begin() + 1, estimate.values.end(), next.begin());
  if (!samples.bootstrap_samples.empty()) {
    const std::vector<double> last = critic.values(
        samples.bootstrap_observations.leftCols(index(samples.bootstrap_samples.size())));
    for (std::size_t i = 0; i < last.size(); ++i) next[samples.bootstrap_samples[i]] = last[i];
  }
  estimate.advantages.resize(next.size());
  for (std::size_t copy = 0; copy < samples.shape.copies; ++copy) {
    const auto stretch = [&](auto& all) {
      return std::span(all).subspan(samples.sample(copy, 0), samples.shape.steps);
    };
    estimate_advantages(
        {stretch(signal), stretch(estimate.values), stretch(next), stretch(samples.endings)},
        config_.discount, config_.gae_lambda, stretch(estimate.advantages));
  }
  std::vector<double> targets = estimate.advantages;
  for (std::size_t i = 0; i < targets.size(); ++i) targets[i] += estimate.values[i];
  critic.set_targets(targets, estimate.values);
  return estimate;
}

template <typename Scalar>
void ConstrainedPpo<Scalar>::set_advantages(const Estimate& reward,
                                            const std::optional<Estimate>& cost) {
  const auto array = [](const Estimate& of) {
    return Eigen::Map<const Eigen::ArrayXd>(of.advantages.data(), index(of.advantages.size()));
  };
  if (!cost) {
    reward_advantages_ = standardised<Scalar>(array(reward));
    cost_advantages_.setZero(reward_advantages_.size());
  } else if (config_.multiplier.scale == AdvantageScale::each) {
    reward_advantages_ = standardised<Scalar>(array(reward));
    cost_advantages_ = standardised<Scalar>(array(*cost));
  } else {
    reward_advantages_ = array(reward).matrix().template cast<Scalar>();
    cost_advantages_ = array(*cost).matrix().template cast<Scalar>();
  }
  combine();
}

template <typename Scalar>
void ConstrainedPpo<Scalar>::combine() {
  advantages_ = reward_advantages_ - static_cast<Scalar>(multiplier_) * cost_advantages_;
  if (config_.constrained && config_.multiplier.scale == AdvantageScale::combined) {
    advantages_ = standardised<Scalar>(advantages_.template cast<double>().array());
  }
}

template <typename Scalar>
void ConstrainedPpo<Scalar>::update(const RolloutBuffer<Scalar>& samples,
                                    std::span<const Scalar> weights, double episode_cost,
                                    RandomStream& order) {
  TACIT_CHECK(weights.empty() || weights.size() == samples.rewards.size(), "M is of every sample");
  const Estimate reward = estimate(samples, reward_critic_, samples.rewards);
  std::optional<Estimate> cost;
  if (cost_critic_) cost = estimate(samples, *cost_critic_, samples.costs);
  set_advantages(reward, cost);
  std::vector<std::uint32_t> all(samples.rewards.size());
  const std::size_t size = (all.size() + config_.minibatch_count - 1) / config_.minibatch_count;
  const double excess = episode_cost - config_.cost_limit;
  const MultiplierConfig& rule = config_.multiplier;
  for (std::size_t epoch = 0; epoch < config_.epoch_count; ++epoch) {
    shuffle(all, order);
    for (std::size_t first = 0; first < all.size(); first += size) {
      const auto chosen = std::span(all).subspan(first, std::min(size, all.size() - first));
      minibatch(samples, weights, chosen);
      if (!config_.constrained || rule.rule != MultiplierRule::published) continue;
      multiplier_ =
          std::max(0.0, multiplier_ + rule.rate * (excess * (1 - config_.discount) + priced_cost_));
      combine();
    }
  }
  measure_ratios(samples);
  if (config_.constrained && rule.rule == MultiplierRule::adaptive) {
    multiplier_ =
        std::clamp(multiplier_ + rule.rate * excess / config_.steps_per_episode, 0.0, rule.most);
  }
}

template <typename Scalar>
void ConstrainedPpo<Scalar>::minibatch(const RolloutBuffer<Scalar>& samples,
                                       std::span<const Scalar> weights,
                                       std::span<const std::uint32_t> chosen) {
  const double sample_weight = 1.0 / static_cast<double>(chosen.size());
  priced_cost_ = 0;
  for (std::size_t first = 0; first < chosen.size(); first += kBlockSize) {
    const auto block = chosen.subspan(first, std::min(kBlockSize, chosen.size() - first));
    add_policy_gradient(samples, weights, block, sample_weight);
    observations_.resize(samples.critic_observations.rows(), index(block.size()));
    for (std::size_t i = 0; i < block.size(); ++i) {
      observations_.col(index(i)) = samples.critic_observations.col(block[i]);
    }
    reward_critic_.add_gradient(observations_, block, sample_weight);
    if (cost_critic_) cost_critic_->add_gradient(observations_, block, sample_weight);
  }
  policy_.step(config_.actor_rate, config_.gradient_norm_most);
  reward_critic_.step();
  if (cost_critic_) cost_critic_->step();
}

template <typename Scalar>
void ConstrainedPpo<Scalar>::add_policy_gradient(const RolloutBuffer<Scalar>& samples,
                                                 std::span<const Scalar> weights,
                                                 std::span<const std::uint32_t> chosen,
                                                 double sample_weight) {
  observations_.resize(samples.observations.rows(), index(chosen.size()));
  actions_.resize(samples.actions.rows(), index(chosen.size()));
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    observations_.col(index(i)) = samples.observations.col(chosen[i]);
    actions_.col(index(i)) = samples.actions.col(chosen[i]);
  }
  slopes_ = act(observations_).log_probabilities(actions_);
  const auto clip = static_cast<Scalar>(config_.clip);
  const auto scale = static_cast<Scalar>(-sample_weight);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const std::uint32_t sample = chosen[i];
    const Scalar ratio = std::exp(slopes_[index(i)] - samples.log_probabilities[sample]);
    const Scalar advantage = advantages_[sample];
    priced_cost_ += sample_weight * static_cast<double>(ratio * cost_advantages_[sample]);
    const Scalar weight = weights.empty() ? Scalar(1) : weights[sample];
    slopes_[index(i)] =
        is_beyond_clip(ratio, advantage, clip) ? Scalar(0) : scale * weight * advantage * ratio;
  }
  distribution_.gradient(
      actions_, slopes_, static_cast<Scalar>(-config_.entropy_coefficient * sample_weight),
      output_gradient_, policy_.gradient.tail(policy_.gradient.size() - actor_size()));
  actor_.backward(policy_.values.head(actor_size()), observations_, output_gradient_, workspace_,
                  policy_.gradient.head(actor_size()));
}

template <typename Scalar>
void ConstrainedPpo<Scalar>::measure_ratios(const RolloutBuffer<Scalar>& samples) {
  ratios_.resize(samples.log_probabilities.size());
  for (Eigen::Index first = 0; first < ratios_.size(); first += index(kBlockSize)) {
    const Eigen::Index count = std::min(index(kBlockSize), ratios_.size() - first);
    actions_ = samples.actions.middleCols(first, count);
    const Vector& now =
        act(samples.observations.middleCols(first, count)).log_probabilities(actions_);
    ratios_.segment(first, count) =
        (now - samples.log_probabilities.segment(first, count)).array().exp();
  }
}

template <typename Scalar>
double ConstrainedPpo<Scalar>::divergence() const {
  const auto exact = ratios_.template cast<double>().array();
  return ((exact - 1) - exact.log()).mean();
}

template <typename Scalar>
const NetworkVector<Scalar>& ConstrainedPpo<Scalar>::policy_gradient(
    const RolloutBuffer<Scalar>& samples, std::span<const Scalar> weights,
    std::span<const std::uint32_t> chosen) {
  policy_.gradient.setZero();
  add_policy_gradient(samples, weights, chosen, 1.0 / static_cast<double>(chosen.size()));
  return policy_.gradient;
}

template <typename Scalar>
void ConstrainedPpo<Scalar>::save(CheckpointWriter& writer) const {
  policy_.save(writer);
  reward_critic_.save(writer);
  if (cost_critic_) cost_critic_->save(writer);
  writer.value(multiplier_);
}

template <typename Scalar>
void ConstrainedPpo<Scalar>::restore(CheckpointReader& reader) {
  policy_.restore(reader);
  reward_critic_.restore(reader);
  if (cost_critic_) cost_critic_->restore(reader);
  reader.value(multiplier_);
}

template class ConstrainedPpo<float>;
template class ConstrainedPpo<double>;

}  // namespace tacit
