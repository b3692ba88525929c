#include "agent/systems/grid/district_csv.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <vector>

#include "agent/systems/grid/csv_table.h"
#include "common/base/error.h"
#include "common/config/config.h"

namespace tacit::grid {
namespace {

constexpr double kCountMost = 1e9;

const std::vector<CsvTable::Column> kCommonColumns{
    {"t", 0, kCountMost, true}, {"hour", 1, 24, true}, {"price_per_kwh", 0, kPriceMost}};
constexpr std::string_view kDemand = "demand_kwh_", kSolar = "solar_kwh_";

std::string numbered(std::string_view prefix, std::size_t building) {
  return std::string(prefix) + std::to_string(building + 1);
}

/// The i of "demand_kwh_i" or "solar_kwh_i", or 0. Greater numbers than there are columns stand for
/// no building.
std::size_t number_of(std::string_view name, std::size_t column_count) {
  for (const std::string_view prefix : {kDemand, kSolar}) {
    if (!name.starts_with(prefix)) continue;
    const std::string_view digits = name.substr(prefix.size());
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool is_plain =
        error == std::errc() && end == digits.data() + digits.size() && !digits.starts_with('0');
    if (is_plain && number <= column_count) return number;
  }
  return 0;
}

/// All columns that a file with this header should have.
std::vector<CsvTable::Column> expected_columns(const CsvTable& table) {
  std::size_t building_count = 1;
  for (const std::string& name : table.names()) {
    building_count = std::max(building_count, number_of(name, table.names().size()));
  }
  std::vector<CsvTable::Column> columns = kCommonColumns;
  for (std::size_t b = 0; b < building_count; ++b) {
    columns.push_back({numbered(kDemand, b), 0, kHourlyKwhMost});
    columns.push_back({numbered(kSolar, b), 0, kHourlyKwhMost});
  }
  return columns;
}

void require_columns(const CsvTable& table, const std::vector<CsvTable::Column>& columns) {
  const auto refuse = [&](const std::string& message) {
    throw InputError(ExitCode::bad_data, table.origin() + ": " + message);
  };
  std::set<std::string> known;
  for (const CsvTable::Column& column : columns) known.insert(column.name);
  for (const std::string& name : table.names()) {
    if (known.contains(name)) continue;
    const std::string nearest = nearest_name(name, known);
    refuse("unknown column " + shown(name) +
           (nearest.empty() ? "; known are t, hour, price_per_kwh, demand_kwh_1.., solar_kwh_1.."
                            : "; did you mean " + nearest + "?"));
  }
  for (const CsvTable::Column& column : columns) {
    if (table.has(column.name)) continue;
    refuse("column " + column.name + " is missing" +
           (column.name.starts_with(kSolar) ? "; give zeros for a building without panels" : ""));
  }
}

void require_hours_in_order(const CsvTable& table, const std::vector<double>& t,
                            const std::vector<double>& hour) {
  for (std::size_t k = 1; k < t.size(); ++k) {
    const auto refuse = [&](const std::string& column, double expected, double found) {
      table.fail(k, column,
                 "expected " + std::to_string(static_cast<long>(expected)) + " after the line " +
                     "before, got " + std::to_string(static_cast<long>(found)) +
                     "; hours must follow each other without gaps");
    };
    if (t[k] != t[k - 1] + 1) refuse("t", t[k - 1] + 1, t[k]);
    const double next = hour[k - 1] < 24 ? hour[k - 1] + 1 : 1;
    if (hour[k] != next) refuse("hour", next, hour[k]);
  }
}

}  // namespace

District read_district_csv(std::string_view text, const std::string& origin) {
  const CsvTable table(text, origin);
  const std::vector<CsvTable::Column> columns = expected_columns(table);
  require_columns(table, columns);
  std::vector<std::vector<double>> values = table.read(columns);
  require_hours_in_order(table, values[0], values[1]);
  District district;
  district.origin = origin;
  district.hour = std::move(values[1]);
  district.price = std::move(values[2]);
  for (std::size_t c = kCommonColumns.size(); c < values.size(); c += 2) {
    district.buildings.push_back({std::move(values[c]), std::move(values[c + 1]), {}});
  }
  return district;
}

}  // namespace tacit::grid
