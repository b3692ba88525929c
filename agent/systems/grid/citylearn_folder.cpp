#include "agent/systems/grid/citylearn_folder.h"

#include <algorithm>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <sstream>
#include <utility>

#include "agent/systems/grid/citylearn_building.h"
#include "agent/systems/grid/citylearn_columns.h"
#include "agent/systems/grid/csv_table.h"
#include "agent/systems/grid/district_csv.h"
#include "agent/systems/grid/schema_node.h"
#include "common/base/error.h"
#include "common/base/plain_text.h"

namespace tacit::grid {
namespace {

using Json = nlohmann::json;

const CityLearnColumn kPrice{{"electricity_pricing", "price_per_kwh"}, {"$", "$/kWh", "USD/kWh"}};

/// Devices of a building that use electricity beyond the load in its file.
const std::vector<std::pair<const char*, const char*>> kDevicesLeftOut{
    {"chargers", "chargers of electric vehicles"}, {"washing_machines", "washing machines"}};

[[noreturn]] void refuse(const std::string& place, const std::string& message) {
  throw InputError(ExitCode::bad_data, place + ": " + message);
}

struct Schema {
  Json json;
  std::vector<std::string>
      building_names;  ///< in the order of the file; the JSON object sorts them
};

Schema parse_schema(std::string_view text, const std::string& origin) {
  Schema schema;
  std::string section;
  std::set<std::string> known;
  const auto note_key = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (event != Json::parse_event_t::key) return true;
    if (depth == 1) section = parsed.get<std::string>();
    if (depth != 2 || section != "buildings") return true;
    schema.building_names.push_back(parsed.get<std::string>());
    if (!known.insert(schema.building_names.back()).second) {
      refuse(origin, "buildings." + shown(schema.building_names.back()) + " comes twice");
    }
    return true;
  };
  try {
    schema.json = Json::parse(plain_text(text, origin, ExitCode::bad_data), note_key);
  } catch (const Json::exception& error) {
    refuse(origin, "is no valid JSON: " + std::string(error.what()));
  }
  return schema;
}

void require_hourly(const SchemaNode& root) {
  const SchemaNode seconds = root.member("seconds_per_time_step");
  const SchemaNode hours = root.member("hour_per_timestep");
  if (!seconds && hours && hours.number(1e-3, 1e9) == 1) return;
  if (seconds.number(1e-3, 1e9) != 3600) {
    seconds.refuse("expected 3600, an hour; bring the data to hourly values first");
  }
}

/// The rows that a schema simulates, of `count` that its files have: first <= k < end.
struct Period {
  std::size_t first;
  std::size_t end;

  void cut(std::vector<double>& series) const {
    if (series.empty()) return;
    const auto begin = series.begin();
    series.erase(begin + static_cast<std::ptrdiff_t>(end), series.end());
    series.erase(begin, begin + static_cast<std::ptrdiff_t>(first));
  }
};

Period read_period(const SchemaNode& root, std::size_t count) {
  const auto row = [&](const std::string& end, std::size_t fallback) {
    const SchemaNode node =
        root.first_of({"simulation_" + end + "_time_step", "simulation_" + end + "_timestep"});
    if (!node) return fallback;
    const std::size_t value = node.whole(0, 1'000'000'000);
    if (value >= count) {
      node.refuse("is " + std::to_string(value) + ", but the files have rows 0 to " +
                  std::to_string(count - 1));
    }
    return value;
  };
  const std::size_t first = row("start", 0), last = row("end", count - 1);
  if (first > last) refuse(root.place + "simulation_end_time_step", "is before the start");
  return {first, last + 1};
}

/// The common price of all buildings; empty if no building has one.
std::vector<double> read_price(const std::vector<SchemaNode>& buildings, const District& district,
                               const ReadFile& read_file) {
  const SchemaNode first = buildings.front().member("pricing");
  for (const SchemaNode& building : buildings) {
    const SchemaNode pricing = building.member("pricing");
    if (pricing ? first && *pricing.json == *first.json : !first) continue;
    pricing.refuse("differs from the first building's; all buildings must have one price");
  }
  if (!first) return {};
  const NamedFile file(first, district.origin, read_file);
  return read_price_csv(file.text, file.path, district.hour_count());
}

double sum_of(const std::vector<double>& series) {
  return std::accumulate(series.begin(), series.end(), 0.0);
}

/// A sentence on thermal demand in the files that the district leaves out, or none.
std::vector<std::string> thermal_notes(const std::vector<CityLearnBuilding>& buildings,
                                       const ThermalCop& cop) {
  std::array<double, kThermalCount> left_out{};
  double all = 0;
  for (const CityLearnBuilding& building : buildings) {
    all += sum_of(building.series.demand_kwh);
    for (std::size_t use = 0; use < kThermalCount; ++use) {
      if (cop[use] == 0) left_out[use] += sum_of(building.thermal_kwh[use]);
    }
  }
  all += std::accumulate(left_out.begin(), left_out.end(), 0.0);
  std::ostringstream parts;
  std::string keys;
  for (std::size_t use = 0; use < kThermalCount; ++use) {
    if (left_out[use] == 0) continue;
    parts << (keys.empty() ? "" : ", ") << kThermalNames[use] << " (" << std::fixed
          << std::setprecision(1) << 100 * left_out[use] / all << " % of all kWh in the files)";
    keys += (keys.empty() ? "grid." : ", grid.") + std::string(kThermalKeys[use]);
  }
  if (keys.empty()) return {};
  return {"left out: " + parts.str() + "; taken as electricity with " + keys};
}

std::vector<std::string> device_notes(const std::vector<SchemaNode>& buildings) {
  std::vector<std::string> notes;
  for (const auto& [key, words] : kDevicesLeftOut) {
    const auto count = std::ranges::count_if(buildings, [&key = key](const SchemaNode& building) {
      const SchemaNode devices = building.member(std::string(key));
      return devices && !devices.json->empty();
    });
    if (count > 0) {
      notes.push_back("left out: the " + std::string(words) + " of " + std::to_string(count) +
                      " buildings");
    }
  }
  return notes;
}

/// @throws InputError (config) for a coefficient of a demand that no building has
void require_use(const std::vector<CityLearnBuilding>& buildings, const ThermalCop& cop,
                 const std::string& origin) {
  for (std::size_t use = 0; use < kThermalCount; ++use) {
    const bool is_there = std::ranges::any_of(buildings, [&](const CityLearnBuilding& building) {
      return !building.thermal_kwh[use].empty();
    });
    if (cop[use] == 0 || is_there) continue;
    throw InputError(ExitCode::config, std::string("grid.") + kThermalKeys[use] + ": no file of " +
                                           origin + " says what " + kThermalNames[use] +
                                           " needs; leave the key out");
  }
}

void require_same_hours(const std::vector<CityLearnBuilding>& buildings) {
  const std::vector<double>& hours = buildings.front().hour;
  for (const CityLearnBuilding& building : buildings) {
    if (building.hour == hours) continue;
    refuse(building.path, "has other hours than the first building (" +
                              std::to_string(building.hour.size()) + " and " +
                              std::to_string(hours.size()) +
                              " lines); all files must cover the same time");
  }
}

std::vector<SchemaNode> included(const SchemaNode& all, const std::vector<std::string>& names) {
  std::vector<SchemaNode> buildings;
  for (const std::string& name : names) {
    const SchemaNode building = all.member(name).object();
    const SchemaNode include = building.member("include");
    if (include && *include.json == true) buildings.push_back(building);
  }
  if (buildings.empty()) all.refuse("no building has include = true");
  return buildings;
}

void cut_to(const Period& period, std::vector<CityLearnBuilding>& buildings, District& district) {
  const std::size_t count = district.hour_count();
  if (period.first == 0 && period.end == count) return;
  district.notes.push_back("rows " + std::to_string(period.first) + " to " +
                           std::to_string(period.end - 1) + " of 0 to " +
                           std::to_string(count - 1) + ": the schema's simulation period");
  period.cut(district.hour);
  period.cut(district.price);
  for (CityLearnBuilding& building : buildings) {
    period.cut(building.series.demand_kwh);
    period.cut(building.series.solar_kwh);
    for (std::vector<double>& thermal : building.thermal_kwh) period.cut(thermal);
  }
}

}  // namespace

District read_citylearn(std::string_view schema_text, const std::string& origin,
                        const ReadFile& read_file, const ThermalCop& cop) {
  const Schema schema = parse_schema(schema_text, origin);
  const SchemaNode root = SchemaNode{&schema.json, origin + ": "}.object();
  require_hourly(root);
  const auto nodes = included(root.member("buildings").object(), schema.building_names);
  std::vector<CityLearnBuilding> buildings;
  for (const SchemaNode& node : nodes) {
    buildings.push_back(read_citylearn_building(node, origin, read_file, cop));
  }
  require_same_hours(buildings);
  require_use(buildings, cop, origin);
  District district;
  district.origin = origin;
  district.names_batteries = true;
  district.hour = buildings.front().hour;
  district.price = read_price(nodes, district, read_file);
  cut_to(read_period(root, district.hour_count()), buildings, district);
  for (auto&& notes : {thermal_notes(buildings, cop), device_notes(nodes)}) {
    district.notes.insert(district.notes.end(), notes.begin(), notes.end());
  }
  for (CityLearnBuilding& building : buildings) {
    district.buildings.push_back(std::move(building.series));
  }
  return district;
}

std::vector<double> read_price_csv(std::string_view text, const std::string& origin,
                                   std::size_t hour_count) {
  const CsvTable table(text, origin);
  std::vector<double> price =
      std::move(table.read({price_column(kPrice.required_in(table))}).front());
  if (price.size() != hour_count) {
    refuse(origin, "the price has " + std::to_string(price.size()) + " hours, the buildings " +
                       std::to_string(hour_count) + "; all must cover the same time");
  }
  return price;
}

}  // namespace tacit::grid
