// Goal: the threshold policy, which is deterministic, ends on the measured district with the
// figures that an independent implementation of the same model printed, to their last digit.
// Method: whole runs of 3,000 hours in one process. The data is third-party and not part of the
// project: without it there is nothing to compare with, and the tests are skipped.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <optional>

#include "common/graph/generators.h"
#include "tests/support/grid_graph.h"
#include "tests/support/system_run.h"

namespace tacit {
namespace {

using testing::neighbourhoods;
using testing::SystemRun;
using testing::SystemSetup;

/// Figures as printed: half a unit of the last digit is the tolerance.
struct Printed {
  std::string settings;                                               ///< on top of the defaults
  std::optional<double> grid_fraction, cost, backlog, slope, spread;  ///< slope in %
  std::optional<int> doubles_at_limit;
};

void expect_digits(double value, std::optional<double> printed, double digit, const char* what) {
  if (!printed) return;
  EXPECT_NEAR(value, *printed, 0.5000001 * digit) << what;
}

class GridReproduction : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(TACIT_CITYLEARN)) GTEST_SKIP() << "no " << TACIT_CITYLEARN;
  }

  static SystemRun run(const Graph& graph, const std::string& settings, bool benchmark = false) {
    const bool names_doubles = settings.find("doubles") != std::string::npos;
    const std::string table =
        "data = '" TACIT_CITYLEARN "'\nsolar_scale = 0.6\n" +
        std::string(names_doubles ? "" : "doubles = [0, 1]\n") +
        "policy = 'threshold'\nbenchmark = " + std::string(benchmark ? "true\n" : "false\n") +
        settings;
    return SystemSetup("grid", table, graph, 1).run();
  }

  static void expect_printed(const Graph& graph, const Printed& printed) {
    SCOPED_TRACE(printed.settings);
    const SystemRun result = run(graph, printed.settings);
    expect_digits(result.metric("grid_fraction"), printed.grid_fraction, 1e-4, "grid_fraction");
    expect_digits(result.metric("cost"), printed.cost, 1, "cost");
    expect_digits(result.metric("backlog_end_kwh"), printed.backlog, 1, "backlog_end_kwh");
    expect_digits(100 * result.metric("backlog_slope"), printed.slope, 0.1, "backlog_slope");
    expect_digits(result.metric("spread_mean_second_half"), printed.spread, 0.01, "spread");
    if (!printed.doubles_at_limit) return;
    const auto& most = result.summary.metrics.at("lambda_max");
    EXPECT_EQ(std::ranges::count(most, 15.0), *printed.doubles_at_limit);
    EXPECT_TRUE(std::ranges::all_of(most, [](double x) { return x <= 15; }));
  }
};

const std::string kRandomWalk = "weights = 'random_walk'\n";
const std::string kAlone = "method = 'no_consensus'\n";

TEST_F(GridReproduction, TwoClusters) {
  expect_printed(neighbourhoods(), {kRandomWalk, .2344, 4627, 405, 0.3, .20, 0});
  expect_printed(neighbourhoods(), {kAlone, .1987, 3919, 3701, 8.0, {}, 2});
}

// The running mean of the purchases begins above the cap, since nothing is bought before the
// backlog has made nu negative enough, and then for a season of heat.
TEST_F(GridReproduction, RunningMeanAndGap) {
  const SystemRun agreed = run(neighbourhoods(), kRandomWalk, true);
  EXPECT_NEAR(100 * agreed.metric("gap"), 2.05, 0.005);
  for (const double most : agreed.summary.metrics.at("lambda_max")) EXPECT_LE(most, 3.1);
  std::vector<double> total(3000, 0.0);
  for (const ProcessRecord& agent : agreed.processes) {
    const auto bought = agent.metrics.column("grid_kwh");
    for (std::size_t k = 0; k < total.size(); ++k) total[k] += bought[k];
  }
  double sum = 0, most = 0;
  std::map<std::size_t, double> mean;
  for (std::size_t k = 0; k < total.size(); ++k) {
    sum += total[k];
    mean[k] = sum / static_cast<double>(k + 1) / agreed.metric("peak_kwh");
    most = std::max(most, mean[k]);
  }
  EXPECT_NEAR(mean[500], .277, .0005);
  EXPECT_NEAR(mean[1000], .264, .0005);
  EXPECT_NEAR(mean[2000], .236, .0005);
  EXPECT_NEAR(most, .2875, .0005);
}

TEST_F(GridReproduction, FixedPrices) {
  int feasible = 0;
  for (int lambda = 0; lambda <= 15; ++lambda) {
    for (int nu = -20; nu <= 8; ++nu) {
      const SystemRun fixed =
          run(neighbourhoods(), "method = 'fixed'\nfixed_lambda = " + std::to_string(lambda) +
                                    "\nfixed_nu = " + std::to_string(nu) + "\n");
      EXPECT_EQ(fixed.metric("feasible"), -nu - lambda >= 6) << lambda << ", " << nu;
      feasible += fixed.metric("feasible") == 1;
    }
  }
  EXPECT_EQ(feasible, 120);
}

TEST_F(GridReproduction, Caps) {
  const auto cap = [](const char* c) { return std::string("cap_fraction = ") + c + "\n"; };
  expect_printed(neighbourhoods(), {kRandomWalk + cap("0.2"), .2253, {}, 1245, {}, {}, {}});
  expect_printed(neighbourhoods(), {kRandomWalk + cap("0.3"), .2345, {}, 400, {}, {}, {}});
  expect_printed(neighbourhoods(), {kRandomWalk + cap("0.4"), .2348, {}, 370, {}, {}, {}});
  expect_printed(neighbourhoods(), {kRandomWalk + cap("0.5"), .2348, {}, 370, {}, {}, {}});
  expect_printed(neighbourhoods(), {kAlone + cap("0.3"), {}, {}, 3048, 5.9, {}, {}});
  expect_printed(neighbourhoods(), {kAlone + cap("0.4"), {}, {}, 1278, 1.2, {}, 1});
  expect_printed(neighbourhoods(), {kAlone + cap("0.5"), {}, {}, 484, {}, {}, {}});
  EXPECT_EQ(run(neighbourhoods(), kAlone + cap("0.5")).metric("feasible"), 1);
  EXPECT_EQ(run(neighbourhoods(), kRandomWalk + cap("0.2")).metric("feasible"), 0);
}

TEST_F(GridReproduction, RingAndLine) {
  const std::string one = "doubles = [0]\n";
  expect_printed(ring_graph(7), {one + kRandomWalk, .2191, {}, 397, {}, {}, {}});
  expect_printed(line_graph(7), {one + kRandomWalk, .2192, {}, 387, {}, {}, {}});
  expect_printed(ring_graph(7), {one + kAlone, {}, {}, 2737, 6.4, {}, {}});
  EXPECT_EQ(run(ring_graph(7), one + kAlone).digest, run(line_graph(7), one + kAlone).digest);
}

TEST_F(GridReproduction, SpreadOfThePrices) {
  const auto step = [](const char* eps, int iterations) {
    return kRandomWalk + "consensus_step = " + eps +
           "\niterations = " + std::to_string(iterations) + "\n";
  };
  expect_printed(neighbourhoods(), {step("0.1", 1), {}, {}, {}, {}, .79, {}});
  expect_printed(neighbourhoods(), {step("0.25", 1), {}, {}, {}, {}, .41, {}});
  expect_printed(neighbourhoods(), {step("0.9", 1), {}, {}, {}, {}, .14, {}});
  expect_printed(neighbourhoods(), {step("0.1", 3), {}, {}, {}, {}, .37, {}});
  expect_printed(neighbourhoods(), {step("0.25", 3), {}, {}, {}, {}, .16, {}});
  expect_printed(neighbourhoods(), {step("0.5", 3), {}, {}, {}, {}, .08, {}});
  expect_printed(neighbourhoods(), {step("0.9", 3), {}, {}, {}, {}, .05, {}});
}

TEST_F(GridReproduction, StarWithADoubleHub) {
  const std::string hub = "doubles = [0]\n";
  expect_printed(star_graph(7), {hub + kRandomWalk, {}, {}, 2989, {}, {}, {}});
  expect_printed(star_graph(7), {hub + "consensus_step = 0.9\n", {}, {}, 397, {}, {}, {}});
}

TEST_F(GridReproduction, Sensitivity) {
  expect_printed(neighbourhoods(), {kAlone + "price_scale = 1\n", {}, {}, 433, .8, {}, 2});
  expect_printed(neighbourhoods(), {kAlone + "price_scale = 10\n", {}, {}, 577, .8, {}, 2});
  expect_printed(neighbourhoods(), {kAlone + "nu_least = -30\n", {}, {}, 788, .8, {}, 2});
  struct Row {
    const char* alpha;
    double backlog, spread, slope_alone;
  };
  for (const Row& row : {Row{"0.02", 376, .08, 9.6}, Row{"0.1", 452, .39, 5.8},
                         Row{"0.2", 502, .74, 3.5}, Row{"0.5", 620, 1.65, 1.7}}) {
    const std::string alpha = std::string("alpha = ") + row.alpha + "\n";
    expect_printed(neighbourhoods(),
                   {kRandomWalk + alpha, {}, {}, row.backlog, {}, row.spread, {}});
    expect_printed(neighbourhoods(), {kAlone + alpha, {}, {}, {}, row.slope_alone, {}, {}});
  }
}

}  // namespace
}  // namespace tacit
