#pragma once

#include <span>

#include "common/results/quantity.h"

namespace tacit::patrol {

/// The quantities that agents and the summary of this system record, in reading order.
std::span<const Quantity> quantities();

}  // namespace tacit::patrol
