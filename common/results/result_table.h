#pragma once

#include <string>

#include "common/results/records.h"

namespace tacit {

/// A number with six significant digits, "-" for NaN.
std::string short_number(double value);

/// 1234567 -> "1,234,567".
std::string grouped(std::uint64_t value);

/// The values of a metric: all of a short list, else count, least, mean and most.
std::string short_values(const std::vector<double>& values);

/// One sentence: whether all constraints and bounds hold, else which do not.
std::string verdict(const Summary& summary);

/// The outcome as plain text for a terminal: constraints, bounds, metrics, messages, verdict.
std::string result_table(const RunSummary& run);

}  // namespace tacit
