#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/systems/grid/grid_config.h"

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

/// @param config  whose district may be without price: the least cap is a matter of energy alone
/// @throws InputError (bad_data) if the agents have no demand at all
DistrictCheck check_district(const GridConfig& config);

/// A run on a district that says nothing else of it, as long as the data is.
/// @param multiplier  [N] m of each agent; agent i lives in building i mod the number of them
GridConfig plain_config(const std::shared_ptr<const District>& district,
                        const std::vector<double>& multiplier);

/// What a run makes of somebody's data: what it leaves out, repeats, scales or assumes, a sentence
/// each; none for the synthetic district, which is made for what the defaults make of it.
std::vector<std::string> data_notes(const GridConfig& config);

}  // namespace tacit::grid
