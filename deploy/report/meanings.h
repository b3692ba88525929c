#pragma once

#include <span>
#include <string>

#include "common/results/quantity.h"

namespace tacit {

/// A name with its unit: "cost [$]"; the name alone for a pure number or an unknown one.
std::string with_unit(std::span<const Quantity> quantities, Where where, const std::string& name);

/// "" for a quantity that is not described, as those of an older release may be.
std::string meaning_of(std::span<const Quantity> quantities, Where where, const std::string& name);

/// What the columns and entries of a run's files mean, as tables of an HTML page, folded away.
std::string meanings_part(std::span<const Quantity> quantities);

}  // namespace tacit
