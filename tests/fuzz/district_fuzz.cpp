// Goal: no file makes the readers of district data crash, hang or leak; what they accept is what
// the environment needs: series of one length, finite, no number below zero.
// Method: an input that begins with { is a schema; the parts after each '|' are the files that it
// names, in the order of their first reading. Any other input is a CSV file.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agent/systems/grid/citylearn_folder.h"
#include "agent/systems/grid/district_csv.h"
#include "common/base/check.h"
#include "common/base/error.h"

namespace tacit::grid {
namespace {

void require_series(const std::vector<double>& series, std::size_t count) {
  TACIT_CHECK(series.size() == count, "all series have the same hours");
  for (const double value : series) {
    TACIT_CHECK(std::isfinite(value) && value >= 0, "no data is negative or not a number");
  }
}

void require_district(const District& district) {
  const std::size_t count = district.hour.size();
  TACIT_CHECK(count > 0 && !district.buildings.empty(), "a district has hours and buildings");
  require_series(district.hour, count);
  for (const double hour : district.hour) {
    TACIT_CHECK(1 <= hour && hour <= 24 && hour == std::floor(hour), "an hour of a day");
  }
  if (!district.price.empty()) require_series(district.price, count);
  for (const BuildingSeries& series : district.buildings) {
    require_series(series.demand_kwh, count);
    require_series(series.solar_kwh, count);
    for (const Storage& storage : series.storage) {
      TACIT_CHECK(storage.capacity_kwh >= 0 && storage.discharge_most_kwh >= 0, "a battery");
      TACIT_CHECK(0 < storage.charge_efficiency && storage.charge_efficiency <= 1, "losses");
    }
  }
}

void read_folder(std::string_view input) {
  std::map<std::string, std::string> files;
  const std::string_view schema = input.substr(0, input.find('|'));
  std::string_view rest = input.substr(schema.size());
  require_district(read_citylearn(schema, "schema.json", [&](const std::string& name) {
    const auto [file, is_new] = files.try_emplace(name);
    if (is_new && !rest.empty()) {
      rest.remove_prefix(1);
      file->second = rest.substr(0, rest.find('|'));
      rest.remove_prefix(file->second.size());
    }
    return file->second;
  }));
}

}  // namespace
}  // namespace tacit::grid

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  try {
    if (input.starts_with('{')) {
      tacit::grid::read_folder(input);
    } else {
      const tacit::grid::District district = tacit::grid::read_district_csv(input, "fuzz.csv");
      tacit::grid::require_district(district);
      TACIT_CHECK(!district.price.empty(), "a CSV file has a price");
    }
  } catch (const tacit::InputError&) {
  }
  return 0;
}
