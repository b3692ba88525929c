// Whole runs of demand response in one process, with the threshold policy, which needs no training.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "agent/catalog.h"
#include "agent/systems/grid/dual_config.h"
#include "common/base/error.h"
#include "common/graph/generators.h"
#include "tests/support/grid_graph.h"
#include "tests/support/system_run.h"
#include "tests/support/temporary_folder.h"

namespace tacit {
namespace {

using testing::neighbourhoods;
using testing::SystemRun;
using testing::SystemSetup;

SystemRun run(const std::string& settings, double up_probability = 1.0,
              const std::string& policy = "threshold") {
  return SystemSetup("grid", "policy = '" + policy + "'\n" + settings, neighbourhoods(), 1,
                     up_probability)
      .run();
}

std::vector<double> column(const SystemRun& run, std::size_t agent, const char* name) {
  return run.processes.at(agent).metrics.column(name);
}

TEST(GridSystem, AgreeingOnAPriceKeepsTheCapAndServesEverybody) {
  const SystemRun agreed = run("weights = 'random_walk'");
  EXPECT_TRUE(agreed.summary.all_hold());
  EXPECT_EQ(agreed.metric("feasible"), 1);
  EXPECT_LT(agreed.metric("backlog_end_kwh"), 500);
  EXPECT_LE(agreed.metric("gap"), 0.04);
  EXPECT_GE(agreed.metric("gap"), 0);
}

TEST(GridSystem, AloneTheDoubleBuildingsAreThrottledForEver) {
  const SystemRun alone = run("method = 'no_consensus'");
  EXPECT_EQ(alone.metric("feasible"), 0);
  EXPECT_GT(alone.metric("backlog_slope"), 0.05);
  const auto& most = alone.summary.metrics.at("lambda_max");
  EXPECT_GE(most[0], 13.5);
  EXPECT_GE(most[1], 13.5);
  EXPECT_LT(*std::max_element(most.begin() + 2, most.end()), 13.5);
  EXPECT_TRUE(alone.summary.bounds.empty()) << "nothing is claimed without mixing";
}

TEST(GridSystem, ACapBelowTheLeastFeasibleOneIsNotMetAndSaid) {
  const SystemSetup setup("grid", "policy = 'threshold'\ncap_fraction = 0.2", neighbourhoods(), 1);
  ASSERT_EQ(setup.system().advice().size(), 1u);
  EXPECT_NE(setup.system().advice().front().find("0.2"), std::string::npos);
  EXPECT_GT(setup.run().metric("grid_fraction"), 0.2);
  EXPECT_TRUE(
      SystemSetup("grid", "policy = 'threshold'", neighbourhoods(), 1).system().advice().empty());
}

TEST(GridSystem, RulesServeAsTheySay) {
  const SystemRun at_once = run("method = 'fixed'", 1.0, "serve_at_once");
  EXPECT_EQ(at_once.metric("backlog_end_kwh"), 0);
  const SystemRun off_peak = run("method = 'fixed'", 1.0, "off_peak");
  EXPECT_LT(off_peak.metric("cost"), 0.85 * at_once.metric("cost"));
  EXPECT_LT(off_peak.metric("backlog_end_kwh"), 50);
}

// Goal: runs that record something else have other digests, also if they end in the same state:
// the price of one hour reaches nothing but the cost of serving at once.
TEST(GridSystem, AnotherPriceInOneHourIsAnotherDigest) {
  const testing::TemporaryFolder folder;
  const auto digest_at = [&](const std::string& price_at_noon) {
    std::ofstream data(folder.path("data.csv"));
    data << "t,hour,price_per_kwh,demand_kwh_1,solar_kwh_1\n";
    for (int t = 0; t < 24; ++t) {
      data << t << ',' << t + 1 << ',' << (t == 12 ? price_at_noon : "0.2") << ',' << 1 + t % 3
           << ",0\n";
    }
    data.close();
    return run("method = 'fixed'\nbattery_kwh = 0\nhours = 24\ndata = '" + folder.path("data.csv") +
                   "'",
               1.0, "serve_at_once")
        .digest;
  };
  EXPECT_EQ(digest_at("0.2"), digest_at("0.2"));
  EXPECT_NE(digest_at("0.2"), digest_at("0.9"));
}

// Goal: nu is the backlog, to the last bits of rounding.
TEST(GridSystem, NuIsTheBacklogWhileItIsNotClipped) {
  const double eta = 0.1;
  const SystemRun agreed = run("weights = 'random_walk'\nbenchmark = false");
  for (std::size_t i = 0; i < 7; ++i) {
    const auto nu = column(agreed, i, "nu");
    const auto backlog = column(agreed, i, "backlog_kwh");
    ASSERT_GT(*std::ranges::min_element(nu), -20) << "never clipped";
    for (std::size_t k = 0; k + 1 < nu.size(); ++k) {
      ASSERT_NEAR(nu[k + 1], -eta * backlog[k], 1e-10) << "agent " << i << ", hour " << k;
    }
  }
}

// Goal: mixing neither makes nor loses price: where no price is clipped, the weighted mean moves by
// alpha times the weighted excess.
void expect_excess_moves_the_mean(grid::Weights weights, double up_probability) {
  const double alpha = 0.05;
  const bool metropolis = weights == grid::Weights::metropolis;
  const SystemRun agreed =
      run(metropolis ? "benchmark = false" : "weights = 'random_walk'\nbenchmark = false",
          up_probability);
  const auto w = grid::perron_vector(weights, neighbourhoods());
  const double share = 0.27 * agreed.metric("peak_kwh") / 7;
  std::vector<std::vector<double>> lambda, bought;
  for (std::size_t i = 0; i < 7; ++i) {
    lambda.push_back(column(agreed, i, "lambda"));
    bought.push_back(column(agreed, i, "grid_kwh"));
  }
  std::size_t unclipped = 0, stretch = 0, longest = 0;
  double start = 0, excess = 0;
  for (std::size_t k = 0; k + 1 < lambda[0].size(); ++k) {
    double mean = 0, mean_next = 0, step = 0;
    bool clipped = false;
    for (std::size_t i = 0; i < 7; ++i) {
      const double violation = bought[i][k] - share;
      clipped = clipped || lambda[i][k] + alpha * violation < 0;
      mean += w[i] * lambda[i][k];
      mean_next += w[i] * lambda[i][k + 1];
      step += w[i] * violation;
    }
    if (clipped) {
      stretch = 0;
      continue;
    }
    if (stretch == 0) {
      start = mean;
      excess = 0;
    }
    excess += step;
    ++unclipped;
    longest = std::max(longest, ++stretch);
    ASSERT_NEAR(mean_next, start + alpha * excess, 1e-11) << "hour " << k;
  }
  EXPECT_GT(longest, 200u);
  EXPECT_GT(unclipped, 400u);
}

TEST(GridSystem, ExcessMovesTheMeanPriceOfRandomWalks) {
  expect_excess_moves_the_mean(grid::Weights::random_walk, 1.0);
}

TEST(GridSystem, ExcessMovesTheMeanPriceOfMetropolisWithFailingLinks) {
  expect_excess_moves_the_mean(grid::Weights::metropolis, 0.7);
}

// Goal: the same multiplier whatever the number of buildings.
// Method: multiples of 70 are the same mixture of the ten series with the two sizes.
TEST(GridSystem, ThePriceDoesNotDependOnTheNumberOfBuildings) {
  std::vector<double> lambda;
  for (const std::size_t count : {70u, 210u}) {
    const SystemSetup setup("grid", "policy = 'threshold'\nbenchmark = false",
                            small_world_graph(count, count, 1), 1);
    const SystemRun result = setup.run();
    EXPECT_TRUE(result.summary.all_hold()) << count;
    lambda.push_back(result.metric("lambda_mean_second_half"));
  }
  EXPECT_NEAR(lambda[0], lambda[1], 0.02);
}

// Goal: the processes of a run load what the first one made of the file.
TEST(GridSystem, TheEffectiveConfigurationIsOneAgain) {
  const auto document = ConfigDocument::parse("[grid]\nnu_least = -12", "test", {});
  const Graph graph = ring_graph(4);
  const testing::CoinLinks links(1);
  const SystemContext context{4, 1, graph, links, {}};
  const auto make = find_system(systems(), "grid").make;
  make(document.root().table("grid"), context);
  const auto again = ConfigDocument::parse(document.effective(), "effective", {});
  EXPECT_NO_THROW(make(again.root().table("grid"), context));
  again.reject_unknown_keys();
}

TEST(GridSystem, MetropolisRefusesLinksThatFailOneWay) {
  const auto document = ConfigDocument::parse("[grid]\npolicy = 'threshold'", "test", {});
  const Graph graph = ring_graph(4);
  const testing::CoinLinks links(0.5);
  const auto make = find_system(systems(), "grid").make;
  const SystemContext context{4, 1, graph, links, LinkTraits{0.5, true, true}};
  try {
    make(document.root().table("grid"), context);
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), ExitCode::config);
    EXPECT_NE(std::string(error.what()).find("random_walk"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace tacit
