#include "agent/systems/grid/grid_summary.h"

#include <gtest/gtest.h>

#include <cmath>

#include "agent/systems/grid/grid_plots.h"
#include "common/base/error.h"
#include "common/graph/generators.h"
#include "tests/support/test_links.h"

namespace tacit::grid {
namespace {

const tacit::testing::CoinLinks kUp(1.0);
const std::vector<std::string> kColumns = {"lambda",     "nu",          "demand_kwh",
                                           "grid_kwh",   "battery_kwh", "backlog_kwh",
                                           "charge_kwh", "spill_kwh",   "cost"};

/// Agents in one house each of a district of flat demand (1 kWh) and price (0.2 $/kWh).
GridConfig flat_config(std::size_t agent_count, std::size_t hours) {
  auto district = std::make_shared<District>();
  district->origin = "test";
  district->hour.assign(24, 1);
  for (std::size_t t = 0; t < 24; ++t) district->hour[t] = static_cast<double>(t + 1);
  district->price.assign(24, 0.2);
  district->buildings.push_back({std::vector(24, 1.0), std::vector(24, 0.0), {}});
  GridConfig config;
  config.hours = hours;
  config.multiplier.assign(agent_count, 1.0);
  config.district = district;
  config.peak_kwh = static_cast<double>(agent_count);
  config.mean_demand_kwh = static_cast<double>(agent_count);
  config.cap_fraction = 0.5;
  config.benchmark = false;
  return config;
}

/// An agent that bought and paid `grid` each hour, with the backlog and lambda as given.
ProcessRecord record(const std::vector<double>& grid, const std::vector<double>& backlog,
                     const std::vector<double>& lambda) {
  ProcessRecord agent;
  agent.metrics.columns = kColumns;
  for (std::size_t k = 0; k < grid.size(); ++k) {
    agent.metrics.rounds.push_back(static_cast<std::int64_t>(k));
    agent.metrics.rows.push_back(
        {lambda[k], -1, 1, grid[k], 0, backlog[k], 0, 0.25, 0.2 * grid[k]});
  }
  agent.result["lambda"] = {lambda.back()};
  return agent;
}

double metric(const Summary& summary, const std::string& name) {
  return summary.metrics.at(name).front();
}

TEST(GridSummary, AddsUpWhatTheAgentsRecorded) {
  const GridConfig config = flat_config(2, 4);
  const Graph graph = ring_graph(2);
  const std::vector<ProcessRecord> agents = {
      record({1, 0, 0.5, 0.5}, {0, 3, 1, 2}, {0, 4, 1, 1}),
      record({0, 0, 0.5, 0.5}, {0, 0, 1, 1.02}, {0, 0, 2, 3}),
  };
  const Summary summary = summarise_grid(config, graph, kUp, {}, agents);
  EXPECT_DOUBLE_EQ(metric(summary, "grid_fraction"), 3.0 / 4 / 2);
  EXPECT_EQ(metric(summary, "cap_fraction"), 0.5);
  EXPECT_DOUBLE_EQ(metric(summary, "cost"), 0.6);
  EXPECT_DOUBLE_EQ(metric(summary, "backlog_end_kwh"), 3.02);
  EXPECT_DOUBLE_EQ(metric(summary, "adjusted_cost"), 0.6 + 0.21 * 3.02);
  EXPECT_DOUBLE_EQ(metric(summary, "spill_kwh"), 2);
  EXPECT_EQ(metric(summary, "peak_kwh"), 2);
  // The second half: total backlog 2, then 3.02; lambda (1, 2), then (1, 3).
  EXPECT_NEAR(metric(summary, "backlog_slope"), 1.02 / 2, 1e-12);
  EXPECT_DOUBLE_EQ(metric(summary, "lambda_mean_second_half"), 1.75);
  EXPECT_DOUBLE_EQ(metric(summary, "spread_mean_second_half"), 1.5);
  EXPECT_EQ(summary.metrics.at("lambda_max"), (std::vector<double>{4, 3}));
  EXPECT_FALSE(summary.metrics.contains("gap"));
}

TEST(GridSummary, IsFeasibleBelowTheCapWithASteadyBacklog) {
  GridConfig config = flat_config(1, 100);
  config.method = Method::fixed;
  const Graph graph = ring_graph(1);
  const auto feasible = [&](double grid, double slope) {
    std::vector<double> backlog;
    for (int k = 0; k < 100; ++k) backlog.push_back(100 + (k < 50 ? 9.0 * k : slope * k));
    const std::vector<ProcessRecord> agents = {
        record(std::vector(100, grid), backlog, std::vector(100, 0.0))};
    const Summary summary = summarise_grid(config, graph, kUp, {}, agents);
    EXPECT_EQ(summary.all_hold(), metric(summary, "feasible") == 1);
    EXPECT_TRUE(summary.bounds.empty());
    return metric(summary, "feasible") == 1;
  };
  EXPECT_TRUE(feasible(0.5, 0.0099));
  EXPECT_TRUE(feasible(0.4, -3));
  EXPECT_FALSE(feasible(0.5001, 0));
  EXPECT_FALSE(feasible(0.4, 0.0101));
}

// With a flat price and no sun perfect foresight can only choose what to leave unserved.
TEST(GridSummary, ComparesWithPerfectForesightAtTheSameBacklog) {
  GridConfig config = flat_config(2, 10);
  config.method = Method::no_consensus;
  config.benchmark = true;
  const Graph graph = ring_graph(2);
  std::vector<double> backlog(10, 0.0);
  backlog.back() = 2;
  const std::vector<ProcessRecord> agents = {
      record(std::vector(10, 1.0), backlog, std::vector(10, 0.0)),
      record(std::vector(10, 1.0), std::vector(10, 0.0), std::vector(10, 0.0))};
  const Summary summary = summarise_grid(config, graph, kUp, {}, agents);
  EXPECT_NEAR(metric(summary, "benchmark_cost"), 0.2 * 18, 1e-9);
  EXPECT_NEAR(metric(summary, "gap"), 20.0 / 18 - 1, 1e-9);
}

TEST(GridSummary, RefusesARunWithMissingHours) {
  const GridConfig config = flat_config(2, 3);
  std::vector<ProcessRecord> agents = {record({1, 1, 1}, {0, 0, 0}, {0, 0, 0}),
                                       record({1, 1}, {0, 0}, {0, 0})};
  const auto refused = [&] {
    try {
      summarise_grid(config, ring_graph(2), kUp, {}, agents);
    } catch (const InputError& error) {
      EXPECT_EQ(error.code(), ExitCode::bad_data);
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_NE(refused().find("agent 1: metrics.csv has 2 values"), std::string::npos) << refused();
  agents[1] = record({1, 1, 1}, {0, 0, 0}, {0, 0, 0});
  agents[1].result.clear();
  EXPECT_NE(refused().find("agent 1: result.json has no lambda"), std::string::npos) << refused();
}

std::vector<Plot> plots_of(std::size_t agent_count, std::size_t hours, Method method) {
  GridConfig config = flat_config(agent_count, hours);
  config.method = method;
  config.benchmark = true;
  std::vector<ProcessRecord> agents;
  for (std::size_t i = 0; i < agent_count; ++i) {
    agents.push_back(record(std::vector(hours, 1.0), std::vector(hours, static_cast<double>(i)),
                            std::vector(hours, 0.0)));
  }
  return plot_grid(config, ring_graph(agent_count), kUp, {}, agents);
}

const Plot& plot_named(const std::vector<Plot>& plots, std::string_view stem) {
  for (const Plot& plot : plots) {
    if (plot.file_stem == stem) return plot;
  }
  throw std::out_of_range(std::string(stem));
}

TEST(GridPlots, ShowEveryAgentOfAFew) {
  const auto plots = plots_of(3, 30, Method::consensus);
  for (const char* stem :
       {"grid", "backlog", "lambda", "nu", "consensus_error", "charge", "profile", "cost"}) {
    const Plot& plot = plot_named(plots, stem);
    EXPECT_FALSE(plot.series.empty()) << stem;
    for (const Series& series : plot.series) {
      EXPECT_EQ(series.x.size(), series.y.size()) << stem << ' ' << series.name;
    }
  }
  const Plot& backlog = plot_named(plots, "backlog");
  ASSERT_EQ(backlog.series.size(), 3u);
  EXPECT_EQ(backlog.series[2].x.size(), 30u);
  EXPECT_EQ(backlog.series[2].y, std::vector(30, 2.0));
  EXPECT_EQ(plot_named(plots, "consensus_error").series.size(), 3u);
  // The cap, and what was bought and paid at its level.
  EXPECT_EQ(plot_named(plots, "grid").series[2].y.front(), 1.5);
  EXPECT_NEAR(plot_named(plots, "cost").series[0].y.back(), 0.2 * 90, 1e-9);
  EXPECT_NEAR(plot_named(plots, "profile").series[0].y[5], 3, 1e-9);
}

TEST(GridPlots, ShowManyAgentsAsABandAndLongRunsByDay) {
  const auto plots = plots_of(41, 500, Method::no_consensus);
  const Plot& backlog = plot_named(plots, "backlog");
  ASSERT_EQ(backlog.series.size(), 4u);
  const Series& band = backlog.series[0];
  EXPECT_EQ(band.style, Series::Style::band);
  ASSERT_EQ(band.x.size(), 21u);
  EXPECT_EQ(band.x.front(), 11.5);
  EXPECT_EQ(band.y[0], 4);
  EXPECT_EQ(backlog.series[1].y[0], 20);
  EXPECT_EQ(band.upper[0], 36);
  EXPECT_EQ(plot_named(plots, "consensus_error").series.size(), 1u);
  EXPECT_THROW(plot_named(plots_of(2, 30, Method::fixed), "consensus_error"), std::out_of_range);
}

}  // namespace
}  // namespace tacit::grid
