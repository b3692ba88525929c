#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "agent/learning/tabular/tabular_model.h"
#include "agent/systems/offload/environment.h"

namespace tacit::offload {

static_assert(kActionCount == kTabularActionCount);
static_assert(static_cast<std::uint8_t>(Action::offload) == kPricedAction);

/// The device as the learners simulate it: a shock is a pair (H, C), the initial states are beta,
/// the priced action is OFFLOAD.
/// @throws std::invalid_argument if H and C take more than 65,536 pairs of values
std::shared_ptr<const TabularModel> make_tabular_model(const Environment& environment);

/// Converts a learner's policy, given by action numbers, to the actions of the model.
Policy to_policy(const std::vector<std::uint8_t>& actions);

}  // namespace tacit::offload
