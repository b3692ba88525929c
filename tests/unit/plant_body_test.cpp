// What the tasks make of a simulated body; no simulator is needed for it.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "agent/systems/locomotion/plant/bent_corridor.h"
#include "agent/systems/locomotion/plant/body.h"
#include "common/base/error.h"
#include "common/graph/graph.h"
#include "common/graph/metrics.h"

namespace tacit {
namespace {

BodyState state_of(std::vector<double> position, std::size_t velocity_count,
                   std::vector<double> memory = {}) {
  BodyState state;
  state.position = std::move(position);
  state.velocity.assign(velocity_count, 0.0);
  state.memory = std::move(memory);
  return state;
}

/// A robot of six segments at (x, y, z), turned by `yaw`.
BodyState chain_at(double x, double y, double z, double yaw = 0) {
  std::vector<double> position(31);
  position[0] = x;
  position[1] = y;
  position[2] = z;
  position[3] = std::cos(yaw / 2);
  position[6] = std::sin(yaw / 2);
  return state_of(position, 30);
}

std::vector<double> costs_of(const Body& body, const BodyState& state, std::size_t agent_count) {
  std::vector<double> costs(agent_count, -1.0);
  body.cost(state, costs);
  return costs;
}

TEST(BentCorridor, PiecesBeginAtTheirFirstPlace) {
  const double slope = std::tan(std::numbers::pi / 6);
  for (const auto& [x, centre] : {std::pair{-3.0, -3.0},
                                  {0.0, 0.0},
                                  {19.0, 19.0},
                                  {20.0, 20.0},
                                  {21.0, 19.0},
                                  {59.0, -19.0},
                                  {60.0, -20.0},
                                  {61.0, -19.0},
                                  {99.0, 19.0},
                                  {100.0, 20.0},
                                  {500.0, 20.0}}) {
    EXPECT_NEAR(BentCorridor::centre(x), slope * centre, 1e-12) << x;
  }
}

TEST(BentCorridor, CostsOutsideOrInABandAtTheWalls) {
  const BentCorridor outside{4.5, CorridorCost::outside}, band{4.5, CorridorCost::band};
  for (const auto& [y, outside_pays, band_pays] : {std::tuple{0.0, false, false},
                                                   {2.69, false, false},
                                                   {2.71, true, true},
                                                   {-2.71, true, true},
                                                   {6.29, true, true},
                                                   {6.31, true, false},
                                                   {-6.31, true, false}}) {
    EXPECT_EQ(outside.costs(0, y), outside_pays) << y;
    EXPECT_EQ(band.costs(0, y), band_pays) << y;
  }
}

// Goal: reward of the legged tasks. Method: by hand: 0.1 m in 0.02 s is 5 m/s; 24 actions of 2 in
// range or not cost 0.5 * 96; contacts 10 cost 0.005; to be alive earns 1.
TEST(LeggedBody, RewardIsSpeedLessEffort) {
  const Task task = make_task({.name = "6x1"});
  const auto body = make_chain(task, {});
  const std::vector<double> actions(24, -2.0);
  const BodyState before = chain_at(1.0, 0, 0.7), after = chain_at(1.1, 0, 0.7);
  EXPECT_NEAR(body->reward({before, after, actions, 10.0}), 5 - 48 - 0.005 + 1, 1e-9);
}

TEST(LeggedBody, FallsByHeightOrTilt) {
  const auto body = make_chain(make_task({.name = "6x1"}), {});
  EXPECT_FALSE(body->has_fallen(chain_at(0, 0, 0.21)));
  EXPECT_TRUE(body->has_fallen(chain_at(0, 0, 0.19)));
  EXPECT_FALSE(body->has_fallen(chain_at(0, 0, 0.99, 3.0)));
  EXPECT_TRUE(body->has_fallen(chain_at(0, 0, 1.01)));
  BodyState tilted = chain_at(0, 0, 0.5);
  for (const auto& [tilt, falls] : {std::pair{2.3, false}, {2.4, true}}) {  // acos(-0.7) = 2.346
    tilted.position[3] = std::cos(tilt / 2);
    tilted.position[5] = std::sin(tilt / 2);
    EXPECT_EQ(body->has_fallen(tilted), falls) << tilt;
  }
}

// Goal: whose cost it is. Method: robots across the corridor, so that their heads or their tails
// alone are outside of 2.7 m.
TEST(LeggedBody, CostIsSharedOrEachSegmentsOwn) {
  const Task task = make_task({.name = "6x1"});
  const auto shared = make_chain(task, {});
  const auto local = make_chain(task, {.cost_scope = CostScope::local});
  const double quarter = std::numbers::pi / 2;
  const BodyState head_out = chain_at(0, 3.5, 0.7, quarter);  // segments at y = 3.5, 2.5, ...
  EXPECT_EQ(costs_of(*shared, head_out, 6), (std::vector<double>{1, 1, 1, 1, 1, 1}));
  EXPECT_EQ(costs_of(*local, head_out, 6), (std::vector<double>{1, 0, 0, 0, 0, 0}));
  const BodyState tail_out = chain_at(0, 1.0, 0.7, quarter);  // ... the last at y = -3 and -4
  EXPECT_EQ(costs_of(*shared, tail_out, 6), (std::vector<double>(6, 0.0)));
  EXPECT_EQ(costs_of(*local, tail_out, 6), (std::vector<double>{0, 0, 0, 0, 1, 1}));
  const Task pairs = make_task({.name = "3x2"});
  const auto local_pairs = make_chain(pairs, {.cost_scope = CostScope::local});
  EXPECT_EQ(costs_of(*local_pairs, head_out, 3), (std::vector<double>{1, 0, 0}));
}

TEST(LeggedBody, AgentsSeeTheirOwnJointsAndTheHeadTheEnvironment) {
  const Task task = make_task({.name = "3x2"});
  const auto body = make_chain(task, {});
  BodyState state = chain_at(10, 1, 0.7);
  for (std::size_t k = 0; k < 24; ++k) state.position[7 + k] = 0.01 * static_cast<double>(k);
  for (std::size_t k = 0; k < 24; ++k) state.velocity[6 + k] = 100 + static_cast<double>(k);
  std::vector<float> own(16), info(13);
  body->observe(1, state, own, {});
  const std::vector<float> expected = {0.08F, 0.09F, 0.10F, 0.11F, 108, 109, 110, 111,
                                       0.12F, 0.13F, 0.14F, 0.15F, 112, 113, 114, 115};
  EXPECT_EQ(own, expected);
  body->observe(0, state, own, info);
  EXPECT_EQ(info[0], 0.7F);
  EXPECT_EQ(info[11], 2.0F);
  EXPECT_NEAR(info[12], 1 - 10 * std::tan(std::numbers::pi / 6), 1e-6);
}

// Goal: reward, cost and sight in the mini corridor. Method: by hand, at x = 3 with phase 0, where
// the centre line 0.8 sin(2 pi x / 12) is at its top of 0.8 and level.
TEST(MiniBody, HandCalculation) {
  const Task task = make_task({.name = "mini"});
  const auto body = make_mini(task, {});
  std::vector<double> position(9);
  position[0] = 3;
  position[1] = 1.19;
  BodyState state = state_of(position, 9, std::vector<double>(7));
  EXPECT_EQ(costs_of(*body, state, 6), std::vector<double>(6, 0.0));
  state.position[1] = 1.21;
  EXPECT_EQ(costs_of(*body, state, 6), std::vector<double>(6, 1.0));

  BodyState after = state;
  after.position[0] = 3.1;
  const std::vector<double> actions(12, 2.0);
  EXPECT_NEAR(body->reward({state, after, actions, 0}), 2.0 - 0.48, 1e-12);

  std::vector<float> own(3), info(7);
  state.velocity = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  body->observe(0, state, own, info);
  EXPECT_NEAR(own[1], 0.8, 1e-6);
  const std::vector<double> seen = {
      0.5, 2, 0, 3, 0.82, 0, 2 * 0.8 * std::numbers::pi / 6 * std::cos(0.75 * std::numbers::pi)};
  for (std::size_t k = 0; k < seen.size(); ++k) EXPECT_NEAR(info[k], seen[k], 1e-6) << k;

  std::vector<double> control(12);
  body->command(actions, state, control);
  body->observe(2, state, own, {});
  EXPECT_EQ(own[2], 1.0F);  // the last thrust, as far as the thruster goes
}

// Pods are half a metre apart, so a spine across a level corridor has its ends outside.
TEST(MiniBody, LocalCostIsThePodsOwn) {
  const Task task = make_task({.name = "mini"});
  const auto body = make_mini(task, {.cost_scope = CostScope::local});
  std::vector<double> position(9);
  position[0] = 3;
  position[1] = 0.8;
  position[2] = std::numbers::pi / 2;
  const BodyState state = state_of(position, 9, std::vector<double>(7));
  EXPECT_EQ(costs_of(*body, state, 6), (std::vector<double>{1, 1, 0, 0, 1, 1}));
}

TEST(PairBody, RewardCostAndTendon) {
  const Task task = make_task({.name = "12x1"});
  const auto body = make_runner_pair(task, {});
  const auto local = make_runner_pair(task, {.cost_scope = CostScope::local});
  BodyState before = state_of(std::vector<double>(19), 19);
  BodyState after = before;
  after.position[0] = 0.1;  // 2 m/s
  after.position[9] = 0.3;  // 6 m/s
  std::vector<double> actions(12, 0.0);
  actions[0] = 2;
  EXPECT_NEAR(body->reward({before, after, actions, 0}), (2 + 6 - 0.4) / 2, 1e-12);
  after.position[18] = 29.2;  // the chaser at -4.8: 4.9 and 5.1 behind
  EXPECT_EQ(costs_of(*body, after, 12), std::vector<double>(12, 1.0));
  std::vector<double> first_pays(12, 0.0);
  std::fill_n(first_pays.begin(), 6, 1.0);
  EXPECT_EQ(costs_of(*local, after, 12), first_pays);
  after.position[9] = 1.6;  // 1.5 ahead of the other, two metres beside it: 2.5 m of tendon
  after.velocity[9] = 1;
  std::vector<float> own(4), info(8);
  body->observe(0, after, own, info);
  EXPECT_NEAR(own[2], 2.5, 1e-6);
  EXPECT_NEAR(own[3], 0.6, 1e-6);
  EXPECT_NEAR(info[5], -0.49, 1e-6);
  EXPECT_NEAR(info[7], -0.004, 1e-9);
}

TEST(Task, GraphsAndSizesAreThoseOfTheBodies) {
  struct Expected {
    const char* name;
    std::size_t agents, edges, actions, diameter;
    AgentShape first, last;
  };
  for (const Expected& expected : {Expected{"mini", 6, 5, 12, 5, {2, 3, 7}, {2, 3, 0}},
                                   Expected{"2x3", 2, 1, 24, 1, {12, 24, 13}, {12, 24, 0}},
                                   Expected{"3x2", 3, 2, 24, 2, {8, 16, 13}, {8, 16, 0}},
                                   Expected{"6x1", 6, 5, 24, 5, {4, 8, 13}, {4, 8, 0}},
                                   Expected{"8x1", 8, 10, 8, 3, {1, 2, 13}, {1, 2, 0}},
                                   Expected{"12x1", 12, 11, 12, 7, {1, 4, 8}, {1, 2, 0}}}) {
    SCOPED_TRACE(expected.name);
    const Task task = make_task({.name = expected.name});
    EXPECT_EQ(task.agent_count(), expected.agents);
    EXPECT_EQ(task.action_count(), expected.actions);
    EXPECT_EQ(task.agents.front(), expected.first);
    EXPECT_EQ(task.agents.back(), expected.last);
    const Graph graph(task.agent_count(), task.edges);
    EXPECT_EQ(graph.edges().size(), expected.edges);
    EXPECT_EQ(diameter(graph), expected.diameter);
    for (const AgentShape& agent :
         make_task({.name = expected.name, .env_info = EnvInfo::all}).agents) {
      EXPECT_EQ(agent.info_count, expected.first.info_count);
    }
  }
}

TEST(Task, WhatIsOutOfRangeIsRefused) {
  for (const TaskConfig& config :
       {TaskConfig{.name = "4x4"}, TaskConfig{.name = "mini", .pod_count = 1},
        TaskConfig{.name = "mini", .pod_count = 33},
        TaskConfig{.name = "mini", .integrator = Integrator::runge_kutta},
        TaskConfig{.name = "12x1", .integrator = Integrator::runge_kutta}}) {
    try {
      make_task(config);
      ADD_FAILURE() << config.name << " " << config.pod_count;
    } catch (const InputError& error) {
      EXPECT_EQ(error.code(), ExitCode::config);
    }
  }
}

}  // namespace
}  // namespace tacit
