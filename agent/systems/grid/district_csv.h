#pragma once

#include <string>
#include <string_view>

#include "agent/systems/grid/csv_table.h"
#include "agent/systems/grid/district.h"

namespace tacit::grid {

/// The most energy that the data may give a building in one hour.
inline constexpr double kHourlyKwhMost = 1e6;
inline constexpr double kPriceMost = 1e6;

/// Requirements on a column of prices.
CsvTable::Column price_column(const std::string& name);

/// Reads a district from one CSV file with a line per hour and these columns, in any order:
///   t                     counts the hours up by one, or has time stamps (hour_columns.h)
///   hour                  of day, one after the other (hour_columns.h); may be left out where t
///                         has time stamps
///   price_per_kwh         $/kWh
///   demand_kwh_1..n, solar_kwh_1..n    of building 1..n, kWh
/// Lines that begin with # are comments. All numbers are finite and >= 0.
/// @param origin  stands for the file name in messages
/// @throws InputError (bad_data) naming file, line and column
District read_district_csv(std::string_view text, const std::string& origin);

}  // namespace tacit::grid
