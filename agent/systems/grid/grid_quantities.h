#pragma once

#include <span>

#include "common/results/quantity.h"

namespace tacit::grid {

/// The quantities that agents and the summary of this system record, in reading order.
std::span<const Quantity> quantities();

}  // namespace tacit::grid
