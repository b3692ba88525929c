#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/systems/grid/district.h"

namespace tacit::grid {

/// Gives the content of a file beside the one that is being read.
using ReadFile = std::function<std::string(const std::string& name)>;

/// Reads a folder in the form of the CityLearn data sets: schema.json and the files that it names.
/// Of every building with include == true, in the schema's order:
///   energy_simulation     CSV file: hour, non_shiftable_load [kWh], solar_generation [W per kW]
///   pricing               CSV file: electricity_pricing [$/kWh]; null in the older sets
///   pv.attributes.nominal_power [kW]                without: no sun
///   electrical_storage.attributes.{capacity [kWh], efficiency, nominal_power [kW]}
///                         without: no battery; efficiency is that of a round trip, so its square
///                         root that of each direction
/// Heating, cooling and hot water are not read. The column names of older sets are known as well:
/// Hour, Equipment Electric Power [kWh], Solar Generation [W/kW] or [Wh/kWh], Electricity Pricing
/// [$]. The time step must be an hour, and all buildings must have the same hours and price.
/// @param origin  the path of the schema, for messages
/// @return a district whose price is empty if the schema names no price
/// @throws InputError (bad_data) naming file, line and column, or the key of the schema
/// Source: Vazquez-Canteli et al., CityLearn v1.0, BuildSys 2019; challenge data sets of 2020-2023.
District read_citylearn(std::string_view schema, const std::string& origin,
                        const ReadFile& read_file);

/// The price column of a CSV file: electricity_pricing, Electricity Pricing [$] or price_per_kwh.
/// @param hour_count  of the buildings
/// @throws InputError (bad_data) naming file, line and column, or both numbers of hours
std::vector<double> read_price_csv(std::string_view text, const std::string& origin,
                                   std::size_t hour_count);

}  // namespace tacit::grid
