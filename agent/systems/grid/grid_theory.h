#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "agent/systems/grid/dual_config.h"
#include "common/graph/graph.h"
#include "common/link/link_model.h"
#include "common/results/summary.h"

namespace tacit::grid {

/// The part of a run that concerns the theory of the consensus.
struct DualTrace {
  std::vector<std::vector<double>> lambda;    ///< [N][K + 1] used in hour k; then after the last
  std::vector<std::vector<double>> grid_kwh;  ///< [N][K] g: bought in hour k
};

/// The disagreement of the multipliers and the theory's claims about it. With w the left Perron
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
/// with rho_k = |prod_l P_{k,l} - 1 w^T|_2 of the realised matrices, which is 1 in an hour whose
/// links leave the agents disconnected; T2 is not claimed. It is checked for up to
/// kRealisedAgentsMost agents. The theory claims nothing for the random walk with failing links (w
/// is not conserved), for links that fail one way, or without mixing.
/// Source: Nedic & Ozdaglar, IEEE TAC 54(1), 2009, for the kind of recursion.
struct ConsensusCheck {
  std::vector<double> error;  ///< [K + 1] |e_k|_w
  /// [K + 1] the bound of T1 on error[k]; the first is error[0]. Empty where T1 is not claimed.
  std::vector<double> step_bound;
  std::optional<double> error_bound;  ///< of T2, where it is claimed
};

/// A bound on the work: realised matrices are dense and decomposed hour by hour.
inline constexpr std::size_t kRealisedAgentsMost = 50;

/// @param links  of the rounds k L .. k L + L - 1, in which hour k mixes
ConsensusCheck check_consensus(Method method, const DualConfig& dual, const Graph& graph,
                               const LinkModel& links, const LinkTraits& traits,
                               const DualTrace& trace);

/// The claimed bounds: "consensus_step" (T1) at the hour where the error is closest to its bound,
/// so that T1 holds there exactly if it holds at all hours, and "consensus_error" (T2) at the
/// largest disagreement.
std::vector<Bound> consensus_bounds(const ConsensusCheck& check);

}  // namespace tacit::grid
