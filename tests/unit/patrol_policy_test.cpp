#include "agent/systems/patrol/patrol_policy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "agent/systems/patrol/draws.h"
#include "agent/systems/patrol/team_policies.h"
#include "common/base/error.h"

namespace tacit::patrol {
namespace {

const PolicyShape kShape{12, 6};

PatrolPolicy drawn_policy(std::uint64_t seed, const PolicyShape& shape = kShape) {
  RandomStream stream(seed, process_id(0), purpose("test.policy"), 0);
  PatrolPolicy policy = PatrolPolicy::initial(shape, stream);
  for (float& value : policy.parameters()) value += static_cast<float>(to_unit(stream()) - 0.5);
  return policy;
}

TEST(ActionTable, ChoosesTheFirstSumAboveTheDraw) {
  const std::vector<double> rows{0.25, 0.0, 0.5, 0.25, 0.0, 1.0, 0.0, 0.0};
  const ActionTable table(4, rows);
  EXPECT_EQ(table.choose(0, 0.0), 0u);
  EXPECT_EQ(table.choose(0, 0.2499), 0u);
  EXPECT_EQ(table.choose(0, 0.25), 2u) << "an action without chance is never taken";
  EXPECT_EQ(table.choose(0, 0.75), 3u);
  EXPECT_EQ(table.choose(1, 0.0), 1u);
  EXPECT_DOUBLE_EQ(table.probability(0, 2), 0.5);
  EXPECT_DOUBLE_EQ(table.probability(1, 2), 0.0);
}

TEST(ActionTable, TakesTheLastActionInAGapOfRounding) {
  const std::vector<double> row{0.5, 0.25, 0.125};
  EXPECT_EQ(ActionTable(3, row).choose(0, 0.99), 2u);
}

// Goal: the network is the formula of the header, with the parameters in their order.
TEST(PatrolPolicy, IsASoftmaxOverOneHiddenLayer) {
  const std::vector<double> weights{0.3, 0, 1, 0.7, 0, 0.1};
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    const PatrolPolicy policy = drawn_policy(seed);
    const ActionTable table = policy.table(weights);
    const auto& theta = policy.parameters();
    for (std::size_t tile = 0; tile < 12; ++tile) {
      std::vector<double> hidden, chances;
      for (int h = 0; h < 256; ++h) {
        double sum = theta[18 * 256 + h] + theta[static_cast<int>(6 + tile) * 256 + h];
        for (int m = 0; m < 6; ++m) sum += theta[m * 256 + h] * weights[m];
        hidden.push_back(std::max(0.0, sum));
      }
      double all = 0;
      for (int a = 0; a < 6; ++a) {
        double logit = theta[25 * 256 + a];
        for (int h = 0; h < 256; ++h) logit += theta[(19 + a) * 256 + h] * hidden[h];
        chances.push_back(std::exp(logit));
        all += chances.back();
      }
      for (std::size_t a = 0; a < 6; ++a) {
        EXPECT_NEAR(table.probability(tile, a), chances[a] / all, 1e-5) << tile << ", " << a;
      }
    }
  }
}

TEST(PatrolPolicy, BeginsNearlyUndecidedWhateverTheWeights) {
  RandomStream stream(1, process_id(0), purpose("test.policy"), 0);
  const PatrolPolicy policy = PatrolPolicy::initial(kShape, stream);
  const std::vector<double> zeros(6), some{1, 0, 0.5, 0, 0, 0.2};
  for (const auto& weights : {zeros, some}) {
    const ActionTable table = policy.table(weights);
    for (std::size_t tile = 0; tile < 12; ++tile) {
      for (std::size_t a = 0; a < 6; ++a) EXPECT_NEAR(table.probability(tile, a), 1.0 / 6, 0.1);
    }
  }
}

TEST(TeamPolicies, AreReadAsTheyWereWritten) {
  const TeamPolicies team{drawn_policy(1), {drawn_policy(2), drawn_policy(3)}};
  const TeamPolicies again = TeamPolicies::from_bytes(team.bytes(), kShape, 2);
  EXPECT_EQ(again.single.parameters(), team.single.parameters());
  ASSERT_EQ(again.robots.size(), 2u);
  EXPECT_EQ(again.robots[1].parameters(), team.robots[1].parameters());
}

void expect_refused(std::span<const std::byte> content, const std::string& word,
                    const PolicyShape& shape = kShape, std::size_t robot_count = 2) {
  try {
    TeamPolicies::from_bytes(content, shape, robot_count);
    ADD_FAILURE() << "taken: " << word;
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_data);
    EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
  }
}

TEST(TeamPolicies, RefusesWhatIsNoTeamOfThisShape) {
  TeamPolicies team{drawn_policy(1), {drawn_policy(2), drawn_policy(3)}};
  std::vector<std::byte> content = team.bytes();
  expect_refused(content, "2 robots, not 3", kShape, 3);
  expect_refused(content, "12 tiles", PolicyShape{11, 6});
  expect_refused(content, "another network", PolicyShape{12, 6, 128});
  for (std::size_t size = 0; size < content.size(); size += 997) {
    expect_refused(std::span(content).first(size), "ends");
  }
  content.push_back(std::byte{0});
  expect_refused(content, "left over");
  team.robots[1].parameters()[7] = std::numeric_limits<float>::quiet_NaN();
  expect_refused(team.bytes(), "not finite");
  const TeamPolicies mixed{drawn_policy(1), {drawn_policy(2), drawn_policy(3, {12, 6, 8})}};
  expect_refused(mixed.bytes(), "parameters, not 6406");
}

TEST(Draws, StartsAreCentresAndDrawsDependOnRobotRolloutAndSeed) {
  const Lattice lattice(read_floor_plan(default_floor_plan(), "default"), 1, "default");
  std::set<Place> centres, starts;
  for (std::size_t zone = 0; zone < 6; ++zone) centres.insert(lattice.centre(zone));
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    starts.insert(start_place(lattice, seed, process_id(seed % 5)));
  }
  EXPECT_EQ(starts, centres);
  const auto draw = [](std::uint64_t seed, std::size_t robot, std::size_t rollout) {
    std::vector<double> uniforms(100);
    action_draws(seed, process_id(robot), rollout, uniforms);
    return uniforms;
  };
  const std::vector<double> one = draw(1, 2, 3);
  EXPECT_EQ(draw(1, 2, 3), one);
  EXPECT_NE(draw(2, 2, 3), one);
  EXPECT_NE(draw(1, 1, 3), one);
  EXPECT_NE(draw(1, 2, 2), one);
}

}  // namespace
}  // namespace tacit::patrol
