#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "agent/learning/tabular/tabular_q.h"
#include "agent/systems/offload/environment.h"
#include "common/base/checkpoint.h"
#include "common/base/random.h"

namespace tacit::offload {

/// How one budget is evaluated by learning. Defaults: the multiplier variant of DCC.
struct BudgetLearnerConfig {
  int multiplier_update_count = 20;        ///< m >= 1
  std::size_t q_step_count = 13333;        ///< T >= 1, Q-steps per multiplier update
  StepSizes steps{};                       ///< lr0, lr_min, lr_c
  std::uint32_t count_cap = 200;           ///< cnt_cap: counts are cut to this before every T steps
  double exploration = 0.1;                ///< eps, 0..1
  double multiplier_start = 5.0;           ///< lam0, 0..multiplier_cap, [cost/offload]
  double multiplier_step = 1.0;            ///< ak > 0
  double multiplier_cap = 200.0;           ///< lam_cap > 0, [cost/offload]
  std::size_t rollout_slot_count = 20000;  ///< n_eval >= 1
};

/// The learned evaluation of one budget.
struct Evaluation {
  double J = 0;       ///< surrogate cost at this budget and price, [cost/slot]
  double K = 0;       ///< offloading frequency, 0..1
  double U = 0;       ///< local cost, [cost/slot]
  double lambda = 0;  ///< multiplier of K <= theta, [cost/offload]
  /// Equally likely greedy policies, one drawn at every restart: the frequency of a single policy
  /// jumps across theta.
  std::vector<Policy> mixture{};
};

/// EVALUATE: learns J(theta, price) = min over policies with K <= theta of U + price K, by tabular
/// Q-learning under the multiplier's price and dual ascent on the multiplier,
///   lam <- clip(lam + ak/(1+k)^0.6 (K_hat - theta)/(1-gamma), 0, lam_cap),   k = 0..m-1,
/// where K_hat, U_hat come from a greedy rollout. Reported are averages over the last half of the
/// updates and J = U + price K + lam (K - theta), whose error is of second order in the policy's.
///
/// Values, counts and multiplier persist from call to call (warm start). A perturbed evaluation
/// works on a copy of the learner: BudgetLearner(learner).evaluate(...). The caller passes a random
/// stream with every call; the result depends only on the constructor's arguments and the calls so
/// far.
class BudgetLearner {
 public:
  /// Budgets up to this count as 0: offloading is forbidden and the multiplier does not change.
  static constexpr double kNoBudget = 1e-12;

  /// @param model  make_tabular_model(), shared among learners of a type
  /// @throws std::invalid_argument naming the field that is out of range
  BudgetLearner(std::shared_ptr<const TabularModel> model, const BudgetLearnerConfig& config);

  /// @param theta   budget: a discounted frequency, 0..1 (above 1 it never binds)
  /// @param price   d(1 + theta_-i), [cost/offload], >= 0
  /// @param stream  fresh, used by nothing else
  Evaluation evaluate(double theta, double price, RandomStream stream);

  double multiplier() const { return multiplier_; }
  const TabularQ& learner() const { return learner_; }

  void save(CheckpointWriter& writer) const;
  /// @throws InputError (run_folder) if the state belongs to another type
  void restore(CheckpointReader& reader);

 private:
  Evaluation evaluate_without_budget(RandomStream& stream);

  std::shared_ptr<const TabularModel> model_;
  BudgetLearnerConfig config_;
  TabularQ learner_;
  double multiplier_;
};

}  // namespace tacit::offload
