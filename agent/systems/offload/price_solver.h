#pragma once

#include <span>
#include <vector>

#include "agent/systems/offload/environment.h"

namespace tacit::offload {

/// Discounted totals of a policy from each state, not normalised, [state_count()] each.
struct StateValues {
  std::vector<double> cost;      ///< E sum gamma^t u(s_t), [cost]
  std::vector<double> offloads;  ///< E sum gamma^t 1(a_t = OFFLOAD)
};

/// Solves the decision problem of one device whose every offload costs a given price, exactly
/// (policy iteration with direct evaluation, rounding error only).
///
/// The evaluation uses that the age either grows by one or falls to 1: the values of age x are an
/// affine function of the values of age x + 1 and of age 1, so that one backward elimination over
/// blocks of B + 1 + D states replaces a dense system of all states (mid agent: 25 us, not 4 ms).
class PriceSolver {
 public:
  /// @param environment  must outlive the solver
  explicit PriceSolver(const Environment& environment);

  /// A policy at its optimum, with normalised (K, U) from beta.
  struct Solution {
    Policy policy;
    double K;  ///< offloading frequency, 0..1
    double U;  ///< local cost, [cost/slot]
  };

  /// A minimiser of U + price K.
  /// @param start  where policy iteration begins: any legal policy leads to an optimum, one near it
  /// sooner
  Solution solve(double price, Policy start);

  /// The values of one policy. Valid until the next call.
  const StateValues& evaluate(const Policy& policy);

 private:
  bool improve(Policy& policy, double price) const;
  void fill_row(std::size_t state, Action action, std::vector<double>& ahead);
  void eliminate_top_age();
  void solve_age_one();
  double from_beta(std::span<const double> values) const;

  const Environment& environment_;
  std::size_t ages_;            ///< M
  std::size_t levels_;          ///< B + 1 + D
  std::size_t width_;           ///< levels_ + 2 columns: values of age 1, then cost and offloads
  std::vector<double> table_;   ///< [states][width_]: value(s) as an affine function of age 1
  std::vector<double> top_;     ///< [levels_][levels_]: I - gamma P within age M
  std::vector<double> square_;  ///< [levels_][levels_]: I - the affine function of age 1 on itself
  StateValues values_;
};

}  // namespace tacit::offload
