#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "agent/systems/patrol/multipliers.h"
#include "common/proximity/lattice.h"
#include "common/results/summary.h"

namespace tacit::patrol {

// The theory's claims about a run. "The paper" is Agorio et al., Cooperative Multi-Agent Assignment
// over Stochastic Graphs via Constrained RL; K rollouts of T0 steps, M zones, N robots.

/// @param rewards  [K T0] r(S_t)
/// @return [K x M] steps of each rollout in which each zone was attended
std::vector<int> attended_steps(std::span<const ZoneMask> rewards, std::size_t rollout_steps,
                                std::size_t zone_count);

/// The multipliers of a robot that knows all rewards.
/// @param attended  [K x M]
/// @return [(K + 1) x M] from zeros, lambda_k in row k
std::vector<double> reference_multipliers(const DualConfig& dual, std::span<const int> attended);

/// By summing the dual updates, and since max(0, x) >= x, for any path of any run and each zone:
///   r_m >= c_m + s - (alpha / eta) (1/K) sum_{k<K} lambda_{k,m} - lambda_{K,m} / (eta K)
/// with the reference multipliers; equality where no multiplier is ever cut at 0 (the paper's
/// (39)).
/// @param fractions  [M] r_m over all K rollouts
/// @param reference  [(K + 1) x M]
/// @return "sample_path_zone_m", m = 1..M: the right side, with bound r_m
std::vector<Bound> sample_path_bounds(const DualConfig& dual, std::span<const double> fractions,
                                      std::span<const double> reference);

/// Theorem 1 of the paper: min_m (r_m - c_m) >= -sqrt(alpha M) as K grows. For a finite run the
/// last multipliers are added: by the sample path they can reduce the margin by a further max_m
/// lambda_{K,m} / (eta K). The theorem needs policies that are good for all multipliers (the
/// paper's Assumption 1), which cannot be checked; a bad policy violates the bound.
/// @return one, or none if the preconditions |c|_inf < 1 and |c|_1 <= N - 1 do not hold
std::vector<Bound> margin_bounds(const DualConfig& dual, std::size_t robot_count,
                                 std::span<const double> fractions,
                                 std::span<const double> reference);

/// The distance of the robots' multipliers from the reference; means are over the rollouts 1..K.
struct MultiplierError {
  double component = 0;  ///< max over robots and zones of the mean of |lambda^n_m - lambda_m|
  double largest = 0;    ///< max over robots of the mean of max_m |lambda^n_m - lambda_m|
  /// max of lambda_m - lambda^n_m: never above 0, as no robot believes in false rewards
  double below = 0;
};

/// @param lambda     [N][(K + 1) x M]
/// @param reference  [(K + 1) x M]
MultiplierError multiplier_error(std::span<const std::vector<double>> lambda,
                                 std::span<const double> reference, std::size_t zone_count);

/// Proposition 3 of the paper for links that are up with probability p, independently, on a graph
/// of diameter d_G: E |lambda^n_m - lambda_m| <= eta d_G / (alpha T0 p) for each zone. As printed,
/// with the expectation of the largest component, it is false: M times this would be a bound.
/// @pre alpha, p > 0
double multiplier_error_bound(const DualConfig& dual, std::size_t diameter, double up_probability);

/// Proposition 2 of the paper with its inequality reversed (the printed direction is wrong): after
/// t - tau exchanges, P(known) >= P(NB(d_G, p) <= t - tau); equality on a path between its ends.
/// @return P(NB <= trials), NB the number of trials up to the `successes`-th success
double negative_binomial_cdf(std::size_t successes, double probability, std::size_t trials);

/// An upper bound on the margin min_m (r_m - c_m) of any behaviour of N robots:
///   min( min_m (1 - c_m), (N z - sum_m c_m) / M )
/// since r_m <= 1, and a robot is in at most z zones at once (1 unless discs overlap). Travel time
/// is ignored, so no behaviour need attain it. For the default plan, N = 5 and the paper's c it is
/// 0.4, and a periodic schedule attains it.
double optimum_margin(const Lattice& lattice, std::span<const double> required,
                      std::size_t robot_count);

}  // namespace tacit::patrol
