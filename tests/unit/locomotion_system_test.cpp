// The settings of locomotion, and what short runs in one process tell each other.
#include <gtest/gtest.h>

#include <cmath>

#include "agent/catalog.h"
#include "agent/systems/locomotion/locomotion_config.h"
#include "agent/systems/locomotion/plant/simulation.h"
#include "common/base/error.h"
#include "common/experiment/experiment.h"
#include "common/graph/generators.h"
#include "tests/support/system_run.h"

namespace tacit {
namespace {

using locomotion::LocomotionConfig;
using locomotion::read_locomotion_config;
using testing::SystemRun;
using testing::SystemSetup;

constexpr double kCopies = 2;
constexpr double kSteps = 10;  ///< of a run; no episode ends
constexpr double kTold[] = {10, 3, 3, 3};

const std::string kShort =
    "task = 'mini'\npods = 4\ncopies = 2\nrollout_steps = 5\niterations = 2\n";
const std::string kSmall = "[locomotion.learning]\nhidden = [4]\nepochs = 1\nminibatches = 2\n";

SystemSetup make(const std::string& settings, const Graph& graph = line_graph(4),
                 double up_probability = 1.0) {
  return SystemSetup("locomotion", kShort + settings, graph, 1, up_probability);
}

std::string refusal(const std::string& settings, std::size_t agents) {
  try {
    SystemSetup("locomotion", settings, line_graph(agents), 1);
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), ExitCode::config);
    return error.what();
  }
  return "";
}

TEST(LocomotionConfig, SaysWhatDoesNotFit) {
  EXPECT_EQ(refusal("", 6), "");
  EXPECT_NE(refusal("", 5).find("set run.agents to that"), std::string::npos);
  EXPECT_NE(refusal("task = '12x1'\nintegrator = 'runge_kutta'", 12).find("locomotion.integrator"),
            std::string::npos);
  EXPECT_NE(refusal("corridor_cost = 'band'", 6), "");
  EXPECT_NE(refusal("[locomotion.coordination]\nkappa = 0", 6).find("kappa"), std::string::npos);
  EXPECT_EQ(refusal("copies = 300", 6), "");
  EXPECT_NE(refusal("copies = 500", 6).find("longer than a frame"), std::string::npos);
  EXPECT_NE(refusal("rollout_steps = 600\nmethod = 'happo'", 6).find("longer than a frame"),
            std::string::npos);
}

TEST(LocomotionConfig, MultiplierKeysMayStayWhereNothingIsConstrained) {
  const std::string multiplier = "lambda_first = 5\nlambda_rate = 0.2\nlambda_most = 9\n";
  EXPECT_EQ(refusal("[locomotion.learning]\nconstrained = false\n" + multiplier, 6), "");
  EXPECT_EQ(refusal("method = 'happo'\n[locomotion.learning]\n" + multiplier, 6), "");
}

TEST(LocomotionConfig, SaysWhatWillNotBeAsItSeems) {
  EXPECT_TRUE(make("").system().advice().empty());
  const auto clamped = make("[locomotion.coordination]\nkappa = 9").system().advice();
  ASSERT_EQ(clamped.size(), 1u);
  EXPECT_NE(clamped.front().find("kappa = 9 is more than there is: 4"), std::string::npos);
  EXPECT_EQ(make("", ring_graph(4)).system().advice().size(), 1u);
}

TEST(LocomotionConfig, MethodsAreNamesForSwitches) {
  const auto rounds = [](const std::string& settings) {
    return make(settings).system().round_count();
  };
  // 10 steps and one more report, each kappa + 1 rounds, the last without a next report.
  EXPECT_EQ(rounds(""), 11 * 4 - 1);
  EXPECT_EQ(rounds("method = 'ippo'"), 11 * 2 - 1);
  EXPECT_EQ(rounds("method = 'happo'"), 11 * 3 + 2 * 4 - 1);
  EXPECT_EQ(rounds("method = 'mappo_l'\n[locomotion.learning]\nsequential = 'none'"), 11 * 3 - 1);
  EXPECT_EQ(rounds("[locomotion.coordination]\ncomm_delay = true"), 11 * 2 - 1);
}

LocomotionConfig config_of(const std::string& settings) {
  const Graph graph = line_graph(6);
  const testing::CoinLinks links(1, 1, 0);
  const auto document = ConfigDocument::parse("[locomotion]\n" + settings, "test", {});
  return read_locomotion_config(document.root().table("locomotion"), {6, 1, graph, links, {}});
}

TEST(LocomotionConfig, ThePublishedMultiplierIsAFixedPriceWhateverTheOtherWasGiven) {
  const MultiplierConfig published =
      config_of(
          "[locomotion.learning]\nmultiplier = 'published'\nlambda_first = 5\n"
          "lambda_rate = 0.2\n")
          .learning.multiplier;
  EXPECT_EQ(published.rule, MultiplierRule::published);
  EXPECT_EQ(published.scale, AdvantageScale::each);
  EXPECT_EQ(published.first, 0.78);
  EXPECT_EQ(published.rate, 1e-7);
  EXPECT_NE(refusal("[locomotion.learning]\nlambda_first = 21", 6).find("lambda_first"),
            std::string::npos)
      << "above lambda_most";
}

TEST(LocomotionConfig, ThePlantIsHeardInEveryRound) {
  const auto load = [](const std::string& override) {
    Experiment::load(TACIT_EXPERIMENTS "/locomotion-mini.toml", {override}, systems());
  };
  load("links.coordinator.up_probability=1");
  try {
    load("links.coordinator.up_probability=0.9");
    ADD_FAILURE() << "accepted";
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), ExitCode::config);
    EXPECT_NE(std::string(error.what()).find("leave out [links.coordinator]"), std::string::npos);
  }
}

TEST(LocomotionTask, RunnersTellEachOtherOfTheirSurroundings) {
  const auto told = [](const std::string& name, EnvInfo info, std::size_t agent) {
    return make_task({name, 6, Integrator::euler, info}).told_count(agent);
  };
  EXPECT_EQ(told("12x1", EnvInfo::all, 0), 4u + 8);
  EXPECT_EQ(told("12x1", EnvInfo::all, 6), 4u + 8);
  EXPECT_EQ(told("12x1", EnvInfo::all, 7), 2u) << "its runner's thigh tells";
  EXPECT_EQ(told("12x1", EnvInfo::head, 6), 4u + 8);
  EXPECT_EQ(told("12x1", EnvInfo::head, 7), 2u);
  EXPECT_EQ(told("6x1", EnvInfo::all, 0), 8u) << "everybody knows the rest";
}

class LocomotionSystem : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!has_mujoco()) GTEST_SKIP() << "this build has no MuJoCo: install libmujoco-dev";
  }

  static SystemRun run(const std::string& settings, double up_probability = 1.0) {
    return make(settings, line_graph(4), up_probability).run();
  }
};

/// Bytes per step and copy of blocks that cross so many links, by origin.
double relay_bytes(const std::vector<double>& crossings, double reports) {
  double bytes = 0;
  for (std::size_t j = 0; j < crossings.size(); ++j) {
    bytes += crossings[j] * (4 + 4 * kTold[j] * kCopies);
  }
  return bytes * reports / (kSteps * kCopies);
}

// Goal: what goes over each kind of link is what the local contract says, to the byte.
TEST_F(LocomotionSystem, CountsWhatIsSaid) {
  const std::string kappa3 = "[locomotion.coordination]\nkappa = 3\n";
  const SystemRun local = run(kSmall + kappa3);
  EXPECT_DOUBLE_EQ(local.metric("bytes_per_step"), relay_bytes({2, 3, 3, 2}, kSteps + 1));
  EXPECT_EQ(local.metric("global_bytes_per_step"), 0);
  EXPECT_EQ(local.metric("factor_bytes_per_step"), 0);
  EXPECT_DOUBLE_EQ(local.metric("action_bytes_per_step"), 4 * 2 * 4);
  EXPECT_EQ(local.summary.metrics.at("neighbourhood"), (std::vector<double>{3, 4, 4, 3}));
  EXPECT_EQ(local.summary.metrics.at("neighbours_heard"), (std::vector<double>{2, 3, 3, 2}));
  EXPECT_EQ(local.metric("env_info"), 0);

  const SystemRun alone = run("method = 'ippo'\n" + kSmall);
  EXPECT_EQ(alone.metric("bytes_per_step"), 0);
  EXPECT_EQ(alone.metric("lambda_mean"), 0);

  const SystemRun global = run("method = 'mappo_l'\n" + kSmall);
  EXPECT_EQ(global.metric("bytes_per_step"), 0);
  EXPECT_DOUBLE_EQ(global.metric("global_bytes_per_step"),
                   3 * 4 * (10 + 3 + 3 + 3) * (kSteps + 1) / kSteps);
  EXPECT_DOUBLE_EQ(global.metric("factor_bytes_per_step"), 3 * 4.0) << "one ratio per sample";

  // Heard in the rounds of reports: the states of the last step are on their way.
  const SystemRun delayed = run(kSmall + kappa3 + "comm_delay = true");
  const double heard = delayed.summary.metrics.at("neighbours_heard")[0];
  EXPECT_DOUBLE_EQ(heard, (10 + 9) / 11.0) << "states of one and of two steps ago";
}

TEST_F(LocomotionSystem, EnvInfoForAllIsNotRelayed) {
  const SystemRun all = run("env_info = 'all'\n" + kSmall + "[locomotion.coordination]\nkappa = 2");
  EXPECT_EQ(all.metric("env_info"), 1);
  EXPECT_DOUBLE_EQ(all.metric("bytes_per_step"),
                   6 * (4 + 4 * 3 * kCopies) * (kSteps + 1) / (kSteps * kCopies));
}

TEST_F(LocomotionSystem, FailingLinksAreHeardLess) {
  for (const char* missing : {"last", "zeros"}) {
    const SystemRun failing =
        run(kSmall + "[locomotion.coordination]\nkappa = 4\nmissing = '" + missing + "'", 0.7);
    EXPECT_TRUE(std::isfinite(failing.metric("return")));
    double heard = 0;
    for (const double count : failing.summary.metrics.at("neighbours_heard")) heard += count / 4;
    EXPECT_LT(heard, 2.6);  // Over one link 0.7, over two 0.49, over three 0.34.
    EXPECT_GT(heard, 1);
  }
}

TEST_F(LocomotionSystem, SaysThatAPolicyDiverged) {
  try {
    SystemSetup("locomotion",
                "task = 'mini'\npods = 4\ncopies = 2\nrollout_steps = 5\niterations = 200\n"
                "[locomotion.learning]\nhidden = [4]\nactor_rate = 1\nentropy = 10\n",
                line_graph(4), 1)
        .run();
    ADD_FAILURE() << "did not diverge";
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), ExitCode::config);
    EXPECT_NE(std::string(error.what()).find("has diverged"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("actor_rate"), std::string::npos) << error.what();
  }
}

TEST_F(LocomotionSystem, DrawsTheWaysOfEndedEpisodes) {
  const auto drawn = [](const std::string& settings, const Graph& graph) {
    const SystemSetup setup("locomotion", settings + kSmall, graph, 1);
    const auto plots = setup.system().plots(setup.run().processes);
    const auto path = std::ranges::find(plots, "path", &Plot::file_stem);
    return path == plots.end() ? Plot{} : *path;
  };
  const std::string one = "copies = 1\niterations = 1\n";
  const Plot above = drawn("task = 'mini'\npods = 4\nrollout_steps = 101\n" + one, line_graph(4));
  EXPECT_EQ(above.y_label, "y [m]");
  ASSERT_EQ(above.series.size(), 2u) << "the corridor and an episode";
  EXPECT_EQ(above.series[0].style, Series::Style::band);
  EXPECT_EQ(above.series[1].name, "episode 1");
  EXPECT_EQ(above.series[1].x.size(), 101u);
  EXPECT_NE(above.caption.find("corridor"), std::string::npos);
  const Plot side = drawn("task = '12x1'\nrollout_steps = 1001\n" + one, line_graph(12));
  EXPECT_EQ(side.y_label, "z [m]");
  ASSERT_GE(side.series.size(), 1u);
  EXPECT_EQ(side.caption.find("corridor"), std::string::npos);
}

TEST_F(LocomotionSystem, DrawsWhatItFound) {
  const auto setup = make(kSmall + "[locomotion.coordination]\nkappa = 2");
  const auto plots = setup.system().plots(setup.run().processes);
  std::vector<std::string> stems;
  for (const Plot& plot : plots) {
    stems.push_back(plot.file_stem);
    for (const Series& series : plot.series) {
      EXPECT_EQ(series.x.size(), series.y.size()) << plot.file_stem;
    }
  }
  EXPECT_EQ(stems, (std::vector<std::string>{"return", "cost", "lambda", "bytes"}));
}

}  // namespace
}  // namespace tacit
