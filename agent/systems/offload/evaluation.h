#pragma once

#include <span>
#include <vector>

#include "agent/systems/offload/congestion.h"
#include "agent/systems/offload/environment.h"

namespace tacit::offload {

/// The cost of a policy for one device, exact up to 1e-12 relative. Every discounted sum is
/// multiplied by (1 - gamma), so K is a frequency and U a cost per slot.
struct PolicyValue {
  double K = 0.0;  ///< discounted frequency of offloading, 0..1
  double U = 0.0;  ///< discounted local cost, [cost/slot]
  /// P(offload in slot t after a start from beta), t = 0, 1, ... until gamma^t < 1e-13.
  std::vector<double> offload_probability;
};

/// @pre policy.size() == environment.state_count() and every action legal
PolicyValue evaluate(const Environment& environment, const Policy& policy);

/// The mixture that draws one of the policies, equally likely, at every restart.
/// @pre at least one policy
PolicyValue evaluate_mixture(const Environment& environment, std::span<const Policy> policies);

/// The mixture with given weights (>= 0, sum 1) of policies already evaluated.
PolicyValue mix(std::span<const PolicyValue> values, std::span<const double> weights);

/// Distribution of the number of successes of independent trials with the given probabilities,
/// [trials + 1].
std::vector<double> poisson_binomial(std::span<const double> probabilities);

/// E[n d(n)], n Poisson-binomial: the expected congestion cost of a slot, summed over devices.
double expected_congestion(std::span<const double> probabilities, const Congestion& congestion);

/// The true cost of a team whose members restart independently of each other (default metric):
/// sum U_i + E[n d(n)] with n ~ Poisson-binomial(K_i), [cost/slot].
double stationary_cost(std::span<const double> K, std::span<const double> U,
                       const Congestion& congestion);

/// The true cost of a team whose members all start at t = 0 and never restart:
/// sum U_i + (1-gamma) sum_t gamma^t E[n_t d(n_t)], [cost/slot].
/// @param gamma  common to all devices, so that the horizons of the values agree
double timed_cost(std::span<const PolicyValue> values, double gamma, const Congestion& congestion);

/// The error of the surrogate d(1 + theta_-i) against the true congestion, and its bound:
///   error = sum_i theta_i (E[d(n) | i offloads] - d(1 + theta_-i)),
///   bound = |sum_i theta_i (theta_-i / (N-1) d(N) - d(1 + theta_-i))|,  |error| <= bound.
/// error >= 0 for alpha >= 1, <= 0 for alpha <= 1, 0 for alpha = 1.
struct SurrogateError {
  double error;
  double bound;
};
/// @param frequencies  theta_i = P(i offloads in a slot), 0..1
SurrogateError surrogate_error(std::span<const double> frequencies, double alpha);

}  // namespace tacit::offload
