#pragma once

#include <span>
#include <string>

#include "common/results/quantity.h"

namespace tacit {

/// The quantities that every run and every sweep leaves, of any system.
std::span<const Quantity> run_quantities();

/// The header of messages.csv or faults.csv: the names of run_quantities() in that file.
/// @param named  with the columns that exist only if agents have names
std::string csv_header(Where where, bool named = false);

}  // namespace tacit
