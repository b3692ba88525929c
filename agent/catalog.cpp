#include "agent/catalog.h"

#include <algorithm>

#include "agent/systems/grid/grid_quantities.h"
#include "agent/systems/grid/grid_system.h"
#include "agent/systems/locomotion/locomotion_quantities.h"
#include "agent/systems/locomotion/locomotion_system.h"
#include "agent/systems/offload/offload_quantities.h"
#include "agent/systems/offload/offload_system.h"
#include "agent/systems/patrol/patrol_quantities.h"
#include "agent/systems/patrol/patrol_system.h"
#include "common/base/check.h"
#include "common/run_folder/run_quantities.h"

namespace tacit {

const std::vector<SystemEntry>& systems() {
  static const std::vector<SystemEntry> entries{
      {"offload", "edge devices that learn when to offload, agreeing on congestion budgets",
       offload::make_offload_system, offload::quantities},
      {"grid", "buildings that keep to a common cap of the grid by agreeing on its price",
       grid::make_grid_system, grid::quantities},
      {"patrol", "robots that keep zones visited, gossiping one bit over links that come and go",
       patrol::make_patrol_system, patrol::quantities},
      {"locomotion", "joints of one body that learn to move it, knowing what is kappa hops away",
       locomotion::make_locomotion_system, locomotion::quantities},
  };
  return entries;
}

std::vector<Quantity> quantities_of(std::string_view system) {
  const auto entry = std::ranges::find(systems(), system, &SystemEntry::name);
  TACIT_CHECK(entry != systems().end(), "an experiment's system is in the catalog");
  const std::span<const Quantity> own = entry->quantities();
  std::vector<Quantity> all(own.begin(), own.end());
  all.insert(all.end(), run_quantities().begin(), run_quantities().end());
  return all;
}

}  // namespace tacit
