#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

#include "common/link/combined_links.h"
#include "common/link/random_links.h"
#include "common/link/schedule.h"

namespace tacit {
namespace {

Edge edge(std::size_t from, std::size_t to) { return {process_id(from), process_id(to)}; }

TEST(BernoulliLinks, CertainOnesAreCertain) {
  for (const bool one_way : {false, true}) {
    const BernoulliLinks always({1, 1.0, one_way});
    const BernoulliLinks never({1, 0.0, one_way});
    for (Round round = 0; round < 1000; ++round) {
      EXPECT_TRUE(always.sends(edge(0, 1), round));
      EXPECT_FALSE(never.sends(edge(0, 1), round));
    }
  }
}

TEST(BernoulliLinks, RefusesWhatIsNoProbability) {
  for (const double wrong : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THROW(BernoulliLinks({1, wrong, false}), std::invalid_argument);
  }
}

TEST(ScheduledLinks, OutagesAreExactAtTheirEnds) {
  const ScheduledLinks links({{process_id(1), process_id(2), {5, 8}},
                              {process_id(4), {}, {7, 9}},
                              {process_id(1), process_id(2), {20, 21}}},
                             {});
  for (Round round = 0; round < 25; ++round) {
    SCOPED_TRACE(round);
    const bool link_down = (5 <= round && round < 8) || round == 20;
    const bool node_down = 7 <= round && round < 9;
    EXPECT_EQ(links.sends(edge(1, 2), round), !link_down);
    EXPECT_EQ(links.sends(edge(2, 1), round), !link_down);
    EXPECT_EQ(links.sends(edge(4, 0), round), !node_down);
    EXPECT_EQ(links.sends(edge(3, 4), round), !node_down);
    EXPECT_TRUE(links.sends(edge(1, 3), round));
  }
}

TEST(ScheduledLinks, PartitionsSeparateGroupsAndTheRest) {
  const ScheduledLinks links(
      {}, {{{{process_id(0), process_id(1)}, {process_id(2), process_id(3)}}, {10, 12}}});
  for (Round round = 8; round < 14; ++round) {
    SCOPED_TRACE(round);
    const bool whole = round < 10 || round >= 12;
    EXPECT_TRUE(links.sends(edge(0, 1), round));
    EXPECT_TRUE(links.sends(edge(2, 3), round));
    EXPECT_TRUE(links.sends(edge(7, 8), round)) << "who is in no group stays together";
    EXPECT_EQ(links.sends(edge(1, 2), round), whole);
    EXPECT_EQ(links.sends(edge(2, 1), round), whole);
    EXPECT_EQ(links.sends(edge(3, 7), round), whole);
    EXPECT_EQ(links.sends(edge(7, 3), round), whole);
  }
}

TEST(ScheduledLinks, RefusesImpossiblePlans) {
  const auto outage = [](Outage one) { ScheduledLinks({one}, {}); };
  EXPECT_THROW(outage({process_id(1), {}, {5, 5}}), std::invalid_argument);
  EXPECT_THROW(outage({process_id(1), {}, {-1, 5}}), std::invalid_argument);
  EXPECT_THROW(outage({process_id(1), process_id(1), {1, 5}}), std::invalid_argument);
  const Partition twice{{{process_id(1)}, {process_id(1)}}, {0, 1}};
  EXPECT_THROW(ScheduledLinks({}, {twice}), std::invalid_argument);
}

TEST(BothUp, NeedsBoth) {
  const auto outage = [](std::size_t agent) {
    return std::make_unique<ScheduledLinks>(std::vector<Outage>{{process_id(agent), {}, {0, 9}}},
                                            std::vector<Partition>{});
  };
  const BothUp links(outage(0), outage(1));
  EXPECT_FALSE(links.sends(edge(0, 2), 3));
  EXPECT_FALSE(links.sends(edge(1, 2), 3));
  EXPECT_TRUE(links.sends(edge(2, 3), 3));
  EXPECT_TRUE(links.sends(edge(0, 1), 9));
}

TEST(CoordinatorApart, KeepsTheCoordinatorOutOfTheAgentsFailures) {
  const auto never = [] {
    return std::make_unique<BernoulliLinks>(BernoulliLinks::Config{1, 0, false});
  };
  const CoordinatorApart safe(process_id(5), never(), nullptr);
  EXPECT_TRUE(safe.sends(edge(5, 0), 0));
  EXPECT_TRUE(safe.sends(edge(4, 5), 0));
  EXPECT_FALSE(safe.sends(edge(4, 3), 0));
  const CoordinatorApart cut_off(process_id(5), std::make_unique<AlwaysUp>(), never());
  EXPECT_FALSE(cut_off.sends(edge(5, 0), 0));
  EXPECT_FALSE(cut_off.sends(edge(4, 5), 0));
  EXPECT_TRUE(cut_off.sends(edge(4, 3), 0));
}

}  // namespace
}  // namespace tacit
