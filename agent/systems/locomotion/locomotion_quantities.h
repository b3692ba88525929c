#pragma once

#include <span>

#include "common/results/quantity.h"

namespace tacit::locomotion {

/// The quantities that agents, the coordinator and the summary of this system record, in reading
/// order.
std::span<const Quantity> quantities();

}  // namespace tacit::locomotion
