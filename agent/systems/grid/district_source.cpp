#include "agent/systems/grid/district_source.h"

#include <cmath>
#include <filesystem>
#include <limits>

#include "agent/systems/grid/district_csv.h"
#include "agent/systems/grid/synthetic_district.h"
#include "common/base/error.h"
#include "common/base/whole_number.h"

namespace tacit::grid {
namespace {

constexpr const char* kCopIsForFolders =
    "is read only with a CityLearn folder, whose files tell heat and cold apart";
constexpr const char* kSchemaName = "schema.json";

bool is_schema(const std::string& name) { return name.ends_with(".json"); }

TimeOfUse read_rule(const ConfigView& table) {
  const TimeOfUse standard;
  const std::vector<double> rule = table.numbers(
      "price_rule", {standard.low, standard.high, standard.first, standard.last}, {0, kPriceMost});
  if (rule.size() != 4 || rule[2] < 1 || rule[3] > 24 || rule[2] > rule[3]) {
    table.fail("price_rule",
               "expected [low, high, first, last]: two prices in $/kWh and the hours of day "
               "(1 to 24) between which the high one holds");
  }
  return {rule[0], rule[1], rule[2], rule[3]};
}

void refuse_keys(const ConfigView& table, const std::vector<std::string>& keys,
                 const std::string& message) {
  for (const std::string& key : keys) table.leave_unread(key, message);
}

ThermalCop read_cop(const ConfigView& table) {
  constexpr double kLeftOut = std::numeric_limits<double>::quiet_NaN();
  ThermalCop cop{};
  for (std::size_t use = 0; use < kThermalCount; ++use) {
    const double value = table.number(kThermalKeys[use], kLeftOut, {0.1, 100});
    if (std::isfinite(value)) cop[use] = value;
  }
  return cop;
}

void read_price(const ConfigView& table, District& district) {
  const std::string source = table.choice("price", "data", {"data", "time_of_use", "file"});
  if (source == "time_of_use") {
    const TimeOfUse rule = read_rule(table);
    district.price.clear();
    for (const double hour : district.hour) district.price.push_back(rule.price(hour));
  } else {
    refuse_keys(table, {"price_rule"}, "is read only with grid.price = \"time_of_use\"");
  }
  if (source == "file") {
    const DataFile file = table.data_file("price_file", kFileSizeMost);
    district.price = read_price_csv(file.text, file.path, district.hour_count());
  } else {
    refuse_keys(table, {"price_file"}, "is read only with grid.price = \"file\"");
  }
  if (district.price.empty()) {
    throw InputError(
        ExitCode::bad_data,
        district.origin + ": the buildings have no price (pricing is null); " + kPriceRemedy);
  }
}

}  // namespace

District read_district_files(const std::string& folder, const std::string& file_name,
                             const ReadFile& read_file, const ThermalCop& cop) {
  const std::string name = file_name.empty() ? kSchemaName : file_name;
  const std::string path = (std::filesystem::path(folder) / name).string();
  const std::string text = read_file(name);
  District district =
      is_schema(name) ? read_citylearn(text, path, read_file, cop) : read_district_csv(text, path);
  district.from_files = true;
  return district;
}

std::shared_ptr<const District> read_district(const ConfigView& table) {
  if (!table.has("data")) {
    refuse_keys(table, {"price", "price_rule", "price_file"},
                "is read only with grid.data: the synthetic district has a price of its own");
    refuse_keys(table, {kThermalKeys.begin(), kThermalKeys.end()}, kCopIsForFolders);
    const std::int64_t seed =
        table.integer("district_seed", 1, {0, static_cast<double>(kExactMost)});
    return synthetic_district(static_cast<std::uint64_t>(seed));
  }
  refuse_keys(table, {"district_seed"},
              "is read only without grid.data: it is the seed of the synthetic district");
  DataSource source = table.data_source("data", kFileSizeMost);
  const bool is_folder = source.file_name().empty() || is_schema(source.file_name());
  if (!is_folder) refuse_keys(table, {kThermalKeys.begin(), kThermalKeys.end()}, kCopIsForFolders);
  District district = read_district_files(
      source.folder(), source.file_name(),
      [&](const std::string& name) { return source.read(name); },
      is_folder ? read_cop(table) : ThermalCop{});
  read_price(table, district);
  return std::make_shared<const District>(std::move(district));
}

}  // namespace tacit::grid
