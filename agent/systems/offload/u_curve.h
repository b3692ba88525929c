#pragma once

#include <span>
#include <vector>

#include "agent/systems/offload/environment.h"
#include "agent/systems/offload/price_solver.h"

namespace tacit::offload {

/// A deterministic policy that is optimal at some price: a corner of the U curve.
struct Breakpoint {
  double f;  ///< offloading frequency K of the policy
  double U;  ///< its local cost, [cost/slot]
  Policy policy;
};

/// The exact answer of one device to a budget and a price.
struct BudgetAnswer {
  double J;       ///< U + price K, [cost/slot]
  double U;       ///< local cost, [cost/slot]
  double K;       ///< offloading frequency used, <= theta
  double lambda;  ///< multiplier of K <= theta, the right-hand value at a corner, [cost/offload]
};

/// U(f) = min {local cost : offloading frequency = f} of one device: convex, decreasing, piecewise
/// linear between deterministic policies, and independent of the other devices. Answers exactly
///   J(theta, price) = min over f <= theta of U(f) + price f,
///   lambda = max(0, -U'(K) - price).
/// Immutable.
class UCurve {
 public:
  explicit UCurve(const Environment& environment);

  /// @param theta  budget, >= 0
  /// @param price  cost of an offload, >= 0
  BudgetAnswer answer(double theta, double price) const;

  /// U(f); beyond the last corner, its value there.
  double local_cost(double f) const;
  /// -U'(f) to the right and to the left of f, [cost/offload]; 0 to the right of the last corner,
  /// infinity to the left of 0.
  double slope_right(double f) const;
  double slope_left(double f) const;

  /// A mixture of at most two deterministic policies with frequency f and local cost U(f), drawn
  /// anew at every restart: (1 - weight) corners()[first] + weight corners()[first + 1].
  struct Mixture {
    std::size_t first;
    double weight;  ///< 0..1; 0 at a corner
  };
  Mixture mixture(double f) const;

  /// Ascending f, strictly descending U; the policy of the first never offloads.
  const std::vector<Breakpoint>& corners() const { return corners_; }
  /// slopes()[k]: -U' between corners k and k + 1, strictly descending, > 0.
  std::span<const double> slopes() const { return slopes_; }

  double never_cost() const { return corners_.front().U; }
  double frequency_max() const { return corners_.back().f; }

 private:
  void refine(PriceSolver& solver, const Breakpoint& left, const Breakpoint& right);

  std::vector<Breakpoint> corners_;
  std::vector<double> slopes_;
};

}  // namespace tacit::offload
