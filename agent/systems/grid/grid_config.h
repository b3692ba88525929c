#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "agent/systems/grid/building_policy.h"
#include "agent/systems/grid/dual_config.h"
#include "agent/systems/grid/training_config.h"
#include "common/config/config.h"
#include "common/experiment/system.h"

namespace tacit::grid {

/// The agents that have twice the demand of their building: agent i if i mod period is one of the
/// places.
struct Doubles {
  std::vector<std::size_t> places{0, 1};
  std::size_t period = 7;
};

/// The defaults of a district's keys: data from files is taken unchanged, and if such data names
/// batteries, a building for which it names none has none.
Doubles usual_doubles(const District& district);
BuildingParameters usual_parameters(const District& district);

/// [N] m of each agent, 1 or 2.
std::vector<double> demand_multipliers(std::size_t agent_count, const Doubles& doubles);

struct GridConfig {
  Method method = Method::consensus;
  BuildingPolicy::Config policy;
  std::size_t hours = 3000;    ///< K
  double cap_fraction = 0.27;  ///< c / peak
  DualConfig dual;
  BuildingParameters building;     ///< of all; demand_multiplier is per agent
  std::vector<double> multiplier;  ///< [N] m of each agent, 1 or 2
  std::shared_ptr<const District> district;
  double peak_kwh = 0;  ///< the largest demand of all agents together over the hours of the data
  double mean_demand_kwh = 0;  ///< the mean of the same
  TrainingConfig training;
  bool benchmark = true;  ///< whether the summary solves the perfect-foresight linear programs

  std::size_t agent_count() const { return multiplier.size(); }
  BuildingParameters parameters_of(std::size_t agent) const {
    BuildingParameters parameters = building;
    parameters.demand_multiplier = multiplier[agent];
    return parameters;
  }
  /// c / N: an agent's energy from the grid per hour, on average, that keeps to the cap [kWh].
  double share_kwh() const { return cap_fraction * peak_kwh / static_cast<double>(agent_count()); }
};

/// @param table  [grid]
/// @throws InputError: config; bad_data, unreadable_input for the data file
GridConfig read_grid_config(const ConfigView& table, const SystemContext& context);

}  // namespace tacit::grid
