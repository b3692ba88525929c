#pragma once

#include <span>

#include "common/results/quantity.h"

namespace tacit::grid {

/// What agents, the coordinator and the summary of this system leave behind, in the order in which
/// people read it.
std::span<const Quantity> quantities();

}  // namespace tacit::grid
