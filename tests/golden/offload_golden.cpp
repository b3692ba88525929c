// Checks golden values of task offloading: transitions, single devices, teams.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "agent/systems/offload/evaluation.h"
#include "agent/systems/offload/team.h"
#include "tests/golden/golden_case.h"
#include "tests/support/offload_linear_program.h"

namespace tacit {
namespace {

using nlohmann::json;
using namespace tacit::offload;

constexpr double kCostTolerance = 1e-6;    // J, U, K
constexpr double kPolicyTolerance = 1e-8;  // exact evaluation of a given policy
constexpr double kLambdaRelative = 1e-3;
constexpr double kFound = 1e-4;          // excess of a found optimum
constexpr double kPathTolerance = 0.02;  // depends on which of several optimal policies is taken
constexpr double kSelfishTolerance = 0.03;

/// Golden budgets are rounded to 10 digits; a kink is looked at from this far beside it.
constexpr double kBesideKink = 1e-9;

void expect_cost(double value, const json& golden, const std::string& what) {
  const double expected = golden.get<double>();
  EXPECT_NEAR(value, expected, kCostTolerance * std::max(1.0, std::abs(expected))) << what;
}

void expect_lambda(double value, const json& golden, const std::string& what) {
  const double expected = golden.get<double>();
  EXPECT_NEAR(value, expected, kLambdaRelative * std::abs(expected) + kCostTolerance) << what;
}

AgentType read_type(const json& agent) {
  GoldenObject fields(agent);
  AgentType type;
  type.M = fields["M"];
  type.B = fields["B"];
  type.minH = fields["minH"];
  type.maxH = fields["maxH"];
  type.minC = fields["minC"];
  type.maxC = fields["maxC"];
  type.gamma = fields["gamma"];
  type.deficit_rule = deficit_rule_named(fields["deficit_rule"].get<std::string>());
  type.beta = initial_state_named(fields["beta"].get<std::string>());
  return type;
}

void check_transitions(const json& transitions) {
  GoldenObject golden(transitions);
  const Environment environment(read_type(golden["agent"]));
  const AgentType& type = environment.type();
  for (const json& row : golden["rows"]) {
    SCOPED_TRACE(row.dump());
    const std::string name = row.at("action");
    const Action action = name == "process"   ? Action::process
                          : name == "offload" ? Action::offload
                                              : Action::wait;
    ASSERT_TRUE(action != Action::wait || name == "wait") << "unknown action";
    const State from{row.at("x"), row.at("e")};
    const State to{row.at("x_next"), row.at("e_next")};
    const int H = row.at("H");
    const int C = row.at("C").is_null() ? 0 : row.at("C").get<int>();
    EXPECT_EQ(step(type, from, action, H, C), to);
    const std::size_t s = environment.index(from);
    const int shift = H - type.minH - (action == Action::process ? C - type.minC : 0);
    const std::size_t place = s * environment.row_length() + environment.row_start(action) +
                              static_cast<std::size_t>(shift);
    EXPECT_EQ(environment.state(environment.next_states()[place]), to) << "in the table";
    EXPECT_EQ(environment.costs()[s], row.at("local_cost").get<double>());
  }
}

/// The threshold rule as a table; golden files state it in words too.
Policy threshold_policy(const Environment& environment, int X, int Emin) {
  Policy policy(environment.state_count(), Action::wait);
  for (std::size_t s = 0; s < policy.size(); ++s) {
    const auto [x, e] = environment.state(s);
    if (e < 0) continue;
    policy[s] = e >= Emin ? Action::process : x >= X ? Action::offload : Action::wait;
  }
  return policy;
}

void check_policy(const Environment& environment, const json& policy) {
  GoldenObject golden(policy);
  const int X = golden["X"];
  const int Emin = golden["Emin"];
  SCOPED_TRACE("X=" + std::to_string(X) + " Emin=" + std::to_string(Emin));
  EXPECT_EQ(golden["rule"].get<std::string>(),
            "wait if e<0; process if e>=" + std::to_string(Emin) +
                "; else offload if x>=" + std::to_string(X) + "; else wait");
  const PolicyValue value = evaluate(environment, threshold_policy(environment, X, Emin));
  EXPECT_NEAR(value.K, golden["K"].get<double>(), kPolicyTolerance);
  EXPECT_NEAR(value.U, golden["U"].get<double>(), kPolicyTolerance);
  const auto expected = golden["p_offload_t0_9"].get<std::vector<double>>();
  EXPECT_FALSE(expected.empty());
  for (std::size_t t = 0; t < expected.size(); ++t) {
    EXPECT_NEAR(value.offload_probability.at(t), expected[t], kPolicyTolerance) << "t=" << t;
  }
}

void check_probe(const Environment& environment, const UCurve& curve, const json& probe) {
  GoldenObject golden(probe);
  const double theta = golden["theta"];
  const double price = golden["congestion"];
  SCOPED_TRACE("theta=" + std::to_string(theta) + " price=" + std::to_string(price));
  const BudgetAnswer answer = curve.answer(theta, price);
  expect_cost(answer.J, golden["J"], "J");
  expect_cost(answer.K, golden["K"], "K");
  expect_cost(answer.U, golden["U"], "U");
  expect_lambda(answer.lambda, golden["lam"], "lambda");
  const LinearProgramAnswer referee = solve_by_linear_program(environment, theta, price);
  EXPECT_TRUE(referee.is_optimal);
  expect_cost(referee.J, golden["J"], "J by linear program");
  EXPECT_EQ(referee.randomised_states, golden["randomised_states"].get<int>());
}

void check_single_agent(const json& instance) {
  GoldenObject golden(instance);
  const Environment environment(read_type(golden["agent"]));
  const UCurve curve(environment);
  EXPECT_EQ(environment.state_count(), golden["states"].get<std::size_t>());
  // Corners that save less than 1e-9 may be counted or not.
  const double breakpoints = golden["breakpoints"];
  EXPECT_NEAR(static_cast<double>(curve.corners().size()), breakpoints, 0.02 * breakpoints);
  expect_cost(curve.never_cost(), golden["U_never"], "U_never");
  expect_cost(curve.corners().back().U, golden["U_min"], "U_min");
  expect_cost(curve.frequency_max(), golden["f_at_price0"], "f_at_price0");
  for (const auto& [f, U] : golden["U_at"].items()) {
    expect_cost(curve.local_cost(std::stod(f)), U, "U_at " + f);
  }
  for (const auto& [f, lambda] : golden["lam_at"].items()) {
    expect_lambda(curve.slope_right(std::stod(f)), lambda, "lam_at " + f);
  }
  for (const json& probe : golden["lp_probes"]) check_probe(environment, curve, probe);
  for (const json& policy : golden["policies"]) check_policy(environment, policy);
}

void expect_agents(const TeamAnswer& answer, GoldenObject& golden) {
  const auto J = golden["J_i"].get<std::vector<double>>();
  const auto K = golden["K_i"].get<std::vector<double>>();
  ASSERT_EQ(J.size(), answer.agents.size());
  ASSERT_EQ(K.size(), answer.agents.size());
  for (std::size_t i = 0; i < J.size(); ++i) {
    expect_cost(answer.agents[i].J, J[i], "J of agent " + std::to_string(i));
    expect_cost(answer.agents[i].K, K[i], "K of agent " + std::to_string(i));
  }
  expect_cost(answer.total, golden["J_total"], "J_total");
}

void check_probe(const Team& team, const json& at_probe) {
  SCOPED_TRACE("at_probe");
  GoldenObject golden(at_probe);
  const TeamAnswer answer = answer_team(team, golden["theta"].get<std::vector<double>>());
  expect_agents(answer, golden);
  const auto lambda = golden["lam_i"].get<std::vector<double>>();
  const auto gradient = golden["grad"].get<std::vector<double>>();
  ASSERT_EQ(lambda.size(), team.size());
  ASSERT_EQ(gradient.size(), team.size());
  for (std::size_t i = 0; i < team.size(); ++i) {
    expect_lambda(answer.agents[i].lambda, lambda[i], "lambda of agent " + std::to_string(i));
    expect_lambda(answer.gradient[i], gradient[i], "gradient of agent " + std::to_string(i));
  }
}

void check_true_costs(const Team& team, std::span<const AgentType> types, const TeamAnswer& answer,
                      CurveLibrary& library, GoldenObject& golden) {
  std::vector<double> K;
  std::vector<double> U;
  std::vector<PolicyValue> values;
  for (std::size_t i = 0; i < team.size(); ++i) {
    K.push_back(answer.agents[i].K);
    U.push_back(answer.agents[i].U);
    if (!golden.has("true_timed_J")) continue;
    const auto [first, weight] = team.curves[i]->mixture(K[i]);
    const auto& corners = team.curves[i]->corners();
    const std::size_t second = std::min(first + 1, corners.size() - 1);
    const Environment& environment = library.environment(types[i]);
    const PolicyValue parts[] = {evaluate(environment, corners[first].policy),
                                 evaluate(environment, corners[second].policy)};
    values.push_back(mix(parts, std::vector<double>{1.0 - weight, weight}));
  }
  expect_cost(stationary_cost(K, U, team.congestion), golden["true_stationary_J"],
              "true_stationary_J");
  if (golden.has("true_timed_J")) {
    const double expected = golden["true_timed_J"];
    EXPECT_NEAR(timed_cost(values, types.front().gamma, team.congestion), expected,
                kPathTolerance * expected);
  }
  const auto theta = golden["theta"].get<std::vector<double>>();
  const SurrogateError lemma1 = surrogate_error(theta, team.congestion.alpha());
  expect_cost(lemma1.bound, golden["lemma1_bound"], "lemma1_bound");
  EXPECT_LE(std::abs(lemma1.error), lemma1.bound + 1e-9 * answer.total);
}

void check_kinks(const Team& team, const TeamAnswer& answer, GoldenObject& golden) {
  const double sum = std::accumulate(answer.theta.begin(), answer.theta.end(), 0.0);
  const auto right = golden["lam_right_i"].get<std::vector<double>>();
  const auto left = golden["lam_left_i"].get<std::vector<double>>();
  ASSERT_EQ(right.size(), team.size());
  ASSERT_EQ(left.size(), team.size());
  for (std::size_t i = 0; i < team.size(); ++i) {
    const double price = team.congestion.price(sum - answer.theta[i]);
    const UCurve& curve = *team.curves[i];
    const double K = answer.agents[i].K;
    const std::string agent = " of agent " + std::to_string(i);
    expect_lambda(std::max(0.0, curve.slope_right(K + kBesideKink) - price), right[i],
                  "right-hand lambda" + agent);
    expect_lambda(std::max(0.0, curve.slope_left(std::max(0.0, K - kBesideKink)) - price), left[i],
                  "left-hand lambda" + agent);
  }
}

void check_optimum(const Team& team, std::span<const AgentType> types, CurveLibrary& library,
                   const json& at_optimum) {
  SCOPED_TRACE("at_optimum");
  GoldenObject golden(at_optimum);
  const double expected = golden["J_total"];
  const double found = total_cost(team, optimise_team(team));
  EXPECT_LE(found, expected * (1.0 + kFound));
  if (golden["certified_global"].get<bool>()) {
    EXPECT_GE(found, expected * (1.0 - kCostTolerance));
  }
  if (golden.has("brute_force_grid_J")) {
    EXPECT_LE(found, golden["brute_force_grid_J"].get<double>() * (1.0 + kFound));
  }
  const auto theta = golden["theta"].get<std::vector<double>>();
  const TeamAnswer answer = answer_team(team, theta);
  expect_agents(answer, golden);
  const double sum = std::accumulate(theta.begin(), theta.end(), 0.0);
  expect_cost(sum, golden["sum_theta"], "sum_theta");
  double frequency = 0.0;
  for (const BudgetAnswer& agent : answer.agents) frequency += agent.K;
  expect_cost(frequency / static_cast<double>(team.size()), golden["mean_frequency"],
              "mean_frequency");
  check_kinks(team, answer, golden);
  check_true_costs(team, types, answer, library, golden);
}

void check_team(const json& instance) {
  GoldenObject golden(instance);
  std::vector<AgentType> types;
  for (const json& agent : golden["agents"]) types.push_back(read_type(agent));
  ASSERT_EQ(types.size(), golden["N"].get<std::size_t>());
  CurveLibrary library;
  const Team team = make_team(types, Congestion(golden["alpha"].get<double>()), library);

  GoldenObject at_zero(golden["at_zero"]);
  expect_cost(answer_team(team, std::vector<double>(team.size(), 0.0)).total, at_zero["J_total"],
              "J_total at theta = 0");
  {
    SCOPED_TRACE("at_theta_max");
    GoldenObject at_most(golden["at_theta_max"]);
    const std::vector<double> theta(team.size(), at_most["theta"].get<double>());
    expect_agents(answer_team(team, theta), at_most);
  }
  check_probe(team, golden["at_probe"]);
  check_optimum(team, types, library, golden["at_optimum"]);

  GoldenObject selfish(golden["selfish"]);
  const std::vector<double> f = selfish_frequencies(team);
  const double mean = std::accumulate(f.begin(), f.end(), 0.0) / static_cast<double>(f.size());
  const double expected_mean = selfish["mean_frequency"];
  const double expected_J = selfish["surrogate_J_total"];
  EXPECT_NEAR(mean, expected_mean, kSelfishTolerance * expected_mean) << "selfish";
  EXPECT_NEAR(total_cost(team, f), expected_J, kSelfishTolerance * expected_J) << "selfish";
}

bool is_offload(const json& file) {
  if (!file.is_object()) return false;
  const json instances = file.value("instances", json::array());
  return (file.contains("transitions") || file.contains("instances")) && instances.is_array() &&
         std::all_of(instances.begin(), instances.end(), [](const json& instance) {
           const json kind = instance.is_object() ? instance.value("kind", json()) : json();
           return kind == "single_agent" || kind == "team";
         });
}

std::vector<GoldenCase> offload_cases(const json& file) {
  std::vector<GoldenCase> cases;
  if (file.contains("transitions")) {
    cases.push_back({"transitions", [part = file["transitions"]] { check_transitions(part); }});
  }
  for (const json& instance : file.value("instances", json::array())) {
    const auto check = instance["kind"] == "team" ? check_team : check_single_agent;
    cases.push_back({instance.at("name"), [=] { check(instance); }});
  }
  return cases;
}

}  // namespace

GoldenSchema offload_schema() { return {is_offload, offload_cases}; }

}  // namespace tacit
