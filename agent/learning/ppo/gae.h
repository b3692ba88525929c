#pragma once

#include <span>

#include "agent/learning/environment.h"

namespace tacit {

/// One stretch of T steps of one environment, all spans [T].
struct RewardTrace {
  std::span<const double> reward;
  std::span<const double> value;       ///< critic at s_t, [reward]
  std::span<const double> next_value;  ///< critic at s_{t+1} *before* any reset; unread where
                                       ///< terminated
  std::span<const Ending> ending;      ///< how step t ended the episode
};

/// Generalised advantage estimates, computed backwards:
///   delta_t = r_t + gamma v'_t [ending_t != terminated] - v_t
///   A_t     = delta_t + gamma lambda [ending_t == none] A_{t+1},   A_T = 0
/// Truncation (time limit) stops the sum but still bootstraps; termination does neither.
///
/// @param advantage  [T] overwritten, [reward]; must not alias an input
/// @pre   0 <= gamma <= 1 and 0 <= lambda <= 1
/// @throws std::invalid_argument if the five lengths differ
/// Source: Schulman et al., arXiv:1506.02438 eq. (16); time limits: Pardo et al., arXiv:1712.00378.
void estimate_advantages(const RewardTrace& trace, double gamma, double lambda,
                         std::span<double> advantage);

}  // namespace tacit
