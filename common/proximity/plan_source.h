#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "common/config/config.h"
#include "common/proximity/floor_plan.h"

namespace tacit {

/// A floor plan and where it came from.
struct PlanSource {
  std::shared_ptr<const FloorPlan> plan;
  std::string origin;    ///< for messages
  std::uint64_t digest;  ///< of its text
};

/// Reads the key `floor_plan` of a table: a JSON file; without it, the default plan.
/// @throws InputError: unreadable_input, bad_data
PlanSource read_plan(const ConfigView& table);

}  // namespace tacit
