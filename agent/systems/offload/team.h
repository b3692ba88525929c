#pragma once

#include <map>
#include <memory>
#include <span>
#include <vector>

#include "agent/systems/offload/congestion.h"
#include "agent/systems/offload/environment.h"
#include "agent/systems/offload/u_curve.h"

namespace tacit::offload {

/// Environment and U curve of every type requested so far, each made once. References stay valid
/// for the library's life.
class CurveLibrary {
 public:
  /// @throws std::invalid_argument as AgentType::validate
  const UCurve& curve(const AgentType& type) { return entry(type).curve; }
  const Environment& environment(const AgentType& type) { return entry(type).environment; }

 private:
  struct Entry {
    explicit Entry(const AgentType& type) : environment(type), curve(environment) {}
    Environment environment;
    UCurve curve;
  };
  const Entry& entry(const AgentType& type);
  std::map<AgentType, std::unique_ptr<const Entry>> entries_;
};

/// The coordination problem: minimise sum_i J_i(theta_i, theta_-i) over theta in [0,1]^N.
struct Team {
  std::vector<const UCurve*> curves;  ///< [N], not null; equal types share one
  Congestion congestion;

  std::size_t size() const { return curves.size(); }
};

Team make_team(std::span<const AgentType> agents, const Congestion& congestion,
               CurveLibrary& library);

/// The exact answers of a team to given budgets.
struct TeamAnswer {
  std::vector<double> theta;         ///< [N]
  std::vector<BudgetAnswer> agents;  ///< [N], J with the surrogate price d(1 + theta_-i)
  std::vector<double> coupling;      ///< [N], w_i = dJ_i/dtheta_-i = K_i d'(1 + theta_-i)
  std::vector<double> gradient;      ///< [N], d(sum J)/dtheta_i = -lambda_i + sum_{j != i} w_j
  double total;                      ///< sum J_i, [cost/slot]
};

/// @param theta  [N], 0..1
TeamAnswer answer_team(const Team& team, std::span<const double> theta);

/// sum J_i at budgets that are used up (K_i = f_i): sum U_i(f_i) + f_i d(1 + f_-i).
double total_cost(const Team& team, std::span<const double> f);

/// The slow time scale with exact local answers (multiplier gradient):
///   theta_i <- clip(theta_i - clip(eta_n g_i, +-step_max / N), floor, 1),
///   eta_n = step / (N max(1, alpha)) / (1 + n / delay)^0.602,  n = 0, 1, ...
struct SlowLoop {
  double step = 0.25;
  double step_max = 1.5;
  double delay = 4.0;
  double floor = 0.005;  ///< > 0: the multiplier is finite only above theta = 0
};
/// @return the budgets after step_count steps from `theta`
std::vector<double> run_slow_loop(const Team& team, std::vector<double> theta, int step_count,
                                  const SlowLoop& rule = {});

/// Budgets with the least total cost found, from slow loops and from unequal and drawn starts, each
/// polished until no change of one budget improves. The cost is not convex in theta, so this
/// certifies local optimality only. Deterministic; every budget is used up (theta_i = K_i).
std::vector<double> optimise_team(const Team& team);

/// The equilibrium of selfish agents: each in turn takes the frequency that is best for itself at
/// the price d(1 + others' frequencies), until no agent gains more than 1e-9 or 200 turns have
/// passed.
std::vector<double> selfish_frequencies(const Team& team);

}  // namespace tacit::offload
