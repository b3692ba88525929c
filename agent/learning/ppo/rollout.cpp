#include "agent/learning/ppo/rollout.h"

#include <algorithm>

#include "agent/learning/network/shapes.h"
#include "agent/learning/ppo/gae.h"
#include "common/base/check.h"

namespace tacit {
Rollout::Rollout(const EnvironmentFactory& make_environment, const PpoConfig& config,
                 std::uint64_t seed)
    : seed_(seed),
      step_count_(config.step_count),
      discount_(config.discount),
      gae_lambda_(config.gae_lambda) {
  config.validate();
  for (std::size_t copy = 0; copy < config.environment_count; ++copy) {
    environments_.push_back(make_environment(copy));
  }
  observation_.resize(observation_size());
  action_.resize(action_space().size());
  now_.resize(index(observation_size()), index(environments_.size()));
  actions_.resize(index(action_.size()), now_.cols());
  reward_.resize(sample_count());
  value_.resize(sample_count());
  next_value_.resize(sample_count());
  ending_.resize(sample_count());
  advantage_.resize(sample_count());
  last_.resize(now_.rows(), index(sample_count()));
  return_so_far_.resize(environments_.size());
  for (std::size_t copy = 0; copy < environments_.size(); ++copy) {
    RandomStream stream(seed_, process_id(copy), purpose("ppo.first_reset"), 0);
    environments_[copy]->reset(stream);
    observe(copy, now_.col(index(copy)));
  }
}

void Rollout::collect(ActorCritic<float>& networks, Round iteration, PpoBatch<float>& batch) {
  batch.observations.resize(now_.rows(), index(sample_count()));
  batch.actions.resize(actions_.rows(), index(sample_count()));
  batch.log_probabilities.resize(index(sample_count()));
  batch.advantages.resize(index(sample_count()));
  batch.value_targets.resize(index(sample_count()));
  last_samples_.clear();
  return_sum_ = 0;
  return_count_ = 0;
  streams_.clear();
  for (std::size_t copy = 0; copy < environments_.size(); ++copy) {
    streams_.emplace_back(seed_, process_id(copy), purpose("ppo.environment"), iteration);
  }
  RandomStream action_stream(seed_, process_id(0), purpose("ppo.actions"), iteration);
  for (std::size_t step = 0; step < step_count_; ++step) {
    step_all(networks, step, action_stream, batch);
  }
  finish(networks, batch);
  if (return_count_ > 0) mean_return_ = return_sum_ / static_cast<double>(return_count_);
}

void Rollout::step_all(ActorCritic<float>& networks, std::size_t step, RandomStream& action_stream,
                       PpoBatch<float>& batch) {
  ActionDistribution<float>& distribution = networks.act(now_);
  for (std::size_t copy = 0; copy < environments_.size(); ++copy) {
    distribution.draw(copy, action_stream, action_);
    actions_.col(index(copy)) =
        Eigen::Map<const Eigen::VectorXd>(action_.data(), actions_.rows()).cast<float>();
  }
  const Eigen::VectorXf& log_probabilities = distribution.log_probabilities(actions_);
  const Eigen::MatrixXf& values = networks.values(now_);
  for (std::size_t copy = 0; copy < environments_.size(); ++copy) {
    const Eigen::Index column = index(copy);
    const std::size_t sample = copy * step_count_ + step;
    batch.observations.col(index(sample)) = now_.col(column);
    batch.actions.col(index(sample)) = actions_.col(column);
    batch.log_probabilities[index(sample)] = log_probabilities[column];
    value_[sample] = static_cast<double>(values(0, column));
    step_one(copy, sample);
    if (step + 1 == step_count_ && ending_[sample] == Ending::none) note_bootstrap(copy, sample);
  }
}

void Rollout::step_one(std::size_t copy, std::size_t sample) {
  Environment& environment = *environments_[copy];
  const auto actions = actions_.col(index(copy));
  std::copy(actions.begin(), actions.end(), action_.begin());
  const Transition transition = environment.step(action_, streams_[copy]);
  reward_[sample] = transition.reward;
  ending_[sample] = transition.ending;
  return_so_far_[copy] += transition.reward;
  if (transition.ending != Ending::none) {
    if (transition.ending == Ending::truncated) {
      observe(copy, now_.col(index(copy)));
      note_bootstrap(copy, sample);
    }
    return_sum_ += return_so_far_[copy];
    ++return_count_;
    return_so_far_[copy] = 0;
    environment.reset(streams_[copy]);
  }
  observe(copy, now_.col(index(copy)));
}

void Rollout::observe(std::size_t copy, Eigen::Ref<Eigen::VectorXf> observation) {
  environments_[copy]->observe(observation_);
  observation =
      Eigen::Map<const Eigen::VectorXd>(observation_.data(), observation.size()).cast<float>();
}

void Rollout::note_bootstrap(std::size_t copy, std::size_t sample) {
  last_.col(index(last_samples_.size())) = now_.col(index(copy));
  last_samples_.push_back(sample);
}

void Rollout::finish(ActorCritic<float>& networks, PpoBatch<float>& batch) {
  for (std::size_t sample = 0; sample + 1 < sample_count(); ++sample) {
    next_value_[sample] = value_[sample + 1];
  }
  if (!last_samples_.empty()) {
    const Eigen::MatrixXf& values = networks.values(last_.leftCols(index(last_samples_.size())));
    for (std::size_t i = 0; i < last_samples_.size(); ++i) {
      next_value_[last_samples_[i]] = static_cast<double>(values(0, index(i)));
    }
  }
  for (std::size_t copy = 0; copy < environments_.size(); ++copy) {
    const auto stretch = [&](auto& all) {
      return std::span(all).subspan(copy * step_count_, step_count_);
    };
    estimate_advantages({stretch(reward_), stretch(value_), stretch(next_value_), stretch(ending_)},
                        discount_, gae_lambda_, stretch(advantage_));
  }
  for (std::size_t sample = 0; sample < sample_count(); ++sample) {
    batch.advantages[index(sample)] = static_cast<float>(advantage_[sample]);
    batch.value_targets[index(sample)] = static_cast<float>(advantage_[sample] + value_[sample]);
  }
}

}  // namespace tacit
