#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "agent/systems/grid/district.h"

namespace tacit::grid {

inline constexpr std::size_t kSyntheticBuildings = 10;
inline constexpr std::size_t kSyntheticDays = 125;
inline constexpr std::size_t kSyntheticHours = 24 * kSyntheticDays;

/// All random draws of a synthetic district, uniform in (0, 1).
struct DistrictDraws {
  std::vector<double> heat;                       ///< [days] of all buildings
  std::vector<double> cloud;                      ///< [days] of all buildings
  std::vector<std::vector<double>> demand_noise;  ///< [buildings][hours]

  explicit DistrictDraws(std::uint64_t seed);
  /// All draws equal.
  static DistrictDraws constant(double value);

 private:
  DistrictDraws() = default;
};

/// 10 buildings over 3,000 hours from 1 September on: morning and evening peaks, cool autumn,
/// expensive evenings. Made to resemble a measured district: with the first seven buildings, the
/// first two doubled, the least feasible cap is 0.21 to 0.26 of the peak, and the doubled buildings
/// cannot keep to an equal share of it.
///   demand = 1.2 size shape(h) season(day) heat(day) noise(t),  season = 1 + 0.4 cos(2 pi (y -
///   226)/365), heat = 1 + 0.1 (2 U - 1), noise = 1 + 0.3 (2 U - 1);
///   solar = 3.1 size (1.1 - 0.1 (b mod 3)) 0.85 clear(day) sin(elevation)^1.15, clear = 1 - 0.75
///   U^3, at 34 degrees north. [kWh], rounded to 4 decimals; price in $/kWh.
District synthetic_district(const DistrictDraws& draws);

/// The same with draws from a seed.
std::shared_ptr<const District> synthetic_district(std::uint64_t seed);

}  // namespace tacit::grid
