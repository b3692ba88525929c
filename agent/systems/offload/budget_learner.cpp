#include "agent/systems/offload/budget_learner.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include "agent/systems/offload/tabular_environment.h"
#include "common/base/error.h"

namespace tacit::offload {
namespace {

// Without a budget no average over multipliers follows the rollout, so the rollout is longer.
constexpr std::size_t kLongRollout = 5;

void validate(const BudgetLearnerConfig& config) {
  const auto require = [](bool holds, const char* message) {
    if (!holds) throw std::invalid_argument(message);
  };
  require(config.multiplier_update_count >= 1, "multiplier_update_count: must be >= 1");
  require(config.q_step_count >= 1, "q_step_count: must be >= 1");
  require(config.rollout_slot_count >= 1, "rollout_slot_count: must be >= 1");
  require(config.exploration >= 0 && config.exploration <= 1, "exploration: must be 0..1");
  require(config.multiplier_step > 0, "multiplier_step: must be > 0");
  require(config.multiplier_cap > 0, "multiplier_cap: must be > 0");
  require(config.multiplier_start >= 0 && config.multiplier_start <= config.multiplier_cap,
          "multiplier_start: must be 0..multiplier_cap");
}

}  // namespace

BudgetLearner::BudgetLearner(std::shared_ptr<const TabularModel> model,
                             const BudgetLearnerConfig& config)
    : model_(std::move(model)),
      config_((validate(config), config)),
      learner_(model_, config.steps),
      multiplier_(config.multiplier_start) {}

Evaluation BudgetLearner::evaluate(double theta, double price, RandomStream stream) {
  if (theta <= kNoBudget) return evaluate_without_budget(stream);
  const int update_count = config_.multiplier_update_count;
  Evaluation sum;
  for (int k = 0; k < update_count; ++k) {
    learner_.cap_counts(config_.count_cap);
    learner_.learn({.slot_count = config_.q_step_count,
                    .price = price + multiplier_,
                    .exploration = config_.exploration},
                   stream);
    const std::vector<std::uint8_t> greedy = learner_.greedy_policy();
    const RolloutMean mean =
        roll_out(*model_, std::span(&greedy, 1), config_.rollout_slot_count, stream);
    if (k >= update_count / 2) {
      sum.K += mean.frequency;
      sum.U += mean.cost;
      sum.lambda += multiplier_;
      sum.mixture.push_back(to_policy(greedy));
    }
    const double excess = (mean.frequency - theta) / (1.0 - model_->gamma);
    const double step = config_.multiplier_step / std::pow(1.0 + k, 0.6);
    multiplier_ = std::clamp(multiplier_ + step * excess, 0.0, config_.multiplier_cap);
  }
  const auto count = static_cast<double>(sum.mixture.size());
  sum.K /= count;
  sum.U /= count;
  sum.lambda /= count;
  sum.J = sum.U + price * sum.K + sum.lambda * (sum.K - theta);
  return sum;
}

Evaluation BudgetLearner::evaluate_without_budget(RandomStream& stream) {
  const auto update_count = static_cast<std::size_t>(config_.multiplier_update_count);
  learner_.learn({.slot_count = update_count * config_.q_step_count,
                  .exploration = config_.exploration,
                  .may_use_priced = false},
                 stream);
  const std::vector<std::uint8_t> greedy = learner_.greedy_policy(false);
  const RolloutMean mean =
      roll_out(*model_, std::span(&greedy, 1), kLongRollout * config_.rollout_slot_count, stream);
  return {.J = mean.cost,
          .K = 0.0,
          .U = mean.cost,
          .lambda = config_.multiplier_cap,
          .mixture = {to_policy(greedy)}};
}

void BudgetLearner::save(CheckpointWriter& writer) const {
  learner_.save(writer);
  writer.value(multiplier_);
}

void BudgetLearner::restore(CheckpointReader& reader) {
  learner_.restore(reader);
  reader.value(multiplier_);
  if (!(multiplier_ >= 0 && multiplier_ <= config_.multiplier_cap)) {
    throw InputError(ExitCode::run_folder, "checkpoint holds a multiplier out of range");
  }
}

}  // namespace tacit::offload
