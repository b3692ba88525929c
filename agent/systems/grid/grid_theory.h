#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "agent/systems/grid/dual_config.h"
#include "common/graph/graph.h"
#include "common/link/link_model.h"
#include "common/results/summary.h"

namespace tacit::grid {

/// What a run did, as far as the theory of the consensus is concerned.
struct DualTrace {
  std::vector<std::vector<double>> lambda;    ///< [N][K + 1] used in hour k; then after the last
  std::vector<std::vector<double>> grid_kwh;  ///< [N][K] g: bought in hour k
};

/// The disagreement of the multipliers and what the theory claims of it. With w the left Perron
/// vector of the mixing matrix P (random walk: deg_i / sum deg; Metropolis: 1/N), rho the second
/// largest modulus of its eigenvalues, dev(x) = x - (w.x) 1 and |x|_w^2 = sum_i w_i x_i^2:
///   e_k = dev(lambda_k)
///   T1  |e_{k+1}|_w <= rho^L (|e_k|_w + alpha |dev(g_k)|_w)         every hour k, clipped or not
///   T2  |e_k|_w     <= rho^L alpha sigma / (1 - rho^L), sigma = max_k |dev(g_k)|_w   every hour
/// T1 holds because clipping is non-expansive and P is self-adjoint in the inner product of w; T2
/// because e_0 = 0 and T1 maps [0, bound of T2] into itself. In the plain norm both are false on
/// irregular graphs.
///
/// Links that fail in both directions at once leave Metropolis matrices symmetric: T1 then holds
/// with rho_k = |prod_l P_{k,l} - 1 w^T|_2 of the realised matrices, which is 1 where an hour's
/// links leave the agents apart; T2 is not claimed. That is checked up to kRealisedAgentsMost
/// agents. Nothing is claimed for the random walk with failing links (w is not conserved), for
/// links that fail one way, or without mixing.
/// Source: Nedic & Ozdaglar, IEEE TAC 54(1), 2009, for the kind of recursion.
struct ConsensusCheck {
  std::vector<double> error;  ///< [K + 1] |e_k|_w
  std::vector<double>
      step_bound;  ///< [K + 1] of T1 for error[k], its first being error[0]; or none
  std::optional<double> error_bound;  ///< of T2, where it is claimed
};

/// Realised matrices are dense and decomposed hour by hour.
inline constexpr std::size_t kRealisedAgentsMost = 50;

/// @param links  of the rounds k L .. k L + L - 1, in which hour k mixes
ConsensusCheck check_consensus(Method method, const DualConfig& dual, const Graph& graph,
                               const LinkModel& links, const LinkTraits& traits,
                               const DualTrace& trace);

/// What is claimed: "consensus_step" (T1) at the hour that comes closest to it, so that it is held
/// exactly if it is held at all hours, and "consensus_error" (T2) at the largest disagreement.
std::vector<Bound> consensus_bounds(const ConsensusCheck& check);

}  // namespace tacit::grid
