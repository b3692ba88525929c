#pragma once

#include <span>
#include <string>
#include <vector>

#include "common/results/figure.h"
#include "common/results/quantity.h"
#include "deploy/cli/sweep/plan.h"
#include "deploy/cli/sweep/table.h"

namespace tacit {

/// A figure per metric: over one swept key a line with its confidence band; over a key of names and
/// one of numbers such a line for each name; over two other keys a heat map of the means (the first
/// key to the right); none over fewer or more keys.
/// @param metrics     of the table, or "met"
/// @param quantities  describe these metrics
std::vector<Plot> sweep_plots(const SweepPlan& plan, const SweepTable& table,
                              const std::vector<std::string>& metrics,
                              std::span<const Quantity> quantities);

}  // namespace tacit
