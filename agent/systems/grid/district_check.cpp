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
  GridConfig config;
  config.district = district;
  config.multiplier = multiplier;
  config.hours = district->hour_count();
  std::vector<double> total(config.hours, 0.0);
  for (std::size_t i = 0; i < config.agent_count(); ++i) {
    const auto& demand = district->buildings[config.building_of(i)].demand_kwh;
    for (std::size_t t = 0; t < total.size(); ++t) total[t] += multiplier[i] * demand[t];
  }
  const SeriesFacts demand = facts_of(total);
  if (demand.most <= 0) {
    throw InputError(ExitCode::bad_data, district->origin + ": has no demand at all");
  }
  config.peak_kwh = demand.most;
  DistrictCheck check{
      facts_of(district->price), {}, demand.most, demand.mean, least_cap_fraction(config)};
  for (const BuildingSeries& series : district->buildings) {
    check.buildings.push_back({facts_of(series.demand_kwh), facts_of(series.solar_kwh)});
  }
  return check;
}

}  // namespace tacit::grid
