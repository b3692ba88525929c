// Checks golden values of demand response: single buildings, the consensus of prices, whole runs
// of the agents.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "agent/systems/grid/grid_agent.h"
#include "common/graph/metrics.h"
#include "common/graph/weights.h"
#include "common/link/random_links.h"
#include "common/simulation/lockstep.h"
#include "tests/golden/golden_case.h"
#include "tests/support/consensus_cluster.h"

namespace tacit {
namespace {

using nlohmann::json;
using namespace tacit::grid;

constexpr double kTolerance = 1e-8;
constexpr double kPeakPrice = 0.3;  // of the threshold policy

void expect_value(double value, const json& golden, const std::string& what) {
  EXPECT_NEAR(value, golden.get<double>(), kTolerance) << what;
}

void expect_values(const std::vector<double>& values, const json& golden, const std::string& what) {
  ASSERT_EQ(values.size(), golden.size()) << what;
  for (std::size_t i = 0; i < values.size(); ++i) {
    expect_value(values[i], golden[i], what + "[" + std::to_string(i) + "]");
  }
}

/// The values of `cfg` that the case's own agents use.
struct Settings {
  explicit Settings(const json& cfg) {
    GoldenObject fields(cfg);
    building.solar_scale = fields["pv_scale"];
    building.storage = {fields["cap"], fields["eta_c"], fields["eta_d"], fields["p_dis"]};
    building.price_scale = fields["price_scale"];
    charge = fields["soc0"];
    dual.lambda_most = fields["lam_max"];
    dual.nu_least = fields["nu_min"];
    dual.nu_most = fields["nu_max"];
    dual.alpha = fields["alpha"];
    dual.eta = fields["eta"];
    dual.consensus_step = fields["eps"];
    dual.iterations = fields["L"];
    dual.weights = Weights::random_walk;
    cap_fraction = fields["c_frac"];
  }

  BuildingParameters building;
  DualConfig dual;
  double charge;
  double cap_fraction;
};

std::shared_ptr<const District> read_data(const json& data) {
  GoldenObject fields(data);
  District district;
  district.origin = "golden";
  district.hour = fields["hour"].get<std::vector<double>>();
  district.price = fields["price"].get<std::vector<double>>();
  const json& demand = fields["d"];
  const json& solar = fields["s"];
  for (std::size_t b = 0; b < demand.size(); ++b) {
    district.buildings.push_back({demand[b], solar.at(b), {}});
  }
  return std::make_shared<const District>(std::move(district));
}

void check_building(const json& golden_case) {
  GoldenObject golden(golden_case);
  Settings settings(golden["cfg"]);
  settings.building.demand_multiplier = golden["multiplier"];
  Building building(read_data(golden["data"]), 0, settings.building);
  building.begin(0, golden["soc0"], golden["backlog0"]);
  const double lambda = golden["lam"];
  const double nu = golden["nu"];
  for (const json& row : golden["steps"]) {
    GoldenObject step(row);
    SCOPED_TRACE("t = " + std::to_string(step["t"].get<int>()));
    ASSERT_EQ(building.hour_index(), step["t"].get<std::size_t>());
    const HourState state = building.state();
    expect_value(state.demand, step["d"], "d");
    expect_value(state.servable(), step["D"], "D");
    expect_value(state.charge, step["soc"], "soc");
    expect_value(state.spill, step["spill"], "spill");
    expect_value(state.price, step["price"], "price");
    expect_value(building.connection_kwh(), step["gmax"], "gmax");
    const Observation seen = building.observe(lambda, nu);
    expect_values({seen.begin(), seen.end()}, step["obs"], "obs");
    const HourOutcome outcome = building.step({step["a_grid"], step["a_bat"]});
    expect_value(outcome.grid, step["e_grid"], "e_grid");
    expect_value(outcome.battery, step["e_bat"], "e_bat");
    expect_value(outcome.r0, step["r0"], "r0");
    expect_value(outcome.r1, step["r1"], "r1");
    expect_value(outcome.r2, step["r2"], "r2");
    expect_value(augmented_reward(outcome, settings.building.price_scale, lambda, nu),
                 step["r_aug"], "r_aug");
    expect_value(building.state().backlog, step["backlog_after"], "backlog_after");
  }
}

Graph read_graph(std::size_t node_count, const json& edges) {
  return Graph(node_count, edges.get<std::vector<std::pair<std::size_t, std::size_t>>>());
}

void check_matrix(GoldenObject& golden, const Graph& graph, const DualConfig& dual) {
  const WeightRows weights = mixing_weights(graph, dual);
  std::vector<double> row(graph.node_count(), 0.0);
  row[0] = weights[0].self;
  const auto neighbours = graph.neighbours(process_id(0));
  for (std::size_t n = 0; n < neighbours.size(); ++n) {
    row[index_of(neighbours[n])] = weights[0].neighbours[n];
  }
  expect_values(row, golden["P_row0"], "P_row0");
  expect_values(perron_vector(dual.weights, graph), golden["w"], "w");
  // Parts that never hear each other keep their own eigenvalue 1 each.
  const bool is_connected = unreachable_nodes(graph).empty();
  const double rho = is_connected ? second_eigenvalue_modulus(graph, weights) : 1.0;
  expect_value(rho, golden["rho"], "rho");
}

void check_consensus(const json& golden_case) {
  GoldenObject golden(golden_case);
  const Graph graph = read_graph(golden["n"], golden["edges"]);
  DualConfig dual;
  dual.weights =
      golden["weights"].get<std::string>() == "rw" ? Weights::random_walk : Weights::metropolis;
  dual.consensus_step = golden["eps"];
  dual.iterations = golden["L"];
  dual.alpha = golden["alpha"];
  dual.lambda_most = golden["lam_max"];
  check_matrix(golden, graph, dual);
  testing::ConsensusCluster cluster(graph, dual, golden["lam0"].get<std::vector<double>>());
  expect_values(cluster.duals(), golden["lam0"], "lam0");
  const double share = golden["share"];
  for (const json& row : golden["steps"]) {
    GoldenObject step(row);
    std::vector<double> violations = step["e_grid"];
    for (double& violation : violations) violation -= share;
    cluster.ascend(violations);
    expect_values(cluster.duals(), step["lam_after_gradient"], "lam_after_gradient");
    ASSERT_EQ(step["down"].size(), static_cast<std::size_t>(dual.iterations));
    for (const json& edges_down : step["down"]) {
      cluster.mix([&](std::size_t from, std::size_t to) {
        return std::ranges::count(edges_down, json{std::min(from, to), std::max(from, to)}) == 0;
      });
    }
    expect_values(cluster.duals(), step["lam"], "lam");
  }
}

/// The agents themselves, as a run in one process has them.
void check_closed_loop(const json& golden_case) {
  GoldenObject golden(golden_case);
  const Settings settings(golden["cfg"]);
  const Graph graph = read_graph(golden["n"], golden["edges"]);
  const auto district = read_data(golden["data"]);
  const auto multiplier = golden["multiplier"].get<std::vector<double>>();
  ASSERT_EQ(golden["policy"].get<std::string>(), "threshold");
  const std::size_t hours = district->hour_count();
  const std::size_t count = graph.node_count();
  const double peak = std::ranges::max(total_demand(*district, multiplier));
  expect_value(peak, golden["peak"], "peak");
  const double share = settings.cap_fraction * peak / static_cast<double>(count);
  expect_value(share, golden["share"], "share");

  const WeightRows weights = mixing_weights(graph, settings.dual);
  std::vector<std::unique_ptr<GridAgent>> agents;
  std::vector<Machine*> machines;
  for (std::size_t i = 0; i < count; ++i) {
    BuildingParameters parameters = settings.building;
    parameters.demand_multiplier = multiplier[i];
    Building building(district, i, parameters);
    building.begin(0, settings.charge, 0);
    const Method method =
        golden["consensus"].get<bool>() ? Method::consensus : Method::no_consensus;
    agents.push_back(std::make_unique<GridAgent>(
        GridAgent::Setup{process_id(i), 1, hours, share, method}, settings.dual,
        std::move(building),
        BuildingPolicy({PolicyRule::threshold, kPeakPrice, false}, std::nullopt),
        DualConsensus(graph.neighbours(process_id(i)), weights[i].neighbours,
                      {settings.dual.alpha, settings.dual.lambda_most, LostWeight::to_heard})));
    machines.push_back(agents.back().get());
  }
  const AlwaysUp links;
  std::vector<double> cost(hours, 0.0);
  // Who does not mix needs one round per hour, whatever L says.
  const Round rounds_per_hour =
      golden["consensus"].get<bool>() ? Round{settings.dual.iterations} : 1;
  Lockstep lockstep(machines, links, [&](ProcessId id, Round round, std::span<const Sample> row) {
    const auto hour = static_cast<std::size_t>(round / rounds_per_hour);
    for (const auto& [golden_name, name] : {std::pair{"lam", "lambda"},
                                            {"nu", "nu"},
                                            {"e_grid", "grid_kwh"},
                                            {"e_bat", "battery_kwh"},
                                            {"backlog", "backlog_kwh"}}) {
      const auto sample = std::ranges::find(row, std::string_view(name), &Sample::name);
      ASSERT_NE(sample, row.end()) << name;
      expect_value(sample->value, golden[golden_name].at(hour).at(index_of(id)),
                   std::string(golden_name) + " of hour " + std::to_string(hour));
    }
    cost[hour] += std::ranges::find(row, std::string_view("cost"), &Sample::name)->value;
  });
  lockstep.run(0, static_cast<Round>(hours) * rounds_per_hour, 1);
  expect_values(cost, golden["cost"], "cost");
  for (const char* name : {"lam", "nu", "e_grid", "e_bat", "backlog"}) {
    EXPECT_EQ(golden[name].size(), hours) << name;
  }
}

}  // namespace

GoldenSchema grid_schema() {
  GoldenSchema schema;
  schema.recognises = [](const json& file) {
    return file.contains("cases") && !file["cases"].empty() && file["cases"][0].contains("type");
  };
  schema.cases = [](const json& file) {
    std::vector<GoldenCase> cases;
    for (const json& golden : file["cases"]) {
      const std::string type = golden.at("type");
      cases.push_back({golden.at("name"), [golden, type] {
                         if (type == "env") return check_building(golden);
                         if (type == "consensus") return check_consensus(golden);
                         if (type == "closed_loop") return check_closed_loop(golden);
                         FAIL() << "unknown type \"" << type << "\"";
                       }});
    }
    return cases;
  };
  return schema;
}

}  // namespace tacit
