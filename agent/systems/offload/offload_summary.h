#pragma once

#include <span>
#include <vector>

#include "agent/systems/offload/evaluation.h"
#include "agent/systems/offload/offload_config.h"
#include "common/experiment/system.h"
#include "common/results/figure.h"
#include "common/results/summary.h"

namespace tacit::offload {

/// Exact reference values of a team, for every summary and plot. All costs are sums over the team,
/// [cost/slot]; the surrogate is the plain one whichever model the agents used.
struct References {
  double never_cost;         ///< no agent ever offloads
  double optimal_cost;       ///< least surrogate cost found
  double optimal_true_cost;  ///< stationary cost at those budgets
  double optimal_frequency;  ///< mean of those budgets
  double selfish_cost;       ///< surrogate cost where no agent gains by changing alone
  double selfish_frequency;  ///< mean
};
References make_references(const OffloadConfig& config);

/// offload_quantities.cpp lists its quantities.
/// @param agents  [N]
Summary summarise_offload(const OffloadConfig& config, std::span<const ProcessRecord> agents);

std::vector<Plot> plot_offload(const OffloadConfig& config, std::span<const ProcessRecord> agents);

/// The rows of all agents, step by step.
/// @return [steps][N] values of a column, as many steps as every agent has
std::vector<std::vector<double>> step_values(std::span<const ProcessRecord> agents,
                                             std::string_view column);

/// For every slow step, the largest relative error of S and of W over the agents.
struct SumErrors {
  std::vector<double> S;
  std::vector<double> W;
};
SumErrors sum_errors(std::span<const ProcessRecord> agents);

}  // namespace tacit::offload
