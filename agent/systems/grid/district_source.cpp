#include "agent/systems/grid/district_source.h"

#include <filesystem>

#include "agent/systems/grid/district_csv.h"
#include "agent/systems/grid/synthetic_district.h"
#include "common/base/error.h"

namespace tacit::grid {
namespace {

constexpr std::size_t kFileSizeMost = std::size_t{64} << 20;

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

void read_price(const ConfigView& table, District& district) {
  const std::string source = table.choice("price", "data", {"data", "time_of_use", "file"});
  if (source == "time_of_use") {
    const TimeOfUse rule = read_rule(table);
    district.price.clear();
    for (const double hour : district.hour) district.price.push_back(rule.price(hour));
  } else if (source == "file") {
    const DataFile file = table.data_file("price_file", kFileSizeMost);
    district.price = read_price_csv(file.text, file.path);
  }
  require_price(district);
}

}  // namespace

District read_district_files(const std::string& folder, const std::string& file_name,
                             const ReadFile& read_file) {
  const std::string name = file_name.empty() ? "schema.json" : file_name;
  const std::string path = (std::filesystem::path(folder) / name).string();
  const std::string text = read_file(name);
  return name.ends_with(".json") ? read_citylearn(text, path, read_file)
                                 : read_district_csv(text, path);
}

void require_price(const District& district) {
  const auto refuse = [&](const std::string& message) {
    throw InputError(ExitCode::bad_data, district.origin + ": " + message);
  };
  if (district.price.empty()) {
    refuse(
        "the buildings have no price (pricing is null); set grid.price = \"time_of_use\", with "
        "grid.price_rule = [0.22, 0.54, 16, 20] for 0.54 $/kWh in hours 16 to 20 and 0.22 $/kWh "
        "else, or grid.price = \"file\" and grid.price_file");
  }
  if (district.price.size() != district.hour.size()) {
    refuse("the price has " + std::to_string(district.price.size()) + " hours, the buildings " +
           std::to_string(district.hour.size()) + "; all must cover the same time");
  }
}

std::shared_ptr<const District> read_district(const ConfigView& table) {
  if (!table.has("data")) {
    constexpr double kLargestSeed = 0x1p53;  // every tool reads it exactly
    const std::int64_t seed = table.integer("district_seed", 1, {0, kLargestSeed});
    return synthetic_district(static_cast<std::uint64_t>(seed));
  }
  DataSource source = table.data_source("data", kFileSizeMost);
  District district =
      read_district_files(source.folder(), source.file_name(),
                          [&](const std::string& name) { return source.read(name); });
  read_price(table, district);
  return std::make_shared<const District>(std::move(district));
}

}  // namespace tacit::grid
