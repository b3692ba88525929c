#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace tacit::grid {

/// A battery; capacity 0: the building has none.
struct Storage {
  double capacity_kwh = 6.4;
  double charge_efficiency = 0.9486832980505138;  ///< (0, 1]; sqrt(0.9), as is the next
  double discharge_efficiency = 0.9486832980505138;
  double discharge_most_kwh = 5.0;  ///< per hour
};

/// One building's hourly series, as measured: before any demand multiplier or scaling of its solar
/// panels.
struct BuildingSeries {
  std::vector<double> demand_kwh;  ///< [T] >= 0
  std::vector<double> solar_kwh;   ///< [T] >= 0
  /// The building's battery, where the data states it.
  std::vector<Storage> storage;  ///< none or one
};

/// The hours of a district: what all agents of a run load. Hours beyond T wrap around.
struct District {
  std::string origin;         ///< for messages: a file, a folder, "synthetic district, seed 1"
  std::vector<double> hour;   ///< [T] hour of day, 1..24
  std::vector<double> price;  ///< [T] $/kWh, >= 0; empty where the data has none
  std::vector<BuildingSeries> buildings;  ///< >= 1
  /// The user's own data, which a run takes unchanged unless the experiment says otherwise.
  bool from_files = false;
  /// Whether the data says which buildings have a battery; all others then have none.
  bool names_batteries = false;
  /// The parts of the data that were left out, and choices that were made: a sentence each.
  std::vector<std::string> notes = {};
  std::size_t hour_count() const { return hour.size(); }
  /// Agent i lives in building i mod the number of buildings.
  std::size_t building_of(std::size_t agent) const { return agent % buildings.size(); }
};

/// [T] kWh per hour of all agents together. @param multiplier  [N] m of each agent
std::vector<double> total_demand(const District& district, std::span<const double> multiplier);

}  // namespace tacit::grid
