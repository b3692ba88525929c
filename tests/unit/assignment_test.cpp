#include "agent/systems/patrol/assignment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "common/base/random.h"

namespace tacit::patrol {
namespace {

const Lattice& lattice() {
  static const Lattice built(read_floor_plan(default_floor_plan(), "default"), 1.0, "default");
  return built;
}

double total_way(const std::vector<Place>& places, const std::vector<std::size_t>& zones) {
  double sum = 0;
  for (std::size_t n = 0; n < places.size(); ++n) sum += lattice().way_m(places[n], zones[n]);
  return sum;
}

// Method: all orders of the chosen zones, on 200 random teams.
TEST(Assignment, TakesTheShortestWaysToTheZonesOfTheLargestMultipliers) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    RandomStream stream(seed, process_id(0), purpose("test.assignment"), 0);
    std::vector<double> lambda(6);
    for (double& value : lambda) value = to_unit(stream());
    std::vector<Place> places(1 + seed % 6);
    for (Place& place : places) {
      std::uint64_t word = stream();
      place = static_cast<Place>(split_off(word, lattice().size()));
    }
    const auto assigned = assign_zones(lattice(), places, lambda);
    std::vector<std::size_t> zones(6);
    std::iota(zones.begin(), zones.end(), std::size_t{0});
    std::ranges::sort(zones, [&](auto a, auto b) { return lambda[a] > lambda[b]; });
    zones.resize(places.size());
    EXPECT_EQ(std::set(assigned.begin(), assigned.end()), std::set(zones.begin(), zones.end()));
    std::ranges::sort(zones);
    double shortest = total_way(places, zones);
    while (std::ranges::next_permutation(zones).found) {
      shortest = std::min(shortest, total_way(places, zones));
    }
    EXPECT_EQ(total_way(places, assigned), shortest);
  }
}

TEST(Assignment, RobotsLeftOverStayNearWhereTheyAre) {
  const std::vector<double> lambda{1, 1, 1, 1, 1, 1};
  std::vector<Place> places;
  for (const std::size_t zone : {0, 1, 2, 3, 4, 5, 2}) places.push_back(lattice().centre(zone));
  EXPECT_EQ(assign_zones(lattice(), places, lambda),
            (std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 2}));
}

}  // namespace
}  // namespace tacit::patrol
