#include "agent/systems/grid/synthetic_district.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include "common/base/random.h"

namespace tacit::grid {
namespace {

constexpr std::array<double, kSyntheticBuildings> kSize{1.25, 1.05, 0.75, 0.85, 0.80,
                                                        1.00, 0.80, 0.95, 0.90, 0.85};
constexpr double kFirstDayOfYear = 244;  // 1 September
constexpr double kLatitudeDegrees = 34;
constexpr std::size_t kFirstDayOfWinterPrice = 61;  // 1 November

constexpr double radians(double degrees) { return degrees * std::numbers::pi / 180; }
double square(double x) { return x * x; }

/// Rounds to four decimals, as meters do; this also hides the last bits of exp and pow.
double rounded(double value) { return std::round(value * 1e4) / 1e4; }

std::vector<double> uniforms(std::uint64_t seed, std::size_t building, Purpose purpose,
                             std::size_t count) {
  RandomStream stream(seed, process_id(building), purpose, 0);
  std::vector<double> draws(count);
  for (double& draw : draws) draw = std::max(to_unit(stream()), 0x1p-54);
  return draws;
}

struct Hour {
  explicit Hour(std::size_t t)
      : of_day(t % 24),
        day(t / 24),
        is_weekend(day % 7 >= 5),
        day_of_year(kFirstDayOfYear + static_cast<double>(day)),
        middle(static_cast<double>(of_day) + 0.5) {}
  std::size_t of_day;
  std::size_t day;
  bool is_weekend;
  double day_of_year;
  double middle;  ///< hours since midnight
};

/// The shape of a day's demand: a peak in the morning and a larger one in the evening.
double shape(const Hour& hour, std::size_t building) {
  const double shift = 0.2 * (static_cast<double>(building % 5) - 2);
  const auto bell = [&](double centre, double width) {
    return std::exp(-square((hour.middle - centre - shift) / width));
  };
  if (hour.is_weekend) return 0.48 + 0.44 * bell(10, 2.5) + 1.215 * bell(19, 3);
  return 0.40 + 0.55 * bell(7.5, 1.5) + 1.35 * bell(19.5, 2.5);
}

double demand_kwh(const Hour& hour, std::size_t building, double heat_draw, double noise_draw) {
  const double season = 1 + 0.40 * std::cos(2 * std::numbers::pi * (hour.day_of_year - 226) / 365);
  const double heat = 1 + 0.10 * (2 * heat_draw - 1);
  const double noise = 1 + 0.30 * (2 * noise_draw - 1);
  return 1.2 * kSize[building] * shape(hour, building) * season * heat * noise;
}

/// Sine of the sun's elevation, 0 at night.
double sun_height(const Hour& hour) {
  const double declination =
      radians(23.45) * std::sin(2 * std::numbers::pi * (284 + hour.day_of_year) / 365);
  const double latitude = radians(kLatitudeDegrees);
  const double hour_angle = radians(15 * (hour.middle - 12));
  return std::max(0.0, std::sin(latitude) * std::sin(declination) +
                           std::cos(latitude) * std::cos(declination) * std::cos(hour_angle));
}

double solar_kwh(const Hour& hour, std::size_t building, double cloud_draw) {
  const double clear = 1 - 0.75 * cloud_draw * cloud_draw * cloud_draw;
  const double orientation = 1.1 - 0.1 * static_cast<double>(building % 3);
  return 3.1 * kSize[building] * orientation * 0.85 * clear * std::pow(sun_height(hour), 1.15);
}

double price_per_kwh(const Hour& hour) {
  const bool is_peak = 16 <= hour.of_day && hour.of_day <= 20;
  if (is_peak) return hour.is_weekend ? 0.40 : 0.54;
  return hour.day < kFirstDayOfWinterPrice ? 0.26 : 0.25;
}

}  // namespace

DistrictDraws::DistrictDraws(std::uint64_t seed)
    : heat(uniforms(seed, 0, purpose("grid.heat"), kSyntheticDays)),
      cloud(uniforms(seed, 0, purpose("grid.cloud"), kSyntheticDays)) {
  for (std::size_t b = 0; b < kSyntheticBuildings; ++b) {
    demand_noise.push_back(uniforms(seed, b, purpose("grid.demand_noise"), kSyntheticHours));
  }
}

DistrictDraws DistrictDraws::constant(double value) {
  DistrictDraws draws;
  draws.heat.assign(kSyntheticDays, value);
  draws.cloud.assign(kSyntheticDays, value);
  draws.demand_noise.assign(kSyntheticBuildings, std::vector<double>(kSyntheticHours, value));
  return draws;
}

District synthetic_district(const DistrictDraws& draws) {
  District district;
  district.origin = "synthetic district";
  district.buildings.resize(kSyntheticBuildings);
  for (std::size_t t = 0; t < kSyntheticHours; ++t) {
    const Hour hour(t);
    district.hour.push_back(static_cast<double>(hour.of_day + 1));
    district.price.push_back(price_per_kwh(hour));
    for (std::size_t b = 0; b < kSyntheticBuildings; ++b) {
      BuildingSeries& series = district.buildings[b];
      series.demand_kwh.push_back(
          rounded(demand_kwh(hour, b, draws.heat[hour.day], draws.demand_noise[b][t])));
      series.solar_kwh.push_back(rounded(solar_kwh(hour, b, draws.cloud[hour.day])));
    }
  }
  return district;
}

std::shared_ptr<const District> synthetic_district(std::uint64_t seed) {
  District district = synthetic_district(DistrictDraws(seed));
  district.origin += ", seed " + std::to_string(seed);
  return std::make_shared<const District>(std::move(district));
}

}  // namespace tacit::grid
