#include "agent/systems/grid/grid_theory.h"

#include <gtest/gtest.h>

#include <cmath>

#include "common/graph/generators.h"
#include "tests/support/test_links.h"

namespace tacit::grid {
namespace {

using tacit::testing::CoinLinks;
using tacit::testing::OneOutage;

const CoinLinks kUp(1.0);
constexpr LinkTraits kFailing{0.5, true, false};

/// Three agents on a line, one hour. By hand, with eps = 0.5: Metropolis' P = [3 1 0; 1 2 1; 0 1 3]
/// / 4 has the eigenvalues 1, 3/4, 1/4; the random walk's [2 2 0; 1 2 1; 0 2 2] / 4 has 1, 1/2, 0
/// and w = (1, 2, 1) / 4.
DualTrace one_hour() { return {{{0, 0.3}, {0, 0.2}, {0, 0.1}}, {{6}, {3}, {0}}}; }

TEST(GridTheoryUnit, MetropolisOnALine) {
  DualConfig dual;
  const auto check = check_consensus(Method::consensus, dual, line_graph(3), kUp, {}, one_hour());
  const double push = std::sqrt(6.0);  // of (3, 0, -3) / sqrt 3
  EXPECT_NEAR(check.error[1], std::sqrt(0.02 / 3), 1e-15);
  EXPECT_NEAR(check.step_bound[1], 0.75 * 0.05 * push, 1e-12);
  EXPECT_NEAR(check.error_bound.value(), 0.75 * 0.05 * push / 0.25, 1e-12);
  dual.iterations = 2;
  const auto twice = check_consensus(Method::consensus, dual, line_graph(3), kUp, {}, one_hour());
  EXPECT_NEAR(twice.step_bound[1], 0.5625 * 0.05 * push, 1e-12);
}

TEST(GridTheoryUnit, RandomWalkMeasuresInItsOwnNorm) {
  DualConfig dual;
  dual.weights = Weights::random_walk;
  const auto check = check_consensus(Method::consensus, dual, line_graph(3), kUp, {}, one_hour());
  EXPECT_NEAR(check.error[1], std::sqrt(0.25 * 0.02), 1e-15);
  EXPECT_NEAR(check.step_bound[1], 0.5 * 0.05 * std::sqrt(4.5), 1e-12);
}

TEST(GridTheoryUnit, AnHourThatLeavesAgentsApartPromisesNothing) {
  const DualConfig dual;
  const OneOutage outage(process_id(0), process_id(1), 0, 1);
  const auto check =
      check_consensus(Method::consensus, dual, line_graph(3), outage, kFailing, one_hour());
  EXPECT_NEAR(check.step_bound[1], 0.05 * std::sqrt(6.0), 1e-12);
  EXPECT_FALSE(check.error_bound);
}

TEST(GridTheoryUnit, HoursLookAtTheirOwnRounds) {
  DualConfig dual;
  dual.iterations = 2;
  const DualTrace two{{{0, 0, 0}, {0, 0, 0}, {0, 0, 0}}, {{6, 6}, {3, 3}, {0, 0}}};
  const OneOutage outage(process_id(0), process_id(1), 2, 4);
  const auto check = check_consensus(Method::consensus, dual, line_graph(3), outage, kFailing, two);
  EXPECT_NEAR(check.step_bound[1], 0.5625 * 0.05 * std::sqrt(6.0), 1e-12);
  EXPECT_NEAR(check.step_bound[2], 0.05 * std::sqrt(6.0), 1e-12);
}

TEST(GridTheoryUnit, ClaimsNothingBeyondWhatItKnows) {
  const Graph graph = line_graph(3);
  const auto bound_count = [&](Method method, Weights weights, const LinkTraits& traits) {
    DualConfig dual;
    dual.weights = weights;
    return consensus_bounds(check_consensus(method, dual, graph, kUp, traits, one_hour())).size();
  };
  EXPECT_EQ(bound_count(Method::consensus, Weights::random_walk, {}), 2u);
  EXPECT_EQ(bound_count(Method::consensus, Weights::metropolis, kFailing), 1u);
  EXPECT_EQ(bound_count(Method::consensus, Weights::random_walk, kFailing), 0u);
  EXPECT_EQ(bound_count(Method::consensus, Weights::metropolis, {0.5, true, true}), 0u);
  EXPECT_EQ(bound_count(Method::no_consensus, Weights::metropolis, {}), 0u);
  EXPECT_EQ(bound_count(Method::fixed, Weights::metropolis, {}), 0u);
  const std::size_t many = kRealisedAgentsMost + 1;
  const DualTrace crowd{std::vector(many, std::vector{0.0, 0.0}),
                        std::vector(many, std::vector{1.0})};
  EXPECT_TRUE(consensus_bounds(
                  check_consensus(Method::consensus, {}, ring_graph(many), kUp, kFailing, crowd))
                  .empty());
}

TEST(GridTheoryUnit, TheStepClosestToItsBoundStandsForAll) {
  const auto bound_of = [](const ConsensusCheck& check) { return consensus_bounds(check).at(0); };
  const Bound broken = bound_of({{0, 0.1, 0.5, 0.2}, {0, 0.2, 0.4, 0.2}, {}});
  EXPECT_EQ(broken.measured, 0.5);
  EXPECT_EQ(broken.bound, 0.4);
  EXPECT_FALSE(broken.held());
  // However small: what rounding cannot explain is a violation.
  EXPECT_FALSE(bound_of({{0, 1e-6, 0.3}, {0, 0.9e-6, 0.3}, {}}).held());
  const Bound held = bound_of({{0, 0, 0.3, 0.1}, {0, 0, 0.4, 0.11}, {}});
  EXPECT_EQ(held.measured, 0.1);
  EXPECT_TRUE(held.held());
}

TEST(GridTheoryUnit, OneAgentAgreesWithItself) {
  const auto check =
      check_consensus(Method::consensus, {}, ring_graph(1), kUp, {}, DualTrace{{{0, 0.4}}, {{9}}});
  for (const Bound& bound : consensus_bounds(check)) EXPECT_TRUE(bound.held()) << bound.name;
}

}  // namespace
}  // namespace tacit::grid
