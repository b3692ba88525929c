#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "agent/systems/grid/district.h"
#include "agent/systems/grid/schema_node.h"

namespace tacit::grid {

/// One building of a CityLearn schema, over all hours of its file.
struct CityLearnBuilding {
  std::string path;          ///< of its file, for messages
  std::vector<double> hour;  ///< [T] of day, 1..24
  BuildingSeries series;
  /// [kThermalCount] by thermal demand: [T] kWh of it; empty where the file has none.
  std::array<std::vector<double>, kThermalCount> thermal_kwh;
};

/// @param building     `buildings.<name>` of the schema
/// @param schema_path  for messages
/// @param cop          thermal demand divided by its coefficient is added to that of electricity
/// @throws InputError (bad_data)
CityLearnBuilding read_citylearn_building(const SchemaNode& building,
                                          const std::string& schema_path, const ReadFile& read_file,
                                          const ThermalCop& cop);

}  // namespace tacit::grid
