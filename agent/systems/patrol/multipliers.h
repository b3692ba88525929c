#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace tacit::patrol {

/// The contractive dual update of one rollout of T0 steps, per zone m:
///   lambda_m <- max(0, (1 - alpha) lambda_m + eta (c_m + s - attended_m / T0))
/// s tightens the requirement beyond c. Source: Agorio et al., Cooperative Multi-Agent Assignment
/// over Stochastic Graphs via Constrained RL, Algorithm 2.
struct DualConfig {
  double alpha = 0.01;              ///< contraction, in [0, 1)
  double eta = 0.5;                 ///< step, > 0
  double tightening = 0;            ///< s >= 0
  std::vector<double> required;     ///< c, [M]: least fraction of time to visit each zone
  std::size_t rollout_steps = 100;  ///< T0
};

/// @param attended  [M] steps of the rollout in which a zone was (known to be) attended, 0..T0
/// @param lambda    [M] >= 0, overwritten
void update_multipliers(const DualConfig& config, std::span<const int> attended,
                        std::span<double> lambda);

/// lambda divided by its largest component; zeros if that is at most 1e-12. The maximiser of a
/// weighted sum of rewards does not depend on the scale of the weights.
std::vector<double> normalised(std::span<const double> lambda);

}  // namespace tacit::patrol
