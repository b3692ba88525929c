#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace tacit::grid {

/// A battery. Of a building without one: capacity 0.
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
  /// Where the data says what battery the building has.
  std::vector<Storage> storage;  ///< none or one
};

/// The hours of a district: what all agents of a run load. Hours beyond T wrap around.
struct District {
  std::string origin;         ///< for messages: a file, a folder, "synthetic district, seed 1"
  std::vector<double> hour;   ///< [T] hour of day, 1..24
  std::vector<double> price;  ///< [T] $/kWh, >= 0; empty where the data has none
  std::vector<BuildingSeries> buildings;  ///< >= 1
  /// Somebody's own data, which a run takes as it is unless it is told otherwise.
  bool from_files = false;
  /// Whether the data says which buildings have a battery: those without have none.
  bool names_batteries = false;
  /// What of the data was left out, or chosen: a sentence each.
  std::vector<std::string> notes = {};
  std::size_t hour_count() const { return hour.size(); }
  /// Agent i lives in building i mod the number of buildings.
  std::size_t building_of(std::size_t agent) const { return agent % buildings.size(); }
};

/// [T] kWh per hour of all agents together. @param multiplier  [N] m of each agent
std::vector<double> total_demand(const District& district, std::span<const double> multiplier);

}  // namespace tacit::grid
