#include "agent/systems/patrol/patrol_summary.h"

#include <gtest/gtest.h>

#include <cmath>

#include "agent/systems/patrol/patrol_plots.h"
#include "agent/systems/patrol/patrol_trace.h"
#include "common/base/error.h"
#include "common/graph/generators.h"
#include "common/link/random_links.h"

namespace tacit::patrol {
namespace {

/// Process 1 never hears process 0; nobody else is in the way of anybody.
class OneDeafEar final : public LinkModel {
 public:
  bool sends(Edge edge, Round) const override { return edge.to != process_id(1); }
};

/// A corridor of 4 m with a zone at each end and two robots, for two rollouts of four steps.
class PatrolSummary : public testing::Test {
 protected:
  PatrolSummary() {
    FloorPlan plan;
    plan.domain = {6, 2};
    plan.zones = {{1, 1}, {5, 1}};
    plan.walls = {{{0, 2}, {6, 2}}};
    plan.tiles = {{"all", {0, 0}, {6, 2}}};
    plan.waypoints = {{"Z1", {1, 1}}, {"Z2", {5, 1}}};
    plan.edges = {{0, 1}};
    config_.plan = std::make_shared<const FloorPlan>(plan);
    config_.lattice = std::make_shared<const Lattice>(plan, 1, "corridor");
    config_.robot_count = 2;
    config_.rollouts = 2;
    config_.dual = {0.1, 0.5, 0, {0.25, 0.4}, 4};
    // Robot 0 stays in zone 1; robot 1 goes there from zone 2, and stays half way.
    add_robot({1, 1, 1, 1, 1, 1, 1, 1}, {4, 0, 4, 0});
    add_robot({5, 4, 3, 2, 2, 3, 3, 3}, {2, 2, 1, 0});
  }

  /// @param known  [K x M] steps that it believes to be attended
  void add_robot(const std::vector<double>& x, const std::vector<double>& known) {
    ProcessRecord robot;
    robot.metrics.columns = {"x_m", "y_m", "goal"};
    for (std::size_t t = 0; t < x.size(); ++t) {
      robot.metrics.rounds.push_back(static_cast<std::int64_t>(t));
      robot.metrics.rows.push_back({x[t], 1, 1});
    }
    robot.result["attended"] = known;
    const std::vector<int> counts(known.begin(), known.end());
    robot.result["lambda"] = reference(counts);
    robot.result["messages"] = {3};
    robot.result["messages_empty"] = {1};
    robot.result["new_bits"] = {6};
    robot.result["code_bits"] = {15};
    robot.result["payload_bytes"] = {4};
    agents_.push_back(robot);
  }
  std::vector<double> reference(std::span<const int> counts) const {
    std::vector<double> lambda(2, 0.0), rows(2, 0.0);
    for (std::size_t k = 0; k < counts.size(); k += 2) {
      update_multipliers(config_.dual, counts.subspan(k, 2), lambda);
      rows.insert(rows.end(), lambda.begin(), lambda.end());
    }
    return rows;
  }

  Summary summary(const LinkModel& links, const LinkTraits& traits = {}) const {
    return summarise_patrol(config_, graph_, links, traits, agents_);
  }
  Summary summary() const { return summary(links_); }
  double metric(const char* name) const { return summary().metrics.at(name).at(0); }
  const Bound* bound(const Summary& summary, const std::string& name) const {
    const auto found = std::ranges::find(summary.bounds, name, &Bound::name);
    return found == summary.bounds.end() ? nullptr : &*found;
  }
  std::string refusal() const {
    try {
      read_trace(config_, agents_);
    } catch (const InputError& error) {
      EXPECT_EQ(error.code(), ExitCode::bad_data);
      return error.what();
    }
    return "";
  }

  PatrolConfig config_;
  Graph graph_ = line_graph(2);
  AlwaysUp links_;
  std::vector<ProcessRecord> agents_;
};

TEST_F(PatrolSummary, VisitsAreThoseOfAnyRobot) {
  const Summary result = summary();
  EXPECT_EQ(result.metrics.at("visit_fraction"), (std::vector<double>{1, 0.25}));
  EXPECT_EQ(result.metrics.at("margin_min"), (std::vector<double>{0.25 - 0.4}));
  EXPECT_EQ(metric("optimum_margin"), 0.6);
  EXPECT_DOUBLE_EQ(metric("margin_fraction_of_optimum"), -0.25);
  EXPECT_EQ(metric("feasible"), 0);
  ASSERT_EQ(result.constraints.size(), 2u);
  EXPECT_EQ(result.constraints[1].name, "unvisited_zone_2");
  EXPECT_EQ(result.constraints[1].value, 0.75);
  EXPECT_EQ(result.constraints[1].limit, 0.6);
  EXPECT_TRUE(result.constraints[0].met());
}

TEST_F(PatrolSummary, MissedBitsAreThoseThatWereNeverKnown) {
  EXPECT_DOUBLE_EQ(metric("bits_missed_fraction"), 1 - 13.0 / 20);
  const Summary result = summary();
  EXPECT_EQ(bound(result, "false_rewards")->measured, 0);
  EXPECT_TRUE(bound(result, "multiplier_order")->held());
  // Zone 2, 2 of 4 steps known by nobody but one: lambda_1 = 0.2 for robot 0, 0 for the reference;
  // then 0.38 and 0.2.
  EXPECT_DOUBLE_EQ(metric("lambda_error"), (0.2 + 0.18) / 2);
  EXPECT_DOUBLE_EQ(metric("lambda_error_largest"), (0.2 + 0.18) / 2);
}

TEST_F(PatrolSummary, FalseRewardsAreSeen) {
  agents_[0].result["attended"][1] = 3;
  agents_[0].result["lambda"][3] = 0;
  agents_[0].result["lambda"][5] = 0;
  const Summary result = summary();
  EXPECT_EQ(bound(result, "false_rewards")->measured, 1);
  EXPECT_FALSE(bound(result, "false_rewards")->held());
  EXPECT_DOUBLE_EQ(bound(result, "multiplier_order")->measured, 0.2);
  EXPECT_FALSE(result.all_hold());
}

TEST_F(PatrolSummary, WireIsPerMessageAndPerStep) {
  EXPECT_EQ(metric("wire_bytes_per_step"), 1);
  EXPECT_EQ(metric("wire_bits_per_message"), 5);
  EXPECT_EQ(metric("wire_new_bits_per_message"), 2);
  EXPECT_DOUBLE_EQ(metric("wire_empty_fraction"), 1.0 / 3);
  config_.method = Method::no_gossip;
  EXPECT_FALSE(summary().metrics.contains("wire_bytes_per_step"));
  EXPECT_FALSE(summary().metrics.contains("link_frequency"));
}

/// Up in even rounds between those that are at most 2 m apart.
class NearbyInEvenRounds final : public LinkModel {
 public:
  bool sends(Edge, Round round) const override { return round % 2 == 0; }
  bool needs_poses() const override { return true; }
  bool hears(Edge, Round, Point from, Point to) const override { return distance(from, to) <= 2; }
};

TEST_F(PatrolSummary, LinksNeedBothTheModelAndThePlaces) {
  add_robot({1, 1, 1, 1, 1, 1, 1, 1}, {4, 0, 4, 0});
  config_.robot_count = 3;
  graph_ = Graph(3, {{0, 1}, {0, 2}});
  const Summary result = summary(NearbyInEvenRounds{});
  // Robot 1 is near at the steps 2, 4, 6 of 8; robots 1 and 2 are no neighbours.
  EXPECT_EQ(result.metrics.at("link_frequency"), (std::vector<double>{0.375, 0.5, 0}));
  EXPECT_EQ(result.metrics.at("neighbour_fraction"),
            (std::vector<double>{13.0 / 24, 8.0 / 24, 3.0 / 24}));
}

TEST_F(PatrolSummary, PropositionThreeIsClaimedForBernoulliLinksOnly) {
  const Bound* claimed = nullptr;
  const Summary random = summary(links_, {.up_probability = 0.5, .ever_down = true});
  claimed = bound(random, "multiplier_error");
  ASSERT_NE(claimed, nullptr);
  EXPECT_DOUBLE_EQ(claimed->measured, (0.2 + 0.18) / 2);
  EXPECT_DOUBLE_EQ(claimed->bound, 0.5 * 1 / (0.1 * 4 * 0.5));
  for (const LinkTraits& other :
       {LinkTraits{.up_probability = 0, .ever_down = true},
        LinkTraits{.ever_down = true, .independent = false},
        LinkTraits{.up_probability = 0.5, .ever_down = true, .independent = false}}) {
    EXPECT_EQ(bound(summary(links_, other), "multiplier_error"), nullptr);
  }
}

TEST_F(PatrolSummary, SamplePathsAreBoundedForEveryZone) {
  const Summary result = summary();
  for (const char* name : {"sample_path_zone_1", "sample_path_zone_2"}) {
    ASSERT_NE(bound(result, name), nullptr);
    EXPECT_TRUE(bound(result, name)->held());
  }
}

TEST_F(PatrolSummary, RefusesRecordsThatAreNoRunsOwn) {
  EXPECT_EQ(refusal(), "");
  const std::vector<ProcessRecord> whole = agents_;
  agents_[1].metrics.rows.pop_back();
  EXPECT_NE(refusal().find("agent 1: metrics.csv has 7 places, not one for each of 8"),
            std::string::npos)
      << refusal();
  agents_ = whole;
  agents_[1].metrics.rows[3][0] = 1.1;
  EXPECT_NE(refusal().find("agent 1: metrics.csv: the place of step 3"), std::string::npos);
  agents_ = whole;
  agents_[0].result["lambda"].pop_back();
  EXPECT_NE(refusal().find("agent 0: result.json has no lambda of 6 values"), std::string::npos);
  agents_ = whole;
  agents_[0].result.erase("payload_bytes");
  EXPECT_THROW(summary(), InputError);
}

TEST_F(PatrolSummary, PlotsShowTheFloorOfEachRobotAndEachZonesMultiplier) {
  const std::vector<Plot> plots = plot_patrol(config_, graph_, links_, agents_);
  std::vector<std::string> names;
  for (const Plot& plot : plots) names.push_back(plot.file_stem);
  EXPECT_EQ(names,
            (std::vector<std::string>{"visits", "floor_robot_0", "floor_robot_1", "lambda_zone_1",
                                      "lambda_zone_2", "links", "neighbours"}));
  const Plot& floor = plots[2];
  EXPECT_TRUE(floor.equal_axes);
  const Plot::HeatMap& map = floor.heat_map.at(0);
  ASSERT_EQ(map.cells.size(), 1u);
  ASSERT_EQ(map.cells[0].size(), 17u);
  EXPECT_EQ(map.spacing, 0.25);
  EXPECT_DOUBLE_EQ(map.cells[0][8], std::log10(4.0 / 8)) << "4 of 8 steps at x = 3";
  EXPECT_TRUE(std::isnan(map.cells[0][0]));
  EXPECT_EQ(floor.series.size(), 2u);
  EXPECT_EQ(plots[0].series[1].name, "zone 2 (0.4)");
  EXPECT_EQ(plots[0].series[1].y, (std::vector<double>{0.5, 0.25}));
  EXPECT_EQ(plots[3].series.back().name, "reference");
  EXPECT_EQ(plots[5].heat_map.at(0).cells[0][1], 1);
  EXPECT_EQ(plots[6].series[0].y, (std::vector<double>{0, 1}));
}

TEST_F(PatrolSummary, PairsHearEachOtherOnlyWhereBothDo) {
  const LinkCounts counts =
      count_links(read_trace(config_, agents_), *config_.lattice, complete_graph(2), OneDeafEar());
  EXPECT_EQ(counts.pairs, (std::vector<std::size_t>{0}));
  EXPECT_EQ(counts.neighbours, (std::vector<std::size_t>{8, 8})) << "robot 0 hears one, always";
}

}  // namespace
}  // namespace tacit::patrol
