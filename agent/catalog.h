#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/systems/system.h"
#include "common/base/quantity.h"
#include "common/config/config.h"

namespace tacit {

/// A system an experiment may name.
struct SystemEntry {
  std::string_view name;     ///< value of `system`, and the table it reads its parameters from
  std::string_view summary;  ///< one line for --help
  std::unique_ptr<System> (*make)(const ConfigView& table, const SystemContext& context);
  std::span<const Quantity> (*quantities)();  ///< what its runs leave behind
};

/// Every system there is. (Graph kinds and link models: agent/network.h.)
const std::vector<SystemEntry>& systems();

/// What runs of a system leave behind: its own quantities, then those of every run.
/// @pre `system` is the name of one
std::vector<Quantity> quantities_of(std::string_view system);

}  // namespace tacit
