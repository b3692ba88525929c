#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "common/config/config.h"
#include "common/experiment/system.h"
#include "common/results/quantity.h"

namespace tacit {

/// A system that an experiment may name.
struct SystemEntry {
  std::string_view name;     ///< value of `system`, and the table that holds its parameters
  std::string_view summary;  ///< one line for --help
  std::unique_ptr<System> (*make)(const ConfigView& table, const SystemContext& context);
  std::span<const Quantity> (*quantities)();  ///< results that its runs leave
};

/// The systems of a program, the default first. @pre not empty
using Catalog = std::span<const SystemEntry>;

/// @pre the catalog has a system of this name
const SystemEntry& find_system(Catalog catalog, std::string_view name);

/// Results that runs of a system leave: its own quantities, then those of every run.
/// @pre the catalog has a system of this name
std::vector<Quantity> quantities_of(Catalog catalog, std::string_view system);

}  // namespace tacit
