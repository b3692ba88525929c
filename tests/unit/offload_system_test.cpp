#include "agent/systems/offload/offload_system.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "agent/systems/offload/edge_server.h"
#include "agent/systems/offload/offload_config.h"
#include "agent/systems/offload/theta_server.h"
#include "common/base/error.h"
#include "common/base/payload.h"
#include "common/graph/generators.h"
#include "common/link/random_links.h"
#include "tests/support/system_run.h"

namespace tacit::offload {
namespace {

using testing::SystemRun;
using testing::SystemSetup;

/// Runs of seeds 1, 2, ...
std::vector<SystemRun> runs_of(const std::string& table, int seed_count) {
  std::vector<SystemRun> runs;
  for (int seed = 1; seed <= seed_count; ++seed) {
    runs.push_back(
        SystemSetup("offload", table, ring_graph(10), static_cast<std::uint64_t>(seed)).run());
  }
  return runs;
}

double mean_of(const std::vector<SystemRun>& runs, const std::string& metric) {
  double sum = 0;
  for (const SystemRun& run : runs) sum += run.metric(metric);
  return sum / static_cast<double>(runs.size());
}

// Goal: what the method is known to reach with ten devices (docs/offload.md).
TEST(Offload, MultiplierLearnsNearTheOptimum) {
  const auto runs = runs_of("", 5);
  EXPECT_GE(mean_of(runs, "cost_ratio"), 0.731);
  EXPECT_LE(mean_of(runs, "cost_ratio"), 0.751);
  for (const SystemRun& run : runs) EXPECT_TRUE(run.summary.all_hold());
}

TEST(Offload, FiniteDifferencesLearnNearTheOptimum) {
  const auto runs = runs_of("gradient = 'finite_differences'", 5);
  EXPECT_LE(mean_of(runs, "cost_ratio"), 0.757);
  EXPECT_GE(mean_of(runs, "cost_ratio"), 0.731);
}

TEST(Offload, FrequencyRisesFromZeroAndSettles) {
  const SystemRun run = SystemSetup("offload", "", ring_graph(10), 1).run();
  double first = 0, last = 0;
  for (std::size_t i = 0; i < 10; ++i) {
    first += run.processes[i].metrics.column("frequency").front() / 10;
    last += run.processes[i].metrics.column("frequency").back() / 10;
  }
  EXPECT_EQ(first, 0.0);
  EXPECT_NEAR(last, 0.16, 0.015);
  EXPECT_NEAR(run.metric("frequency_mean"), 0.16, 0.015);
  EXPECT_NEAR(run.metric("optimal_ratio"), 0.7338, 1e-3);
  EXPECT_NEAR(run.metric("selfish_ratio"), 0.752, 1e-3);
}

// Goal: sums over the graph are as good as a coordinator's, with and without lost frames.
TEST(Offload, EndsWithTheSameBudgetsWhoeverAddsUp) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    const Graph graph = small_world_graph(10, 10, seed);
    const SystemRun central = SystemSetup("offload", "", graph, seed).run();
    for (const double up_probability : {1.0, 0.5}) {
      const SystemRun local =
          SystemSetup("offload", "sums = 'graph'", graph, seed, up_probability).run();
      EXPECT_LE(local.metric("sum_error"), 1e-9);
      for (std::size_t i = 0; i < 10; ++i) {
        EXPECT_NEAR(local.summary.metrics.at("theta")[i], central.summary.metrics.at("theta")[i],
                    1e-3);
      }
      EXPECT_NEAR(local.metric("cost_ratio"), central.metric("cost_ratio"),
                  0.003 * central.metric("cost_ratio"));
    }
  }
}

TEST(Offload, SlowStepsOfDifferentLengthReachTheSameCost) {
  EXPECT_NEAR(mean_of(runs_of("staleness = 3", 2), "cost_ratio"), 0.741, 0.01);
}

TEST(Offload, StalenessOneIsSynchronous) {
  const SystemRun plain =
      SystemSetup("offload", "slow_steps = 2\nq_steps = 500", ring_graph(6), 1).run();
  const SystemRun other =
      SystemSetup("offload", "slow_steps = 2\nq_steps = 500\nstaleness = 1", ring_graph(6), 1)
          .run();
  EXPECT_EQ(plain.digest, other.digest);
}

// Goal: at alpha = 2 the devices that reckon with the fluctuating crowd beat the plain optimum.
TEST(Offload, VarianceAwareCongestionBeatsThePlainOptimumWhereItFluctuates) {
  const SystemRun run =
      SystemSetup("offload", "congestion = 'variance_aware'\nalpha = 2.0", ring_graph(10), 1).run();
  EXPECT_LT(run.metric("gap"), 0.0);
  EXPECT_NEAR(run.metric("cost_ratio"), 0.7733, 0.012);
}

TEST(Offload, HoldsTheSameBitsOnTwoThreads) {
  for (const char* table : {"slow_steps = 2\nq_steps = 500", "method = 'iql'\nslots = 200"}) {
    const SystemSetup setup("offload", table, ring_graph(10), 3);
    EXPECT_EQ(setup.run(1).digest, setup.run(2).digest) << table;
  }
}

// Goal: independent learners start worse than never offloading, and learn (their full length is
// 1.6 million slots; see the experiment's comment).
TEST(Offload, IndependentLearnersImproveSlowly) {
  const SystemRun brief =
      SystemSetup("offload", "method = 'iql'\nslots = 100000", ring_graph(10), 1).run();
  const SystemRun longer =
      SystemSetup("offload", "method = 'iql'\nslots = 800000", ring_graph(10), 1).run();
  EXPECT_GT(brief.metric("cost_ratio"), 1.0);
  EXPECT_LT(longer.metric("cost_ratio"), 0.85);
  EXPECT_TRUE(longer.summary.constraints.empty());
}

TEST(Offload, PlotsWhatItPromises) {
  const auto stems = [](const std::string& table) {
    const SystemSetup setup("offload", table, ring_graph(4), 1);
    std::vector<std::string> found;
    for (const Plot& plot : setup.system().plots(setup.run().processes)) {
      found.push_back(plot.file_stem);
      for (const Series& series : plot.series) EXPECT_EQ(series.x.size(), series.y.size());
      EXPECT_TRUE(!plot.series.empty() || !plot.heat_map.empty()) << plot.file_stem;
    }
    return found;
  };
  const std::string brief = "slow_steps = 1\nq_steps = 100\n";
  using Stems = std::vector<std::string>;
  EXPECT_EQ(stems(brief), (Stems{"cost", "frequency", "theta", "lambda", "policy"}));
  EXPECT_EQ(stems(brief + "sums = 'graph'"),
            (Stems{"cost", "frequency", "theta", "lambda", "sum_error", "policy"}));
  EXPECT_EQ(stems("method = 'iql'\nslots = 100"), (Stems{"cost", "frequency", "policy"}));
}

// Goal: agent 0's map has a row per battery level, deficits first, and a column per age.
TEST(Offload, PolicyMapForbidsProcessingInDeficit) {
  const SystemSetup setup("offload", "slow_steps = 1\nq_steps = 100", ring_graph(2), 1);
  const std::vector<Plot> plots = setup.system().plots(setup.run().processes);
  const Plot::HeatMap& map = plots.back().heat_map.front();
  ASSERT_EQ(map.cells.size(), 23u);
  ASSERT_EQ(map.cells.front().size(), 15u);
  EXPECT_EQ(map.y_first, -7.0);
  for (std::size_t row = 0; row < 7; ++row) {
    for (const double action : map.cells[row]) EXPECT_NE(action, 1.0);
  }
}

void expect_refused(const std::string& table, const std::string& key) {
  try {
    const SystemSetup setup("offload", table, ring_graph(4), 1);
    ADD_FAILURE() << "accepted: " << table;
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), ExitCode::config) << error.what();
    EXPECT_NE(std::string(error.what()).find(key), std::string::npos) << error.what();
  }
}

TEST(OffloadConfig, NamesTheKeyThatIsWrong) {
  expect_refused("methot = 'dcc'", "offload.methot");
  expect_refused("method = 'dc'", "offload.method");
  expect_refused("alpha = -1", "offload.alpha");
  expect_refused("q_steps = 0", "offload.q_steps");
  expect_refused("method = 'iql'\nslow_steps = 5", "offload.slow_steps");
  expect_refused("sums = 'graph'\nstaleness = 2", "offload.staleness");
  expect_refused("rate_first = 0.1\nrate_least = 0.2", "offload.rate_least");
  expect_refused("team = 'devices'", "offload.devices");
  expect_refused("team = 'devices'\n[[offload.devices]]\ncount = 4\nminH = 3\nmaxH = 1", "minH");
}

TEST(OffloadConfig, TakesDevicesAsGiven) {
  const auto document = ConfigDocument::parse(
      "[offload]\nteam = 'devices'\n[[offload.devices]]\ncount = 3\nmaxC = 10\nmaxH = 1\n"
      "[[offload.devices]]\nM = 5\n",
      "test", {});
  const Graph graph = ring_graph(4);
  const OffloadConfig config =
      read_offload_config(document.root().table("offload"), {4, 1, graph, AlwaysUp{}, {}});
  ASSERT_EQ(config.team.size(), 4u);
  EXPECT_EQ(config.team[2], named_type("scarce"));
  EXPECT_EQ(config.team[3].M, 5);
}

// Goal: a peer's number is checked before it is used, and the message says whose it was.
TEST(Servers, RefuseWhatIsNotANumberOfTheProtocol) {
  const Round round_count = 8;
  const auto theta_server = [&] {
    return ThetaServer({.agent_count = 3,
                        .seed = 1,
                        .staleness = 1,
                        .round_count = round_count,
                        .initial_theta = 0,
                        .accepted_w = {"w", -1e9, 1e9},
                        .accepted_theta = {"theta", 0, 1}});
  };
  const auto refuses = [](Machine&& machine, Round round, std::span<const std::byte> payload) {
    RoundOutput output;
    const Received received{process_id(2), round - 1, payload};
    try {
      machine.on_round({round, std::span(&received, 1)}, output);
    } catch (const InputError& error) {
      return error.code() == ExitCode::peer_lost &&
             std::string(error.what()).find("process 2") != std::string::npos;
    }
    return false;
  };
  EXPECT_FALSE(refuses(theta_server(), 3, pack<1>({0.5})));
  EXPECT_TRUE(refuses(theta_server(), 3, pack<1>({1.5})));
  EXPECT_TRUE(refuses(theta_server(), 3, pack<1>({std::nan("")})));
  EXPECT_TRUE(refuses(theta_server(), 3, pack<2>({0.5, 0.5})));
  EXPECT_FALSE(refuses(theta_server(), 1, pack<1>({1.5})));
  const std::array<std::byte, 1> one{std::byte{1}}, two{std::byte{2}};
  EXPECT_FALSE(refuses(EdgeServer({false, 20, 3}, round_count), 1, one));
  EXPECT_TRUE(refuses(EdgeServer({false, 20, 3}, round_count), 1, two));
  EXPECT_TRUE(refuses(EdgeServer({false, 20, 3}, round_count), 1, {}));
  EXPECT_TRUE(refuses(EdgeServer({true, 20, 3}, round_count), 1, one));
}

// Goal: a server that does not hear an agent goes on with its last number.
TEST(Servers, ThetaServerSumsTheNewestNumbers) {
  NewestSum sum(3, 0.25);
  const Accepted accepted{"theta", 0, 1};
  const auto half = pack<1>({0.5});
  const std::array newer{Received{process_id(1), 2, half}};
  sum.absorb({3, newer}, accepted);
  EXPECT_DOUBLE_EQ(sum.sum(), 1.0);
  const std::array of_other_phase{Received{process_id(2), 0, half}};
  sum.absorb({3, of_other_phase}, accepted);
  EXPECT_DOUBLE_EQ(sum.sum(), 1.0);
}

}  // namespace
}  // namespace tacit::offload
