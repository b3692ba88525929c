#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "agent/systems/grid/district.h"

namespace tacit::grid {

struct SeriesFacts {
  double least, mean, most;
};

/// What a district's data comes to, and what it means for agents that live in it.
struct DistrictCheck {
  struct BuildingFacts {
    SeriesFacts demand_kwh, solar_kwh;  ///< per hour, as measured
  };
  std::optional<SeriesFacts> price;  ///< nothing where the data has none
  std::vector<BuildingFacts> buildings;
  double peak_kwh;            ///< largest demand of all agents together in an hour
  double mean_demand_kwh;     ///< mean of the same
  double least_cap_fraction;  ///< of the peak: what perfect foresight needs of the grid
};

/// @param district    maybe without price: the least cap is a matter of energy alone
/// @param multiplier  [N] m of each agent; agent i lives in building i mod the number of them
/// @throws InputError (bad_data) if the agents have no demand at all
DistrictCheck check_district(const std::shared_ptr<const District>& district,
                             const std::vector<double>& multiplier);

}  // namespace tacit::grid
