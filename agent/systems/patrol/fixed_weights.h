#pragma once

#include <optional>
#include <span>
#include <vector>

#include "agent/systems/patrol/training_config.h"

namespace tacit::patrol {

/// The one vector of weights, [M], divided by its largest component, on which a policy for fixed
/// weights is trained and acts; nothing if the policy is for any weights.
/// @param required  c, [M], > 0 for TrainingWeights::inverse
std::optional<std::vector<double>> fixed_weights(TrainingWeights weights,
                                                 std::span<const double> required);

}  // namespace tacit::patrol
