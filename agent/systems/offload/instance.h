#pragma once

#include <string>
#include <string_view>

namespace tacit::offload {

/// Solves one coordination problem, given and answered as JSON (`tacit solve`):
///   {"agents": [{"M","B","minH","maxH","minC","maxC","gamma","deficit_rule","beta"}, ...],
///    "alpha": 1, "theta": [...] or null, "congestion": "plain" (default) or "variance_aware"}
/// With theta (budgets, [N], 0..1) the answer gives their cost: per agent theta, J, U, K, lambda, w
/// and gradient, and their total. Without theta it holds the best budgets found. Both answers
/// include true_stationary_cost (congestion by the number of devices that offload in a slot),
/// never_total (no agent offloads), mean_frequency, and the lemma1 error and bound (theta_i :=
/// K_i).
/// All costs are normalised, [cost/slot].
/// @throws InputError (bad_data) naming the place in the instance, what is wrong and the remedy
std::string solve(std::string_view instance);

}  // namespace tacit::offload
