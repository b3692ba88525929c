#pragma once

#include <span>
#include <string>

#include "common/results/quantity.h"

namespace tacit {

/// What every run and every sweep leaves behind, whatever its system.
std::span<const Quantity> run_quantities();

/// The header of messages.csv or faults.csv: the names of run_quantities() that are left there.
/// @param named  with the columns that are there only where agents have names
std::string csv_header(Where where, bool named = false);

}  // namespace tacit
