#include "agent/learning/ppo/ppo.h"

#include <stdexcept>

#include "agent/learning/ppo/policy_network.h"
#include "agent/learning/ppo/ppo_learner.h"
#include "agent/learning/ppo/rollout.h"

namespace tacit {

void PpoConfig::validate() const {
  const auto require = [](bool holds, const char* message) {
    if (!holds) throw std::invalid_argument(message);
  };
  require(environment_count >= 1, "ppo: environment_count must be >= 1");
  require(step_count >= 1, "ppo: step_count must be >= 1");
  require(iteration_count >= 1, "ppo: iteration_count must be >= 1");
  for (const std::size_t size : hidden_sizes) {
    require(size >= 1, "ppo: hidden_sizes must be >= 1");
  }
  require(learning_rate > 0, "ppo: learning_rate must be > 0");
  require(adam_epsilon > 0, "ppo: adam_epsilon must be > 0");
  require(discount >= 0 && discount <= 1, "ppo: discount must be in [0, 1]");
  require(gae_lambda >= 0 && gae_lambda <= 1, "ppo: gae_lambda must be in [0, 1]");
  require(clip > 0 && clip < 1, "ppo: clip must be in (0, 1)");
  require(epoch_count >= 1, "ppo: epoch_count must be >= 1");
  require(minibatch_size >= 1, "ppo: minibatch_size must be >= 1");
  require(entropy_coefficient >= 0, "ppo: entropy_coefficient must be >= 0");
  require(value_coefficient > 0, "ppo: value_coefficient must be > 0");
  require(gradient_norm_most > 0, "ppo: gradient_norm_most must be > 0");
}

PolicyNetwork train_ppo(const EnvironmentFactory& make_environment, const PpoConfig& config,
                        std::uint64_t seed, const ReportPpo& report) {
  Rollout rollout(make_environment, config, seed);
  RandomStream weights(seed, process_id(0), purpose("ppo.weights"), 0);
  PpoLearner<float> learner(rollout.observation_size(), rollout.action_space(), config, weights);
  PpoBatch<float> batch;
  for (std::size_t iteration = 0; iteration < config.iteration_count; ++iteration) {
    const auto round = static_cast<Round>(iteration);
    const double done =
        static_cast<double>(iteration) / static_cast<double>(config.iteration_count);
    rollout.collect(learner.networks(), round, batch);
    RandomStream order(seed, process_id(0), purpose("ppo.order"), round);
    learner.update(batch, config.learning_rate * (1 - done), order);
    report(static_cast<double>(iteration + 1) / static_cast<double>(config.iteration_count),
           rollout.mean_return());
  }
  return make_policy(learner.networks());
}

}  // namespace tacit
