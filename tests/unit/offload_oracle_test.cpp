#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <stdexcept>
#include <string>

#include "agent/systems/offload/evaluation.h"
#include "agent/systems/offload/instance.h"
#include "agent/systems/offload/price_table.h"
#include "agent/systems/offload/team.h"
#include "common/base/error.h"

namespace tacit::offload {
namespace {

constexpr Action kAllActions[] = {Action::wait, Action::process, Action::offload};

std::vector<double> uniform_team_cost(const Team& team, std::span<const double> f, double alpha) {
  std::vector<double> U;
  for (std::size_t i = 0; i < team.size(); ++i) U.push_back(team.curves[i]->local_cost(f[i]));
  const double never = static_cast<double>(team.size()) * team.curves[0]->never_cost();
  const double frequency = std::accumulate(f.begin(), f.end(), 0.0) / static_cast<double>(f.size());
  return {stationary_cost(f, U, Congestion(alpha)) / never, frequency};
}

TEST(AgentType, NamesTheFieldThatIsOutOfRange) {
  const auto message = [](AgentType type) {
    try {
      type.validate();
    } catch (const std::invalid_argument& error) {
      return std::string(error.what());
    }
    return std::string("valid");
  };
  EXPECT_EQ(message({}), "valid");
  EXPECT_EQ(message({.M = 0}).substr(0, 2), "M:");
  EXPECT_EQ(message({.B = -1}).substr(0, 2), "B:");
  EXPECT_EQ(message({.minH = 3, .maxH = 2}).substr(0, 5), "minH:");
  EXPECT_EQ(message({.maxH = 0}).substr(0, 5), "maxH:");
  EXPECT_EQ(message({.minC = 0}).substr(0, 5), "minC:");
  EXPECT_EQ(message({.minC = 8}).substr(0, 5), "minC:");
  EXPECT_EQ(message({.gamma = 1.0}).substr(0, 6), "gamma:");
  EXPECT_EQ(message({.gamma = std::nan("")}).substr(0, 6), "gamma:");
  EXPECT_EQ(message({.M = 60000, .B = 60000}).substr(0, 2), "M:");
}

// Goal: the table is `step` itself for every state, legal action and outcome, and its probabilities
// are those of the draws.
TEST(Environment, TabulatesTheStep) {
  const AgentType type{.M = 4, .B = 3, .minH = 1, .maxH = 3, .minC = 1, .maxC = 6};
  const Environment environment(type);
  EXPECT_EQ(environment.state_count(), 4u * (3 + 1 + 5));
  for (std::size_t s = 0; s < environment.state_count(); ++s) {
    EXPECT_EQ(environment.index(environment.state(s)), s);
    for (const Action action : kAllActions) {
      if (!environment.is_legal(s, action)) continue;
      std::vector<double> expected(environment.state_count(), 0.0);
      std::vector<double> tabulated = expected;
      for (int H = 1; H <= 3; ++H) {
        for (int C = 1; C <= 6; ++C) {
          expected[environment.index(step(type, environment.state(s), action, H, C))] += 1.0 / 18;
          const int shift = H - 1 - (action == Action::process ? C - 1 : 0);
          const std::size_t place =
              s * environment.row_length() + environment.row_start(action) + shift;
          EXPECT_EQ(environment.state(environment.next_states()[place]),
                    step(type, environment.state(s), action, H, C));
        }
      }
      const auto outcomes = environment.outcomes(s, action);
      for (std::size_t k = 0; k < outcomes.size(); ++k) {
        tabulated[outcomes[k]] += environment.outcome_probabilities(action)[k];
      }
      for (std::size_t n = 0; n < expected.size(); ++n) {
        EXPECT_NEAR(tabulated[n], expected[n], 1e-14);
      }
    }
  }
}

TEST(PoissonBinomial, EqualsTheSumOverAllOutcomes) {
  const std::vector<double> p{0.1, 0.75, 0.0, 0.33, 1.0, 0.5};
  std::vector<double> expected(p.size() + 1, 0.0);
  for (unsigned outcome = 0; outcome < 64; ++outcome) {
    double probability = 1.0;
    std::size_t n = 0;
    for (std::size_t i = 0; i < p.size(); ++i) {
      const bool success = (outcome >> i) & 1u;
      probability *= success ? p[i] : 1.0 - p[i];
      n += success;
    }
    expected[n] += probability;
  }
  const auto distribution = poisson_binomial(p);
  ASSERT_EQ(distribution.size(), expected.size());
  for (std::size_t n = 0; n < expected.size(); ++n) {
    EXPECT_NEAR(distribution[n], expected[n], 1e-15);
  }
}

TEST(Evaluation, TimedAndStationaryDifferOnlyByTheirClock) {
  const Environment environment(named_type("mid"));
  const PolicyValue value =
      evaluate(environment, Policy(environment.state_count(), Action::offload));
  EXPECT_NEAR(value.K, 1.0, 1e-12);
  const std::vector<PolicyValue> both{value, value};
  const std::vector<double> K{value.K, value.K};
  const std::vector<double> U{value.U, value.U};
  // Both always offload, so n = 2 in every slot of either reading: 2 d(2) = 2.
  EXPECT_NEAR(stationary_cost(K, U, Congestion(1.7)), 2 * value.U + 2.0, 1e-9);
  EXPECT_NEAR(timed_cost(both, 0.95, Congestion(1.7)), 2 * value.U + 2.0, 1e-9);
}

// At alpha = 1 members of ten equal devices that move in step pay 1.3 % of J more than independent
// ones: the published difference of the two readings.
TEST(Evaluation, StepInTimeCostsMoreThanIndependence) {
  CurveLibrary library;
  const std::vector<AgentType> agents(10, named_type("mid"));
  const Team team = make_team(agents, Congestion(1.0), library);
  const std::vector<double> f = optimise_team(team);
  std::vector<PolicyValue> values;
  std::vector<double> U;
  for (std::size_t i = 0; i < team.size(); ++i) {
    const auto [first, weight] = team.curves[i]->mixture(f[i]);
    ASSERT_EQ(weight, 0.0) << "at alpha = 1 the optimum is at corners";
    values.push_back(
        evaluate(library.environment(agents[i]), team.curves[i]->corners()[first].policy));
    U.push_back(values.back().U);
  }
  const double stationary = stationary_cost(f, U, team.congestion);
  EXPECT_NEAR(timed_cost(values, 0.95, team.congestion) / stationary - 1.0, 0.013, 0.003);
}

TEST(Congestion, KnowsItsValues) {
  EXPECT_EQ(Congestion(0.5).of_count(1), 0.0);
  EXPECT_EQ(Congestion(3.0).of_count(3), 8.0);
  EXPECT_EQ(Congestion(0.5).slope(0.0), Congestion::kSlopeMax);
  EXPECT_EQ(Congestion(1.0).slope(0.0), 1.0);
  EXPECT_EQ(Congestion(2.0).slope(0.0), 0.0);
  EXPECT_EQ(Congestion(1.5).price(-1e-9), 0.0) << "an inexact sum may fall below 0";
  EXPECT_THROW(Congestion(0.0), std::invalid_argument);
  EXPECT_THROW(Congestion(std::nan("")), std::invalid_argument);
}

TEST(Congestion, VarianceAwarePriceIsThePoissonExpectation) {
  for (const double alpha : {0.5, 1.0, 1.5, 2.0, 3.0}) {
    const Congestion congestion(alpha, CongestionModel::variance_aware);
    PriceTable table(congestion);
    for (const double mean : {0.0, 0.01, 0.7, 4.3, 30.0}) {
      double probability = std::exp(-mean);
      double expected = 0.0;
      for (int k = 1; k < 200; ++k) {
        probability *= mean / k;
        expected += probability * std::pow(k, alpha);
      }
      EXPECT_NEAR(congestion.price(mean), expected, 1e-12 * (1 + expected)) << alpha << ' ' << mean;
      EXPECT_NEAR(table.price(mean), expected, 1e-8 * (1 + expected)) << alpha << ' ' << mean;
      const double h = 1e-4;
      const double slope = (congestion.price(mean + 2 * h) - congestion.price(mean)) / (2 * h);
      EXPECT_NEAR(congestion.slope(mean + h), slope, 1e-6 * (1 + slope)) << alpha << ' ' << mean;
      EXPECT_NEAR(table.slope(mean + h), slope, 1e-5 * (1 + slope)) << alpha << ' ' << mean;
    }
  }
  const Congestion far(1.5, CongestionModel::variance_aware);
  EXPECT_NEAR(far.price(2000.0) / std::pow(2000.0, 1.5), 1.0, 1e-3) << "exp(-2000) is 0";
}

// What the variance-aware price is for: published J_true / J(0) and frequency, alpha = 2.
TEST(TeamOptimum, VarianceAwarePriceRecoversTheTrueOptimum) {
  CurveLibrary library;
  const struct {
    std::size_t count;
    double plain, aware, frequency;
  } rows[] = {
      {10, 0.7795, 0.7733, 0.096}, {20, 0.8339, 0.8302, 0.059}, {50, 0.8883, 0.8859, 0.030}};
  for (const auto& row : rows) {
    const std::vector<AgentType> agents(row.count, named_type("mid"));
    for (const auto model : {CongestionModel::plain, CongestionModel::variance_aware}) {
      const Team team = make_team(agents, Congestion(2.0, model), library);
      const auto measured = uniform_team_cost(team, optimise_team(team), 2.0);
      const bool is_plain = model == CongestionModel::plain;
      EXPECT_NEAR(measured[0], is_plain ? row.plain : row.aware, 2e-4) << row.count;
      if (!is_plain) {
        EXPECT_NEAR(measured[1], row.frequency, 0.001) << row.count;
      }
    }
  }
}

// Published excess of the slow loop over the optimum after 5 steps: about 0.3 % on average over
// teams at N = 10, at most 2.6 % anywhere.
TEST(SlowLoop, IsNearTheOptimumAfterFiveSteps) {
  CurveLibrary library;
  const std::vector<AgentType> agents(10, named_type("mid"));
  for (const double alpha : {0.5, 1.0, 1.5, 2.0}) {
    const Team team = make_team(agents, Congestion(alpha), library);
    const double best = total_cost(team, optimise_team(team));
    const auto theta = run_slow_loop(team, std::vector<double>(10, 0.0), 5);
    EXPECT_LT(answer_team(team, theta).total, best * 1.01) << alpha;
    EXPECT_GE(answer_team(team, theta).total, best * (1 - 1e-9)) << alpha;
  }
}

std::string instance_with(const std::string& key, const nlohmann::json& value) {
  nlohmann::json agent{
      {"M", 6},           {"B", 5},    {"minH", 0},     {"maxH", 2},
      {"minC", 1},        {"maxC", 4}, {"gamma", 0.95}, {"deficit_rule", "wait_or_offload"},
      {"beta", "uniform"}};
  nlohmann::json instance{{"agents", {agent, agent}}, {"alpha", 1}, {"theta", {0.1, 0.2}}};
  if (!key.empty()) instance[nlohmann::json::json_pointer(key)] = value;
  return instance.dump();
}

TEST(Instance, AnswersGivenBudgetsAndFindsTheBest) {
  const auto given = nlohmann::json::parse(solve(instance_with("", {})));
  const auto best = nlohmann::json::parse(solve(instance_with("/theta", nullptr)));
  ASSERT_EQ(given["agents"].size(), 2u);
  EXPECT_EQ(given["agents"][1]["theta"], 0.2);
  EXPECT_EQ(given["agents"][1]["K"], 0.2);
  EXPECT_NEAR(given["agents"][0]["gradient"].get<double>(),
              given["agents"][1]["w"].get<double>() - given["agents"][0]["lambda"].get<double>(),
              1e-12);
  EXPECT_LT(best["total"].get<double>(), given["total"].get<double>());
  EXPECT_LT(given["total"].get<double>(), given["never_total"].get<double>());
}

TEST(Instance, NamesThePlaceOfWhatIsWrong) {
  const auto message = [](const std::string& text) -> std::string {
    try {
      solve(text);
    } catch (const InputError& error) {
      EXPECT_EQ(error.code(), ExitCode::bad_data);
      return error.what();
    }
    return "accepted";
  };
  const struct {
    std::string key;
    nlohmann::json value;
    std::string place;
  } rows[] = {{"/agents/1/M", 0, "agents[1].M"},
              {"/agents/1/M", 1000000000, "agents[1].M"},
              {"/agents/1/M", 99999999999, "agents[1].M"},
              {"/agents/1/M", 1.5, "agents[1].M"},
              {"/agents/1/B", 50000, "agents[1].M"},
              {"/agents/0/colour", 1, "agents[0].colour"},
              {"/agents/0/beta", "full", "agents[0].beta"},
              {"/agents/0/gamma", 1, "agents[0].gamma"},
              {"/agents", nullptr, "agents"},
              {"/alpha", "1", "alpha"},
              {"/alpha", -1, "alpha"},
              {"/theta/1", 1.5, "theta[1]"},
              {"/theta", {0.1}, "theta"},
              {"/thetas", 1, "thetas"}};
  for (const auto& row : rows) {
    EXPECT_NE(message(instance_with(row.key, row.value)).find(row.place), std::string::npos)
        << row.key << ": " << message(instance_with(row.key, row.value));
  }
  EXPECT_NE(message(instance_with("/agents/1/M", 500)).find("agents[1]"), std::string::npos);
  EXPECT_NE(message("{\"alpha\": 1, \"alpha\": 2}").find("twice"), std::string::npos);
  EXPECT_NE(message("{").find("JSON"), std::string::npos);
}

}  // namespace
}  // namespace tacit::offload
