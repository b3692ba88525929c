#include "agent/systems/grid/district.h"

namespace tacit::grid {

std::vector<double> total_demand(const District& district, std::span<const double> multiplier) {
  std::vector<double> scale(district.buildings.size(), 0.0);
  for (std::size_t i = 0; i < multiplier.size(); ++i) {
    scale[district.building_of(i)] += multiplier[i];
  }
  std::vector<double> total(district.hour_count(), 0.0);
  for (std::size_t b = 0; b < scale.size(); ++b) {
    const auto& demand = district.buildings[b].demand_kwh;
    for (std::size_t t = 0; t < total.size(); ++t) total[t] += scale[b] * demand[t];
  }
  return total;
}

}  // namespace tacit::grid
