#pragma once

#include <cstddef>
#include <cstdint>

#include "agent/systems/offload/budget_learner.h"
#include "common/base/random.h"

namespace tacit::offload {

/// The slow time scale of DCC: how a budget moves. Defaults: multiplier variant (finite
/// differences: clip = 1, horizon = 1).
struct SlowStepConfig {
  double step = 0.25;  ///< eta0 > 0
  double floor =
      0.005;  ///< least budget after the first step, 0..1: a finite multiplier needs a positive one
  double clip = 1.5;           ///< a budget moves by at most clip / N per step
  double horizon = 4;          ///< n0 > 0, [slow steps]: when steps begin to shrink
  double perturbation = 0.05;  ///< sigma > 0, finite differences only

  /// @throws std::invalid_argument naming the field that is out of range
  void validate() const;
};

/// sig_n = sigma / (1 + n/n0)^0.101, the size of the perturbations in slow step n = 0, 1, ...
double perturbation_size(const SlowStepConfig& config, int slow_step);

/// eta_n = eta0 / (N max(1, alpha)) / (1 + n/n0)^0.602. Divided by alpha, because the slope of the
/// congestion grows with it, and by N, because the total cost is a sum of N.
double step_size(const SlowStepConfig& config, int slow_step, std::size_t agent_count,
                 double alpha);

/// The two derivatives that an agent finds by itself: dF/dtheta_i = own_i + sum_{j != i}
/// coupling_j.
struct LocalGradient {
  double own = 0;       ///< dJ_i / dtheta_i <= 0, [cost/offload]
  double coupling = 0;  ///< w_i = dJ_i / dtheta_-i >= 0, [cost/offload]
};

/// own = -lam, coupling = K slope.
/// @param slope  d'(1 + theta_-i), or its variance-aware form
LocalGradient multiplier_gradient(const Evaluation& evaluation, double slope);

/// Two-point noise: +size or -size, equally likely, but always +size where -size leads below
/// `least`.
double signed_offset(double value, double size, double least, std::uint64_t word);

/// The offsets of the two perturbed evaluations of one slow step.
struct Perturbation {
  double own;       ///< e_i: J at (theta_i + own, theta_-i)
  double coupling;  ///< f_i: J at (theta_i, theta_-i + coupling)
};

/// @param others  theta_-i = max(0, S - theta_i)
/// @param stream  fresh, used by nothing else: two words
Perturbation draw_perturbation(const SlowStepConfig& config, int slow_step, double theta,
                               double others, RandomStream stream);

/// Finite differences of the cost, from the base evaluation and the two perturbed ones.
LocalGradient finite_difference_gradient(double J, double J_own, double J_coupling,
                                         const Perturbation& perturbation);

/// theta <- clip(theta - clip(eta g, -c/N, c/N), floor, 1),   g = own + (W - w).
/// @param coupling_sum  W, the sum of all agents' couplings, w included
double next_budget(const SlowStepConfig& config, double theta, const LocalGradient& gradient,
                   double coupling_sum, double step, std::size_t agent_count);

}  // namespace tacit::offload
