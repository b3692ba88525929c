#include "common/proximity/lattice.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "common/base/error.h"

namespace tacit::patrol {
namespace {

Lattice default_lattice(double step_m = 1) {
  return {read_floor_plan(default_floor_plan(), "default"), step_m, "default"};
}

/// Two zones at the ends of an L, with corner `corner`.
FloorPlan corner_plan(Point corner) {
  FloorPlan plan;
  plan.domain = {20, 20};
  plan.zones = {{1, 1}, {4, 4}};
  plan.tiles = {{"left", {0, 0}, {4, 4}}, {"right", {4, 0}, {2000, 4}}};
  plan.waypoints = {{"A", corner}, {"Z1", {1, 1}}, {"Z2", {4, 4}}};
  plan.edges = {{1, 0}, {0, 2}};
  return plan;
}

std::string refusal(const FloorPlan& plan, double step_m, ExitCode code) {
  try {
    Lattice(plan, step_m, "plan.json");
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), code);
    return error.what();
  }
  return "";
}

TEST(Lattice, HasTheWaysOfTheSpecification) {
  const Lattice lattice = default_lattice();
  EXPECT_EQ(lattice.size(), 223u);
  EXPECT_EQ(lattice.tile_count(), 12u);
  const double way[6][6] = {{0, 19, 26, 29, 33, 37},     {19, 0, 19, 22, 26, 30},
                            {26, 19, 0, 15, 19, 23},     {29, 22, 15, 0, 10.5, 14.5},
                            {33, 26, 19, 10.5, 0, 10.5}, {37, 30, 23, 14.5, 10.5, 0}};
  for (std::size_t a = 0; a < 6; ++a) {
    for (std::size_t b = 0; b < 6; ++b) EXPECT_EQ(lattice.way_m(lattice.centre(a), b), way[a][b]);
  }
}

TEST(Lattice, ReachesAnyZoneInThirtySevenStepsAndStays) {
  const Lattice lattice = default_lattice();
  for (std::size_t p = 0; p < lattice.size(); ++p) {
    for (std::size_t m = 0; m < lattice.zone_count(); ++m) {
      auto place = static_cast<Place>(p);
      for (int step = 0; step < 37; ++step) {
        const double left = lattice.way_m(place, m);
        place = lattice.next(place, m);
        EXPECT_EQ(lattice.way_m(place, m), std::max(0.0, left - 1));
      }
      EXPECT_EQ(place, lattice.centre(m)) << p << " to " << m;
      EXPECT_EQ(lattice.next(place, m), place);
      EXPECT_EQ(lattice.zones(place), 1 << m);
    }
  }
}

// 1/22 of 5.5 m is no sum of powers of two, and so are most lengths from there on.
TEST(Lattice, EdgesOfAnyLengthHaveTheirPointsOnTheGrid) {
  for (int steps = 20; steps <= 400; ++steps) {
    const Point a{1, 1}, b{1 + Lattice::kSpacing * steps, 1};
    for (const auto& [from, to] : {std::pair{a, b}, std::pair{b, a}}) {
      FloorPlan plan;
      plan.domain = {200, 20};
      plan.zones = {from, to};
      plan.tiles = {{"all", {0, 0}, {200, 20}}};
      plan.waypoints = {{"Z1", from}, {"Z2", to}};
      plan.edges = {{0, 1}};
      const Lattice lattice(plan, 1, "plan.json");
      ASSERT_EQ(lattice.size(), static_cast<std::size_t>(steps) + 1);
      for (const Point& point : lattice.points()) {
        ASSERT_EQ(point.x / Lattice::kSpacing, std::round(point.x / Lattice::kSpacing)) << steps;
        ASSERT_EQ(point.y, 1);
      }
    }
  }
}

TEST(Lattice, GoesAroundCornersWithinOneStep) {
  const Lattice lattice = default_lattice();
  const auto go = [&](Point from, std::size_t zone) {
    return lattice.point(lattice.next(lattice.find(from).value(), zone));
  };
  EXPECT_EQ(go({13, 3.25}, 0), (Point{12.25, 3}));
  EXPECT_EQ(go({24.75, 3.5}, 3), (Point{25.25, 4}));
  EXPECT_EQ(go({28, 4}, 4), (Point{27, 4}));
  EXPECT_EQ(go({6, 8.75}, 0), (Point{6, 9})) << "no overshoot";
  const Lattice fast = default_lattice(40);
  EXPECT_EQ(fast.next(fast.centre(0), 5), fast.centre(5));
}

TEST(Lattice, FindsItsPointsAndNoOthers) {
  const Lattice lattice = default_lattice();
  std::set<Place> found;
  for (const Point point : lattice.points()) found.insert(lattice.find(point).value());
  EXPECT_EQ(found.size(), lattice.size());
  for (std::size_t p = 0; p < lattice.size(); ++p) {
    EXPECT_EQ(lattice.find(lattice.points()[p]), static_cast<Place>(p));
  }
  for (const Point other : {Point{6, 9.25}, {6, 8.8}, {0, 0}, {31, 15}}) {
    EXPECT_FALSE(lattice.find(other)) << other.x << ", " << other.y;
  }
}

// An office is closed towards its corridor, a lab open: [x0, x1) x [y0, y1), first match.
TEST(Lattice, TilesAreHalfOpen) {
  const Lattice lattice = default_lattice();
  const auto tile = [&](Point point) { return lattice.tile(lattice.find(point).value()); };
  EXPECT_EQ(tile({6, 4}), 0u);
  EXPECT_EQ(tile({6, 3.75}), 6u);
  EXPECT_EQ(tile({26, 8}), 4u);
  EXPECT_EQ(tile({25.75, 8}), 10u);
  EXPECT_EQ(tile({24.75, 6}), 10u);
  const Lattice corner(corner_plan({1, 4}), 1, "corner");
  EXPECT_EQ(corner.tile(corner.find({1, 4}).value()), 0u) << "closed on the outer edge";
  const Lattice beside(corner_plan({4, 1}), 1, "beside");
  EXPECT_EQ(beside.tile(beside.find({4, 1}).value()), 1u);
}

TEST(Lattice, ZonesAreClosedDiscs) {
  const Lattice lattice = default_lattice();
  const auto zones = [&](Point point) { return lattice.zones(lattice.find(point).value()); };
  EXPECT_EQ(zones({6, 8}), 1);
  EXPECT_EQ(zones({6, 7.75}), 0);
  EXPECT_EQ(zones({27, 12}), 32);
  EXPECT_EQ(zones({26.75, 12}), 0);
}

TEST(Lattice, RefusesPlansThatAreNotOnIt) {
  const auto bad = [](const FloorPlan& plan) { return refusal(plan, 1, ExitCode::bad_data); };
  EXPECT_EQ(bad(corner_plan({4, 1})), "");
  EXPECT_NE(bad(corner_plan({4, 1.1})).find("plan.json: waypoints.A: lies off the lattice"),
            std::string::npos);
  EXPECT_NE(bad(corner_plan({4, 1.25})).find("edges: Z1-A lies off the lattice; it must be"),
            std::string::npos);
  FloorPlan plan = corner_plan({4, 1});
  plan.tiles.pop_back();
  plan.tiles[0].high = {3, 4};
  EXPECT_NE(bad(plan).find("tiles: none holds the place (4.0"), std::string::npos) << bad(plan);
  plan = corner_plan({1025, 1});
  plan.waypoints[2].place = {1025, 4};
  plan.zones[1] = {1025, 4};
  EXPECT_NE(bad(plan).find("longer than 4096 points"), std::string::npos) << bad(plan);
}

TEST(Lattice, RefusesStepsThatLeaveIt) {
  for (const double step_m : {0.0, -1.0, 0.3, 1e9, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_NE(refusal(corner_plan({4, 1}), step_m, ExitCode::config).find("step_m must be"),
              std::string::npos)
        << step_m;
  }
}

}  // namespace
}  // namespace tacit::patrol
