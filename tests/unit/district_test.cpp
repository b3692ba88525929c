#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "agent/systems/grid/synthetic_district.h"

namespace tacit::grid {
namespace {

TEST(SyntheticDistrict, FollowsItsFormulas) {
  const District district = synthetic_district(DistrictDraws::constant(0.5));
  struct {
    std::size_t building, t;
    double demand, solar, price;
  } const points[] = {{0, 0, 0.8286, 0, 0.26},        {0, 7, 1.8897, 1.1104, 0.26},
                      {0, 19, 3.5543, 0, 0.54},       {3, 12, 0.5639, 1.9518, 0.26},
                      {3, 132, 0.9454, 1.9129, 0.26}, {1, 1500, 0.8574, 1.5019, 0.25},
                      {9, 2999, 0.4722, 0, 0.25}};
  for (const auto& point : points) {
    SCOPED_TRACE(testing::Message() << "building " << point.building << ", hour " << point.t);
    const BuildingSeries& series = district.buildings.at(point.building);
    EXPECT_NEAR(series.demand_kwh.at(point.t), point.demand, 1e-9);
    EXPECT_NEAR(series.solar_kwh.at(point.t), point.solar, 1e-9);
    EXPECT_EQ(district.price.at(point.t), point.price);
    EXPECT_EQ(district.hour.at(point.t), static_cast<double>(point.t % 24 + 1));
  }
  double demand = 0, solar = 0;
  for (const BuildingSeries& series : district.buildings) {
    demand += std::reduce(series.demand_kwh.begin(), series.demand_kwh.end());
    solar += std::reduce(series.solar_kwh.begin(), series.solar_kwh.end());
  }
  EXPECT_NEAR(demand, 26123.76, 0.005);
  EXPECT_NEAR(solar, 11934.05, 0.005);
  EXPECT_EQ(district.price[24 * 5 + 17], 0.40) << "a Saturday evening";
}

TEST(SyntheticDistrict, SeedsAreDistrictsOfTheirOwn) {
  const auto one = synthetic_district(1), same = synthetic_district(1), two = synthetic_district(2);
  EXPECT_EQ(one->hour_count(), 3000u);
  ASSERT_EQ(one->buildings.size(), 10u);
  for (std::size_t b = 0; b < 10; ++b) {
    EXPECT_EQ(one->buildings[b].demand_kwh, same->buildings[b].demand_kwh);
    EXPECT_NE(one->buildings[b].demand_kwh, two->buildings[b].demand_kwh);
    EXPECT_TRUE(one->buildings[b].storage.empty());
  }
  EXPECT_EQ(one->origin, "synthetic district, seed 1");
  // Buildings differ in noise, not only in size and shift: 0 and 5 have the same shift.
  const double ratio = one->buildings[5].demand_kwh[3] / one->buildings[0].demand_kwh[3];
  const double other = one->buildings[5].demand_kwh[4] / one->buildings[0].demand_kwh[4];
  EXPECT_GT(std::abs(ratio - other), 1e-3);
}

TEST(SyntheticDistrict, HasMorningAndEveningPeaks) {
  const double expected[24] = {5.0, 4.9, 5.0, 5.0, 5.1, 5.9,  8.2,  10.0, 8.8,  7.2,  6.4, 6.0,
                               5.6, 5.4, 5.7, 6.9, 9.8, 14.2, 18.4, 19.9, 17.5, 12.8, 8.7, 6.3};
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    const auto district = synthetic_district(seed);
    for (std::size_t hour = 0; hour < 24; ++hour) {
      double sum = 0;
      for (const BuildingSeries& series : district->buildings) {
        for (std::size_t t = hour; t < 3000; t += 24) sum += series.demand_kwh[t];
      }
      EXPECT_NEAR(sum / 125, expected[hour], 0.05 * expected[hour]) << "hour " << hour + 1;
    }
  }
}

}  // namespace
}  // namespace tacit::grid
