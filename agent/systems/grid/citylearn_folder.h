#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/systems/grid/district.h"

namespace tacit::grid {

/// Reads a file from the folder of the current one.
using ReadFile = std::function<std::string(const std::string& name)>;

/// Demand of heat and cold, which the building's devices meet with electricity: cooling, heating,
/// hot water.
inline constexpr std::size_t kThermalCount = 3;
inline constexpr std::array<const char*, kThermalCount> kThermalNames{"cooling", "heating",
                                                                      "hot water"};
/// The keys of [grid] that hold their coefficients of performance.
inline constexpr std::array<const char*, kThermalCount> kThermalKeys{"cooling_cop", "heating_cop",
                                                                     "hot_water_cop"};

/// kWh of heat or cold per kWh of electricity, by thermal demand; 0: that demand is left out.
using ThermalCop = std::array<double, kThermalCount>;

/// Reads a folder in the form of the CityLearn data sets: schema.json and the files that it names.
/// Of every building with include == true, in the schema's order:
///   energy_simulation     CSV file: hour (hour_columns.h), non_shiftable_load [kWh],
///                         solar_generation [W per kW], only where there are panels;
///                         cooling_demand, heating_demand, dhw_demand [kWh] as `cop` says
///   pricing               CSV file: electricity_pricing [$/kWh]; null in the older sets
///   pv.attributes.nominal_power [kW]                without: no sun
///   electrical_storage.attributes.{capacity [kWh], efficiency, nominal_power [kW],
///                         depth_of_discharge}: the capacity here is the energy that may be
///                         discharged; efficiency is that of a round trip, so each direction has
///                         its square root
/// simulation_start_time_step and simulation_end_time_step choose the rows, from 0, both included.
/// Names of older sets are known as well: simulation_start_timestep, hour_per_timestep,
/// pv.attributes.capacity, and the columns Hour, Equipment Electric Power [kWh], Solar Generation
/// [W/kW] or [Wh/kWh], Cooling Load [kWh], Heating Load [kWh], DHW Heating [kWh], Electricity
/// Pricing [$] or [$/kWh]. The time step must be an hour, and all buildings must have the same
/// hours and price.
/// @param origin  the path of the schema, for messages
/// @return a district whose price is empty if the schema names no price, and whose notes say what
/// was left out
/// @throws InputError (bad_data) naming file, line and column, or the key of the schema
/// Source: Vazquez-Canteli et al., CityLearn v1.0, BuildSys 2019; data sets of 2020-2023.
District read_citylearn(std::string_view schema, const std::string& origin,
                        const ReadFile& read_file, const ThermalCop& cop = {});

/// The price column of a CSV file: electricity_pricing or price_per_kwh, or its name in older sets.
/// @param hour_count  of the buildings
/// @throws InputError (bad_data) naming file, line and column, or both numbers of hours
std::vector<double> read_price_csv(std::string_view text, const std::string& origin,
                                   std::size_t hour_count);

}  // namespace tacit::grid
