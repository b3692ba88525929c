#pragma once

#include <span>
#include <string>

#include "common/results/quantity.h"

namespace tacit {

/// A name with its unit: "cost [$]"; the name alone for a pure number or an unknown one.
std::string with_unit(std::span<const Quantity> quantities, Where where, const std::string& name);

/// The meaning of a quantity; "" if it is not described, as in runs of an older release.
std::string meaning_of(std::span<const Quantity> quantities, Where where, const std::string& name);

/// The meanings of columns and entries in a run's files, as collapsed tables of an HTML page.
std::string meanings_part(std::span<const Quantity> quantities);

}  // namespace tacit
