#include "common/proximity/contact_forecast.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "common/base/random.h"
#include "common/proximity/lattice.h"
#include "common/proximity/line_of_sight.h"

namespace tacit {
namespace {

const Edge kEdge{process_id(0), process_id(1)};

struct Team {
  FloorPlan plan = read_floor_plan(default_floor_plan(), "default");
  Lattice lattice;
  Motion motion{{}, {}};

  explicit Team(double step_m) : lattice(plan, step_m, "default") {
    motion.points.assign(lattice.points().begin(), lattice.points().end());
    for (std::size_t p = 0; p < lattice.size(); ++p) {
      auto& next = motion.next.emplace_back();
      for (std::size_t m = 0; m < lattice.zone_count(); ++m) {
        next.push_back(lattice.next(static_cast<Place>(p), m));
      }
    }
  }
  std::unique_ptr<LinkModel> links(double range_m) const {
    return std::make_unique<LineOfSightLinks>(
        LineOfSightLinks::Config{plan.walls, range_m, motion.points});
  }
};

// The equation that "rounds until two can hear each other" is the only answer of: 0 where they do,
// else one more than for the best they can do in a round.
TEST(ContactForecast, SaysExactlyHowLongAgentsStayOutOfReach) {
  for (const auto& [step_m, range_m] : {std::pair{1.0, 5.0}, {1.0, 0.0}, {0.5, 3.0}}) {
    SCOPED_TRACE(testing::Message() << "step " << step_m << " m, range " << range_m << " m");
    const Team team(step_m);
    const std::size_t count = team.lattice.size();
    const ContactForecast forecast(team.links(range_m), 2, team.motion);
    const auto sight = team.links(range_m);
    std::vector<Round> until(count * count);
    Round longest = 0;
    for (std::size_t a = 0; a < count; ++a) {
      for (std::size_t b = 0; b < count; ++b) {
        const Point here = team.motion.points[a];
        const Point there = team.motion.points[b];
        const bool is_heard = sight->hears(kEdge, 0, here, there);
        ASSERT_EQ(forecast.hears(kEdge, 0, here, there), is_heard);
        const Round quiet = forecast.quiet_rounds(kEdge, here, there);
        ASSERT_EQ(forecast.quiet_rounds(kEdge, there, here), quiet);
        until[a * count + b] = is_heard ? 0 : quiet + 1;
        longest = std::max(longest, quiet);
      }
    }
    for (std::size_t a = 0; a < count; ++a) {
      for (std::size_t b = 0; b < count; ++b) {
        if (until[a * count + b] == 0) continue;
        Round best = kQuietRoundsMost;
        for (const auto next_a : team.motion.next[a]) {
          for (const auto next_b : team.motion.next[b]) {
            best = std::min(best, until[next_a * count + next_b]);
          }
        }
        ASSERT_EQ(until[a * count + b], best + 1) << "places " << a << " and " << b;
      }
    }
    EXPECT_GT(longest, 5);
    EXPECT_LT(longest, kQuietRoundsMost);
  }
}

TEST(ContactForecast, WhoCanNeverMeetIsAskedAllTheSameNowAndThen) {
  const std::vector<Segment> wall{{{5, 0}, {5, 9}}};
  const Motion motion{{{4, 1}, {6, 1}}, {{0}, {1}}};
  auto sight = std::make_unique<LineOfSightLinks>(LineOfSightLinks::Config{wall, 1, {}});
  const ContactForecast forecast(std::move(sight), 2, motion);
  EXPECT_EQ(forecast.quiet_rounds(kEdge, {4, 1}, {6, 1}), kQuietRoundsMost);
  EXPECT_EQ(forecast.quiet_rounds(kEdge, {4, 1}, {4, 1}), 0);
}

TEST(ContactForecast, KnowsNothingOfOtherPlacesAndProcesses) {
  const std::vector<Segment> wall{{{5, 0}, {5, 9}}};
  const Motion motion{{{4, 1}, {6, 1}}, {{0}, {1}}};
  const auto make = [&](std::size_t agent_count, const Motion& known) {
    return ContactForecast(
        std::make_unique<LineOfSightLinks>(LineOfSightLinks::Config{wall, 1, {}}), agent_count,
        known);
  };
  EXPECT_EQ(make(2, motion).quiet_rounds(kEdge, {4, 1}, {7, 1}), 0) << "nobody can be there";
  EXPECT_EQ(make(1, motion).quiet_rounds(kEdge, {4, 1}, {6, 1}), 0) << "1 is the coordinator";
  EXPECT_EQ(make(2, {}).quiet_rounds(kEdge, {4, 1}, {6, 1}), 0) << "nothing is known";
}

TEST(ContactForecast, RefusesAMotionThatLeadsNowhere) {
  const auto make = [](const Motion& motion) {
    ContactForecast(std::make_unique<LineOfSightLinks>(LineOfSightLinks::Config{{}, 1, {}}), 2,
                    motion);
  };
  EXPECT_THROW(make({{{0, 0}}, {}}), std::invalid_argument);
  EXPECT_THROW(make({{{0, 0}}, {{1}}}), std::invalid_argument);
}

}  // namespace
}  // namespace tacit
