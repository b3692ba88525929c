#pragma once

#include <memory>
#include <string>

#include "agent/systems/grid/citylearn_folder.h"
#include "agent/systems/grid/district.h"
#include "common/config/config.h"

namespace tacit::grid {

/// A price by the hour of day, for data without a price.
struct TimeOfUse {
  double low = 0.22;   ///< $/kWh
  double high = 0.54;  ///< in hours first..last
  double first = 16;   ///< hour of day, 1..24
  double last = 20;
  double price(double hour) const { return first <= hour && hour <= last ? high : low; }
};

/// Reads a district from files: a CityLearn folder if the name ends in .json (or none is given,
/// which stands for schema.json), else one CSV file.
/// @param folder     for messages
/// @param read_file  gives a file of the folder
/// @param cop        of a CityLearn folder
/// @return a district, maybe without price (citylearn_folder.h)
/// @throws InputError: bad_data; and what read_file throws
District read_district_files(const std::string& folder, const std::string& file_name,
                             const ReadFile& read_file, const ThermalCop& cop = {});

/// The largest accepted file of a district, in bytes.
inline constexpr std::size_t kFileSizeMost = std::size_t{64} << 20;

/// The remedy in errors about data without a price.
inline constexpr const char* kPriceRemedy =
    "set grid.price = \"time_of_use\", with grid.price_rule = [0.22, 0.54, 16, 20] for 0.54 $/kWh "
    "in hours 16 to 20 and 0.22 $/kWh else, or grid.price = \"file\" and grid.price_file";

/// Reads the keys of [grid] that say what the district is:
///   data           a CSV file or a CityLearn folder; without it, the synthetic district of
///   district_seed  (default 1)
///   with data only:
///   price          "data", "time_of_use" or "file": where the price comes from
///   cooling_cop, heating_cop, hot_water_cop    of a CityLearn folder (ThermalCop)
///   price_rule     [low, high, first, last] of TimeOfUse; price_file: a CSV file (read_price_csv)
/// @throws InputError: config, unreadable_input, bad_data
std::shared_ptr<const District> read_district(const ConfigView& table);

}  // namespace tacit::grid
