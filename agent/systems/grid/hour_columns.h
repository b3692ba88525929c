#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/systems/grid/csv_table.h"

namespace tacit::grid {

/// Requirements on a column of hours of day.
CsvTable::Column hour_column(const std::string& name);

/// Hours of day as the model counts them, 1..24: hour 1 is from 0:00 to 1:00. A column that counts
/// 0..23, with a 0 and no 24, is shifted by one; in a column that also has a 24, 0 is midnight too.
/// @param column  of the table, for messages
/// @param hours   [T] as read from it
/// @return [T], consecutive
/// @throws InputError (bad_data) naming file, line and column
std::vector<double> hours_of_day(const CsvTable& table, const std::string& column,
                                 std::vector<double> hours);

/// Whether a field is a time stamp of ISO 8601, as 2022-08-01T13:00: date and time of day, a T or a
/// blank between them, with or without seconds and an offset (Z, +02:00).
bool is_time_stamp(std::string_view field);

/// The hours of day of time stamps, 1..24.
/// @param column  of the table; its fields are time stamps, each one hour after the one before
/// @throws InputError (bad_data) naming file, line and column
std::vector<double> read_time_stamps(const CsvTable& table, const std::string& column);

}  // namespace tacit::grid
