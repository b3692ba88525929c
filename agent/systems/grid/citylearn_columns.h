#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/systems/grid/csv_table.h"

namespace tacit::grid {

/// A column under its names in the releases of CityLearn: "solar_generation" also stands for "Solar
/// Generation [W/kW]", that is, letters of any case, blanks for underscores, and a unit at the end.
struct CityLearnColumn {
  std::vector<std::string> names;  ///< small letters and underscores
  std::vector<std::string> units;  ///< that a header may name, or none

  /// Its name in the table's header, if it is there.
  /// @throws InputError (bad_data) if the header names another unit
  std::optional<std::string> in(const CsvTable& table) const;
  /// @throws InputError (bad_data) if it is not there
  std::string required_in(const CsvTable& table) const;
};

}  // namespace tacit::grid
