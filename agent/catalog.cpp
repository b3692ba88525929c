#include "agent/catalog.h"

#include <array>

#include "agent/systems/grid/grid_quantities.h"
#include "agent/systems/grid/grid_system.h"
#include "agent/systems/locomotion/locomotion_quantities.h"
#include "agent/systems/locomotion/locomotion_system.h"
#include "agent/systems/offload/offload_quantities.h"
#include "agent/systems/offload/offload_system.h"
#include "agent/systems/patrol/patrol_quantities.h"
#include "agent/systems/patrol/patrol_system.h"

namespace tacit {

Catalog systems() {
  static constexpr auto entries = std::to_array<SystemEntry>({
      {"offload", "edge devices that learn when to offload, agreeing on congestion budgets",
       offload::make_offload_system, offload::quantities},
      {"grid", "buildings that keep to a common cap of the grid by agreeing on its price",
       grid::make_grid_system, grid::quantities},
      {"patrol", "robots that keep zones visited, gossiping one bit over links that come and go",
       patrol::make_patrol_system, patrol::quantities},
      {"locomotion", "joints of one body that learn to move it, knowing what is kappa hops away",
       locomotion::make_locomotion_system, locomotion::quantities},
  });
  return entries;
}

}  // namespace tacit
