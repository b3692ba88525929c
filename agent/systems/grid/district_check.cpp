#include "agent/systems/grid/district_check.h"

#include <algorithm>
#include <numeric>

#include "agent/systems/grid/grid_config.h"
#include "agent/systems/grid/perfect_foresight.h"
#include "common/base/error.h"

namespace tacit::grid {
namespace {

SeriesFacts facts_of(const std::vector<double>& series) {
  const auto [least, most] = std::ranges::minmax(series);
  const double sum = std::accumulate(series.begin(), series.end(), 0.0);
  return {least, sum / static_cast<double>(series.size()), most};
}

}  // namespace

DistrictCheck check_district(const std::shared_ptr<const District>& district,
                             const std::vector<double>& multiplier) {
  District priced = *district;  // a building reads a price even where only energy counts
  priced.price.resize(priced.hour_count(), 0.0);
  GridConfig config;
  config.district = std::make_shared<const District>(std::move(priced));
  config.multiplier = multiplier;
  config.hours = district->hour_count();
  const SeriesFacts demand = facts_of(total_demand(*district, multiplier));
  if (demand.most <= 0) {
    throw InputError(ExitCode::bad_data, district->origin + ": has no demand at all");
  }
  config.peak_kwh = demand.most;
  DistrictCheck check{{}, {}, demand.most, demand.mean, least_cap_fraction(config)};
  if (!district->price.empty()) check.price = facts_of(district->price);
  for (const BuildingSeries& series : district->buildings) {
    check.buildings.push_back({facts_of(series.demand_kwh), facts_of(series.solar_kwh)});
  }
  return check;
}

}  // namespace tacit::grid
