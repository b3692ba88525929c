#include "agent/systems/grid/citylearn_building.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>

#include "agent/systems/grid/citylearn_columns.h"
#include "agent/systems/grid/csv_table.h"
#include "agent/systems/grid/district_csv.h"
#include "agent/systems/grid/hour_columns.h"

namespace tacit::grid {
namespace {

constexpr double kBatteryMost = 1e6;  // kW, kWh
constexpr double kPanelsMost = 1e5;   // kW
constexpr double kSunMost = 1e4;      // W per kW: in all no more than kHourlyKwhMost
constexpr double kWattsPerKilowatt = 1000;

const CityLearnColumn kHour{{"hour"}, {}};
const CityLearnColumn kLoad{{"non_shiftable_load", "equipment_electric_power"}, {"kWh"}};
const CityLearnColumn kSun{{"solar_generation"}, {"W/kW", "Wh/kW", "Wh/kWh"}};
const std::array<CityLearnColumn, kThermalCount> kThermal{{
    {{"cooling_demand", "cooling_load"}, {"kWh"}},
    {{"heating_demand", "heating_load"}, {"kWh"}},
    {{"dhw_demand", "dhw_heating"}, {"kWh"}},
}};

/// The attributes of a device, which must state its size: CityLearn can choose one, tacit cannot.
SchemaNode attributes_of(const SchemaNode& device) {
  const SchemaNode attributes = device.member("attributes");
  const SchemaNode autosize = device.member("autosize");
  if (!attributes && autosize && *autosize.json == true) {
    device.refuse("leaves its size to CityLearn (autosize); give its attributes");
  }
  return attributes.object();
}

std::vector<Storage> read_battery(const SchemaNode& building) {
  const SchemaNode battery = building.member("electrical_storage");
  if (!battery) return {};
  const SchemaNode attributes = attributes_of(battery);
  Storage storage;
  storage.capacity_kwh = attributes.member("capacity").number(0, kBatteryMost);
  // Energy that must stay in the battery is not part of the capacity.
  if (const SchemaNode depth = attributes.member("depth_of_discharge")) {
    storage.capacity_kwh *= depth.number(0, 1);
  }
  storage.charge_efficiency = std::sqrt(attributes.member("efficiency").number(1e-3, 1));
  storage.discharge_efficiency = storage.charge_efficiency;
  storage.discharge_most_kwh = attributes.member("nominal_power").number(0, kBatteryMost);
  return {storage};
}

double panels_kw(const SchemaNode& building) {
  const SchemaNode panels = building.member("pv");
  if (!panels) return 0;
  return attributes_of(panels).first_of({"nominal_power", "capacity"}).number(0, kPanelsMost);
}

/// Reads thermal demand without strictness, to tell how much is left out: a field that is no number
/// counts as 0, and a column without numbers as absent.
/// @return [kThermalCount] the columns
std::array<std::string, kThermalCount> read_thermal(const CsvTable& table,
                                                    CityLearnBuilding& read) {
  std::array<std::string, kThermalCount> columns;
  for (std::size_t use = 0; use < kThermalCount; ++use) {
    const std::optional<std::string> column = kThermal[use].in(table);
    if (!column) continue;
    std::vector<double> demand = table.read_loosely(*column);
    const auto is_number = [](double value) { return std::isfinite(value); };
    if (std::ranges::none_of(demand, is_number)) continue;
    std::ranges::replace_if(demand, std::not_fn(is_number), 0.0);
    columns[use] = *column;
    read.thermal_kwh[use] = std::move(demand);
  }
  return columns;
}

}  // namespace

CityLearnBuilding read_citylearn_building(const SchemaNode& building,
                                          const std::string& schema_path, const ReadFile& read_file,
                                          const ThermalCop& cop) {
  const NamedFile file(building.member("energy_simulation"), schema_path, read_file);
  const CsvTable table(file.text, file.path);
  CityLearnBuilding read{file.path, {}, {}, {}};
  BuildingSeries& series = read.series;
  series.storage = read_battery(building);
  const std::array<std::string, kThermalCount> thermal = read_thermal(table, read);
  const std::string hour = kHour.required_in(table);
  const double kw = panels_kw(building);
  std::vector<CsvTable::Column> columns{hour_column(hour),
                                        {kLoad.required_in(table), 0, kHourlyKwhMost}};
  if (kw > 0) columns.push_back({kSun.required_in(table), 0, kSunMost});
  for (std::size_t use = 0; use < kThermalCount; ++use) {
    if (cop[use] == 0 || thermal[use].empty()) continue;
    columns.push_back({thermal[use], 0, kHourlyKwhMost});
  }
  std::vector<std::vector<double>> values = table.read(columns);
  read.hour = hours_of_day(table, hour, std::move(values[0]));
  series.demand_kwh = std::move(values[1]);
  series.solar_kwh.assign(read.hour.size(), 0.0);
  for (std::size_t t = 0; kw > 0 && t < read.hour.size(); ++t) {
    series.solar_kwh[t] = values[2][t] * kw / kWattsPerKilowatt;
  }
  std::size_t next = kw > 0 ? 3 : 2;
  for (std::size_t use = 0; use < kThermalCount; ++use) {
    if (cop[use] == 0 || thermal[use].empty()) continue;
    read.thermal_kwh[use] = std::move(values[next++]);
    for (std::size_t t = 0; t < read.hour.size(); ++t) {
      series.demand_kwh[t] += read.thermal_kwh[use][t] / cop[use];
    }
  }
  return read;
}

}  // namespace tacit::grid
