#include "agent/systems/grid/district_csv.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

#include "agent/systems/grid/csv_table.h"
#include "agent/systems/grid/hour_columns.h"
#include "common/base/error.h"
#include "common/base/whole_number.h"
#include "common/config/config.h"

namespace tacit::grid {
namespace {

constexpr double kCountMost = 1e9;
constexpr std::string_view kDemand = "demand_kwh_", kSolar = "solar_kwh_";

std::string numbered(std::string_view prefix, std::size_t building) {
  return std::string(prefix) + std::to_string(building + 1);
}

/// The i of "demand_kwh_i" or "solar_kwh_i", or 0. A number above the number of columns is no
/// building.
std::size_t number_of(std::string_view name, std::size_t column_count) {
  for (const std::string_view prefix : {kDemand, kSolar}) {
    if (!name.starts_with(prefix)) continue;
    const std::string_view digits = name.substr(prefix.size());
    const auto number = whole_number(digits);
    if (number && 0 < *number && *number <= static_cast<std::int64_t>(column_count)) {
      return static_cast<std::size_t>(*number);
    }
  }
  return 0;
}

/// All series columns that a file with this header should have.
std::vector<CsvTable::Column> expected_series(const CsvTable& table) {
  std::size_t building_count = 1;
  for (const std::string& name : table.names()) {
    building_count = std::max(building_count, number_of(name, table.names().size()));
  }
  std::vector<CsvTable::Column> columns{price_column("price_per_kwh")};
  for (std::size_t b = 0; b < building_count; ++b) {
    columns.push_back({numbered(kDemand, b), 0, kHourlyKwhMost});
    columns.push_back({numbered(kSolar, b), 0, kHourlyKwhMost});
  }
  return columns;
}

void require_columns(const CsvTable& table, const std::vector<CsvTable::Column>& series) {
  const auto refuse = [&](const std::string& message) {
    throw InputError(ExitCode::bad_data, table.origin() + ": " + message);
  };
  std::set<std::string> known{"t", "hour"};
  for (const CsvTable::Column& column : series) known.insert(column.name);
  for (const std::string& name : table.names()) {
    if (known.contains(name)) continue;
    const std::string nearest = nearest_name(name, known);
    refuse("unknown column " + shown(name) +
           (nearest.empty() ? "; known are t (a count, or times such as 2022-08-01T13:00), hour, "
                              "price_per_kwh, demand_kwh_1.., solar_kwh_1.."
                            : "; did you mean " + nearest + "?"));
  }
  if (!table.has("t")) refuse("column t is missing");
  for (const CsvTable::Column& column : series) {
    if (table.has(column.name)) continue;
    refuse("column " + column.name + " is missing" +
           (column.name.starts_with(kSolar) ? "; give zeros for a building without panels" : ""));
  }
}

void require_counting(const CsvTable& table) {
  const std::vector<double> t =
      std::move(table
                    .read({{"t", 0, kCountMost, true,
                            "t counts the hours, or gives times such as 2022-08-01T13:00"}})
                    .front());
  for (std::size_t k = 1; k < t.size(); ++k) {
    if (t[k] == t[k - 1] + 1) continue;
    const auto shown_count = [](double count) {
      return std::to_string(static_cast<std::int64_t>(count));
    };
    table.fail(k, "t",
               "expected " + shown_count(t[k - 1] + 1) + " after the line before, got " +
                   shown_count(t[k]) + "; hours must follow each other without gaps");
  }
}

/// The hours of day, from the column hour or else from the time stamps in t.
std::vector<double> read_hours_of_day(const CsvTable& table) {
  const bool has_stamps = is_time_stamp(table.fields("t").front());
  std::vector<double> hours;
  if (has_stamps) {
    hours = read_time_stamps(table, "t");
  } else {
    require_counting(table);
  }
  if (table.has("hour")) {
    return hours_of_day(table, "hour", std::move(table.read({hour_column("hour")}).front()));
  }
  if (has_stamps) return hours;
  throw InputError(ExitCode::bad_data,
                   table.origin() +
                       ": column hour is missing; only where t has times such as "
                       "2022-08-01T13:00 it may be left out");
}

}  // namespace

CsvTable::Column price_column(const std::string& name) {
  return {name, 0, kPriceMost, false,
          "correct the value or fill the gap; prices below 0 are not modelled"};
}

District read_district_csv(std::string_view text, const std::string& origin) {
  const CsvTable table(text, origin);
  const std::vector<CsvTable::Column> series = expected_series(table);
  require_columns(table, series);
  std::vector<std::vector<double>> values = table.read(series);
  District district;
  district.origin = origin;
  district.hour = read_hours_of_day(table);
  district.price = std::move(values[0]);
  for (std::size_t c = 1; c < values.size(); c += 2) {
    district.buildings.push_back({std::move(values[c]), std::move(values[c + 1]), {}});
  }
  return district;
}

}  // namespace tacit::grid
