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

/// Facts about a district's data, and their consequences for the agents that live in it.
struct DistrictCheck {
  struct BuildingFacts {
    SeriesFacts demand_kwh, solar_kwh;  ///< per hour, as measured
  };
  std::optional<SeriesFacts> price;  ///< nothing where the data has none
  std::vector<BuildingFacts> buildings;
  double peak_kwh;            ///< largest demand of all agents together in an hour
  double mean_demand_kwh;     ///< mean of the same
  double least_cap_fraction;  ///< of the peak: the least cap with perfect foresight
};

/// @param config  its district may have no price: the least cap depends on energy alone
/// @throws InputError (bad_data) if the agents have no demand at all
DistrictCheck check_district(const GridConfig& config);

/// A run with defaults on a district, as long as its data.
/// @param multiplier  [N] m of each agent; agent i lives in building i mod the number of them
GridConfig plain_config(const std::shared_ptr<const District>& district,
                        const std::vector<double>& multiplier);

/// How a run treats the user's data: a sentence for each thing it leaves out, repeats, scales or
/// assumes; none for the synthetic district, for which the defaults were chosen.
std::vector<std::string> data_notes(const GridConfig& config);

}  // namespace tacit::grid
