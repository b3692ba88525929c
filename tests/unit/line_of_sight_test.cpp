#include "common/proximity/line_of_sight.h"

#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

#include "common/base/random.h"
#include "common/proximity/lattice.h"

namespace tacit {
namespace {

const Edge kEdge{process_id(0), process_id(1)};

FloorPlan default_plan() { return read_floor_plan(default_floor_plan(), "default"); }

TEST(Geometry, TouchingIsMeeting) {
  const Segment wall{{0, 0}, {4, 0}};
  for (const Segment& other : {Segment{{1, -1}, {1, 1}},   // crosses
                               Segment{{1, 0}, {1, 1}},    // ends on it
                               Segment{{-1, -1}, {1, 1}},  // through its end
                               Segment{{4, 0}, {5, 1}},    // end to end
                               Segment{{3, 0}, {9, 0}},    // along it
                               Segment{{2, 0}, {2, 0}}}) {
    EXPECT_TRUE(meet(wall, other));
    EXPECT_TRUE(meet(other, wall));
  }
  for (const Segment& other :
       {Segment{{1, 0.25}, {1, 1}}, Segment{{4.25, 0}, {9, 0}}, Segment{{5, -1}, {5, 1}},
        Segment{{-1, 0.5}, {5, 0.25}}, Segment{{3, -2}, {6, 1}}, Segment{{5, 0}, {5, 0}}}) {
    EXPECT_FALSE(meet(wall, other));
    EXPECT_FALSE(meet(other, wall));
  }
  EXPECT_EQ(distance({1, 2}, {4, 6}), 5);
}

class LineOfSight : public testing::Test {
 protected:
  LineOfSightLinks by_table(double range_m) const {
    return LineOfSightLinks({plan_.walls, range_m, points_});
  }
  LineOfSightLinks by_geometry(double range_m) const {
    return LineOfSightLinks({plan_.walls, range_m, {}});
  }
  template <typename Use>
  void each_pair(Use use) const {
    for (const Point a : points_) {
      for (const Point b : points_) use(a, b);
    }
  }

  FloorPlan plan_ = default_plan();
  Lattice lattice_{plan_, 1, "default"};
  std::vector<Point> points_{lattice_.points().begin(), lattice_.points().end()};
};

TEST_F(LineOfSight, SightIsSymmetricAndReflexive) {
  const LineOfSightLinks sight = by_table(0);
  const LineOfSightLinks exact = by_geometry(0);
  int pairs = 0;
  each_pair([&](Point a, Point b) {
    const bool is_heard = sight.hears(kEdge, 0, a, b);
    ASSERT_EQ(sight.hears(kEdge, 0, b, a), is_heard);
    ASSERT_EQ(exact.hears(kEdge, 0, a, b), is_heard);
    ASSERT_TRUE(is_heard || a != b);
    pairs += is_heard;
  });
  EXPECT_GT(pairs, 223);
  EXPECT_TRUE(sight.sends(kEdge, 7));
  EXPECT_TRUE(sight.needs_poses());
}

TEST_F(LineOfSight, MoreRangeHearsMore) {
  std::vector<int> pairs;
  for (int range_m = 0; range_m <= 7; ++range_m) {
    const LineOfSightLinks links = by_table(range_m);
    const LineOfSightLinks less = by_table(std::max(0, range_m - 1));
    pairs.push_back(0);
    each_pair([&](Point a, Point b) {
      const bool is_heard = links.hears(kEdge, 0, a, b);
      ASSERT_TRUE(is_heard || !less.hears(kEdge, 0, a, b));
      pairs.back() += is_heard;
    });
  }
  EXPECT_EQ(pairs[0], pairs[2]) << "on the lattice no disc below 3 m adds to sight";
  EXPECT_EQ(pairs[1], pairs[2]);
  for (std::size_t range_m = 3; range_m <= 7; ++range_m) {
    EXPECT_GT(pairs[range_m], pairs[range_m - 1]);
  }
}

TEST_F(LineOfSight, CentresHearEachOtherByRangeAlone) {
  const auto hears = [&](double range_m, std::size_t a, std::size_t b) {
    return by_table(range_m).hears(kEdge, 0, plan_.zones[a], plan_.zones[b]);
  };
  for (std::size_t a = 0; a < 6; ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      EXPECT_FALSE(hears(3.99, a, b));
      EXPECT_EQ(hears(4, a, b), a - b == 1 && b >= 3) << a << ", " << b;
      EXPECT_EQ(hears(7, a, b), a - b == 1 && b != 2) << a << ", " << b;
    }
  }
}

// A peer may be anywhere, and both ends must still agree.
TEST_F(LineOfSight, PlacesOffTheLatticeAreDecidedByGeometry) {
  const LineOfSightLinks links = by_table(2);
  const LineOfSightLinks exact = by_geometry(2);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    RandomStream random(seed, process_id(0), purpose("test.sight"), 0);
    const auto somewhere = [&] {
      return Point{31 * to_unit(random()) - 0.5, 15 * to_unit(random())};
    };
    int heard = 0;
    for (int k = 0; k < 500; ++k) {
      const Point a = somewhere();
      const Point b = k % 2 == 0 ? somewhere() : points_[static_cast<std::size_t>(k) % 223];
      const bool is_heard = links.hears(kEdge, 0, a, b);
      ASSERT_EQ(links.hears(kEdge, 0, b, a), is_heard);
      ASSERT_EQ(exact.hears(kEdge, 0, a, b), is_heard);
      heard += is_heard;
    }
    EXPECT_GT(heard, 10);
  }
  EXPECT_TRUE(links.hears(kEdge, 0, {6.5, 4 - 1e-6}, {6.4, 4})) << "close by";
  EXPECT_FALSE(by_table(0).hears(kEdge, 0, {6.75, 4 - 1e-6}, {6.75, 4 + 1e-6})) << "through a wall";
}

TEST_F(LineOfSight, RefusesWhatCannotBe) {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double range_m : {-1.0, infinity, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THROW(LineOfSightLinks({{}, range_m, {}}), std::invalid_argument);
  }
  EXPECT_THROW(LineOfSightLinks({{}, 1, {{0, 0}, {0.3, 0}}}), std::invalid_argument);
  EXPECT_THROW(LineOfSightLinks({{}, 1, {{0, 0}, {1e6, 1e6}}}), std::invalid_argument);
  const LineOfSightLinks links({{}, 1, {{0, 0}}});
  EXPECT_DEATH(links.hears(kEdge, 0, {0, 0}, {infinity, 0}), "nowhere");
}

}  // namespace
}  // namespace tacit
