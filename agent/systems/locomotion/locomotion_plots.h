#pragma once

#include <span>
#include <vector>

#include "agent/systems/locomotion/locomotion_config.h"
#include "common/results/figure.h"
#include "common/results/summary.h"

namespace tacit::locomotion {

/// Return, cost with its limit, multipliers and bytes against the steps of the body, and the path
/// of the head in the newest episodes, seen from above.
/// @param processes  [N + 1], the plant last
std::vector<Plot> plot_locomotion(const LocomotionConfig& config,
                                  std::span<const ProcessRecord> processes);

}  // namespace tacit::locomotion
