#pragma once

#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "agent/systems/offload/budget_learner.h"
#include "agent/systems/offload/congestion.h"
#include "agent/systems/offload/device.h"
#include "agent/systems/offload/graph_sum.h"
#include "agent/systems/offload/offload_config.h"
#include "agent/systems/offload/slow_step.h"
#include "agent/systems/offload/theta_exchange.h"
#include "common/base/machine.h"

namespace tacit::offload {

/// How an agent gets the sums W and S: from a server or over the graph. In a phase each agent gives
/// one number and gets the sum of all; phases 0, 2, 4, ... carry w, the others theta.
using SumExchange = std::variant<CoordinatorSum, GraphSum>;

/// Bounds on the numbers that agents may send. w has the unit of a price and no natural bound.
inline constexpr Accepted kAcceptedTheta{"theta", 0.0, 1.0};
inline constexpr Accepted kAcceptedW{"w", -1e100, 1e100};

/// One device of the decentralised coordination of congestion (DCC). Per slow step:
///   theta_-i = max(0, S - theta_i),  price = d(1 + theta_-i)
///   learn J_i(theta_i, theta_-i), lambda_i, K_i               (EVALUATE: fast and middle scale)
///   w_i = dJ_i/dtheta_-i;  send w_i, receive W                (phase 2n)
///   theta_i <- Proj(theta_i - eta_n (dJ_i/dtheta_i + W - w_i)); send theta_i, receive S (2n + 1)
/// and a last EVALUATE in round R. The device sends nothing else.
class DccAgent final : public Machine {
 public:
  struct Setup {
    ProcessId self;
    std::size_t agent_count;
    std::uint64_t seed;
    Congestion congestion;  ///< plain or variance-aware
    Round slow_period;      ///< exchanges a slow step lasts; 1 unless asynchronous
    Round round_count;      ///< R
  };

  DccAgent(const Setup& setup, const DccConfig& config, std::shared_ptr<const Device> device,
           SumExchange sums);

  Arcs arcs(Round round) const override;
  void on_round(const RoundInput& input, RoundOutput& output) override;
  void save(CheckpointWriter& writer) const override;
  void restore(CheckpointReader& reader) override;
  /// theta and lambda of the last evaluation, and describe_policies() of its policies.
  /// @pre round R was run
  Result result() const override;

 private:
  double others_budget() const;
  /// Keyed by slow step, not by round: the numbers do not depend on how the sums are computed.
  RandomStream stream(Purpose use) const;
  Evaluation evaluate(BudgetLearner& learner, double theta, double others, Purpose use) const;
  LocalGradient find_gradient();
  void begin_phase(Round phase, Round round, RoundOutput& output);
  void record(double gradient, double W, RoundOutput& output) const;

  Setup setup_;
  DccConfig config_;
  std::shared_ptr<const Device> device_;
  SumExchange sums_;
  BudgetLearner learner_;
  double theta_;
  double S_;                ///< the sum S used in this slow step
  int slow_step_ = 0;       ///< steps taken so far
  LocalGradient gradient_;  ///< of this slow step
  Evaluation evaluation_;   ///< the last one; its mixture is kept in round R only
};

}  // namespace tacit::offload
