#include "agent/systems/grid/citylearn_folder.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "agent/systems/grid/csv_table.h"
#include "agent/systems/grid/district_csv.h"
#include "common/base/error.h"

namespace tacit::grid {
namespace {

using Json = nlohmann::json;

constexpr double kBatteryMost = 1e6;  // kW, kWh
constexpr double kPanelsMost = 1e5;   // kW
constexpr double kSunMost = 1e4;      // W per kW: no more than kHourlyKwhMost in all
constexpr double kWattsPerKilowatt = 1000;

[[noreturn]] void refuse(const std::string& place, const std::string& message) {
  throw InputError(ExitCode::bad_data, place + ": " + message);
}

/// A value of the schema with its place, for messages.
struct Node {
  const Json* json;
  std::string place;  ///< "schema.json: buildings.Building_1"

  /// Nothing if the key is absent or null.
  Node member(const std::string& key) const {
    const auto found = json->is_object() ? json->find(key) : json->end();
    const bool is_there = json->is_object() && found != json->end() && !found->is_null();
    return {is_there ? &*found : nullptr, place + (place.ends_with(": ") ? "" : ".") + key};
  }
  explicit operator bool() const { return json != nullptr; }

  Node object() const {
    if (!json || !json->is_object()) refuse(place, "expected an object {...}");
    return *this;
  }
  double number(double least, double most) const {
    const bool is_number = json && json->is_number();
    const double value = is_number ? json->get<double>() : 0.0;
    if (is_number && least <= value && value <= most) return value;
    refuse(place, std::string(json ? "" : "is missing; ") + "expected a number from " +
                      Json(least).dump() + " to " + Json(most).dump());
  }
  /// The name of a file in the schema's own folder or below it.
  std::string file_name() const {
    const bool is_text = json && json->is_string();
    const std::string name = is_text ? json->get<std::string>() : "";
    const bool is_inside = !name.starts_with('/') && name.find("..") == std::string::npos &&
                           name.find('\0') == std::string::npos;
    if (name.empty() || !is_inside) {
      refuse(place, "expected the name of a CSV file in the folder of the schema");
    }
    return name;
  }
};

/// A file that the schema names, opened.
struct NamedFile {
  NamedFile(const Node& node, const std::string& schema_path, const ReadFile& read_file)
      : path(schema_path.substr(0, schema_path.rfind('/') + 1) + node.file_name()),
        text(read_file(node.file_name())) {}
  std::string path;  ///< for messages
  std::string text;
};

struct Schema {
  Json json;
  std::vector<std::string> building_names;  ///< in the order of the file; the JSON object sorts
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
    schema.json = Json::parse(text, note_key);
  } catch (const Json::exception& error) {
    refuse(origin, "is no valid JSON: " + std::string(error.what()));
  }
  return schema;
}

/// The first of `names` that the table has, since the names changed between releases.
std::string find_column(const CsvTable& table, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (table.has(name)) return name;
  }
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : " or ") + name;
  refuse(table.origin(), "column " + all + " is missing");
}

Storage read_storage(const Node& building) {
  const Node battery = building.member("electrical_storage");
  Storage storage;
  storage.capacity_kwh = 0;
  if (!battery) return storage;
  const Node attributes = battery.member("attributes").object();
  storage.capacity_kwh = attributes.member("capacity").number(0, kBatteryMost);
  storage.charge_efficiency = std::sqrt(attributes.member("efficiency").number(1e-3, 1));
  storage.discharge_efficiency = storage.charge_efficiency;
  storage.discharge_most_kwh = attributes.member("nominal_power").number(0, kBatteryMost);
  return storage;
}

/// Adds a building to the district; the first one gives the hours.
void read_building(const Node& building, const ReadFile& read_file, District& district) {
  const NamedFile file(building.member("energy_simulation"), district.origin, read_file);
  const CsvTable table(file.text, file.path);
  const std::string hour = find_column(table, {"hour", "Hour"});
  const std::string demand =
      find_column(table, {"non_shiftable_load", "Equipment Electric Power [kWh]"});
  const std::string solar = find_column(
      table, {"solar_generation", "Solar Generation [W/kW]", "Solar Generation [Wh/kWh]"});
  auto values =
      table.read({{hour, 1, 24, true}, {demand, 0, kHourlyKwhMost}, {solar, 0, kSunMost}});
  if (district.buildings.empty()) district.hour = values[0];
  if (values[0] != district.hour) {
    refuse(file.path, "has other hours than the first building (" +
                          std::to_string(values[0].size()) + " and " +
                          std::to_string(district.hour.size()) +
                          " lines); all files must cover the same time");
  }
  const Node panels = building.member("pv");
  const double panels_kw =
      panels ? panels.member("attributes").object().member("nominal_power").number(0, kPanelsMost)
             : 0.0;
  for (double& value : values[2]) value = value * panels_kw / kWattsPerKilowatt;
  district.buildings.push_back(
      {std::move(values[1]), std::move(values[2]), {read_storage(building)}});
}

/// The one price of all buildings; empty if none has any.
std::vector<double> read_price(const std::vector<Node>& buildings, const District& district,
                               const ReadFile& read_file) {
  const Node first = buildings.front().member("pricing");
  for (const Node& building : buildings) {
    const Node pricing = building.member("pricing");
    if (pricing ? first && *pricing.json == *first.json : !first) continue;
    refuse(pricing.place, "differs from the first building's; all buildings must have one price");
  }
  if (!first) return {};
  const NamedFile file(first, district.origin, read_file);
  return read_price_csv(file.text, file.path, district.hour_count());
}

}  // namespace

District read_citylearn(std::string_view schema_text, const std::string& origin,
                        const ReadFile& read_file) {
  const Schema schema = parse_schema(schema_text, origin);
  const Node root = Node{&schema.json, origin + ": "}.object();
  const Node step = root.member("seconds_per_time_step");
  if (step.number(1e-3, 1e9) != 3600) {
    refuse(step.place, "expected 3600, an hour; bring the data to hourly values first");
  }
  const Node all = root.member("buildings").object();
  std::vector<Node> buildings;
  for (const std::string& name : schema.building_names) {
    const Node building = all.member(name).object();
    const Node include = building.member("include");
    if (include && *include.json == true) buildings.push_back(building);
  }
  if (buildings.empty()) refuse(all.place, "no building has include = true");
  District district;
  district.origin = origin;
  for (const Node& building : buildings) read_building(building, read_file, district);
  district.price = read_price(buildings, district, read_file);
  return district;
}

std::vector<double> read_price_csv(std::string_view text, const std::string& origin,
                                   std::size_t hour_count) {
  const CsvTable table(text, origin);
  const std::string column =
      find_column(table, {"electricity_pricing", "Electricity Pricing [$]", "price_per_kwh"});
  std::vector<double> price = std::move(table.read({{column, 0, kPriceMost}}).front());
  if (price.size() != hour_count) {
    refuse(origin, "the price has " + std::to_string(price.size()) + " hours, the buildings " +
                       std::to_string(hour_count) + "; all must cover the same time");
  }
  return price;
}

}  // namespace tacit::grid
