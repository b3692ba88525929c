#pragma once

#include <cstdint>
#include <vector>

#include "agent/systems/offload/budget_learner.h"
#include "agent/systems/offload/congestion.h"
#include "agent/systems/offload/environment.h"
#include "agent/systems/offload/iql_learner.h"
#include "agent/systems/offload/slow_step.h"
#include "common/config/config.h"
#include "common/experiment/system.h"

namespace tacit::offload {

/// dcc: agents coordinate their offloading budgets; iql: each agent learns alone from the
/// congestion it met.
enum class Method { dcc, iql };
/// How an agent of dcc finds the derivatives of its cost: from two perturbed evaluations, or from
/// the multiplier of its budget.
enum class GradientRule { multiplier, finite_differences };
/// Where the numbers of the dcc agents are summed.
enum class Sums { coordinator, graph };

/// The parameters of dcc.
struct DccConfig {
  GradientRule gradient = GradientRule::multiplier;
  Sums sums = Sums::coordinator;
  Round staleness = 1;     ///< slow steps last 1..staleness exchanges (sums by a coordinator)
  Round phase_rounds = 2;  ///< rounds from sending a number to receiving the sum
  int slow_steps = 5;
  double theta_first = 0;  ///< theta0, 0..1
  BudgetLearnerConfig learner;
  SlowStepConfig slow;

  /// Exchanges of two sums: with staleness p every agent takes slow_steps to slow_steps * p steps.
  Round exchange_count() const { return slow_steps * staleness; }
};

/// The parameters of iql.
struct IqlConfig {
  bool common_reward = false;  ///< learn from the mean cost of all devices, not from its own
  std::int64_t slots = 1600000;
  std::int64_t record_slots = 1000;  ///< slots in a row of metrics
  IqlLearnerConfig learner;
};

/// The [offload] table of an experiment, with the team it describes.
struct OffloadConfig {
  Method method = Method::dcc;
  double alpha = 1.0;
  CongestionModel congestion = CongestionModel::plain;  ///< used by agents of dcc
  std::vector<AgentType> team;                          ///< [N]; one gamma
  DccConfig dcc;
  IqlConfig iql;

  double gamma() const { return team.front().gamma; }
};

/// Reads the table; only the keys of the chosen method are known.
/// @throws InputError (config) naming the key
OffloadConfig read_offload_config(const ConfigView& table, const SystemContext& context);

}  // namespace tacit::offload
