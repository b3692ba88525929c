// Goal: the two claims of the smallest task hold with the whole path (plant, relays, learners): a
// multiplier of its own keeps each agent's cost below its limit, and hearing neighbours helps.
// Method: three runs of 384,000 steps beside each other, one seed; about a minute on two cores.
#include <gtest/gtest.h>

#include <cmath>
#include <future>

#include "agent/systems/locomotion/plant/simulation.h"
#include "common/graph/generators.h"
#include "tests/support/system_run.h"

namespace tacit {
namespace {

using testing::SystemRun;
using testing::SystemSetup;

constexpr std::uint64_t kSeed = 2;

SystemRun run(const std::string& settings) {
  return SystemSetup("locomotion", "task = 'mini'\n" + settings, line_graph(6), kSeed).run();
}

std::future<SystemRun> start(const std::string& settings) {
  return std::async(std::launch::async, run, settings);
}

TEST(LocomotionLearning, KeepsTheLimitAndLearnsFromNeighbours) {
  if (!has_mujoco()) GTEST_SKIP() << "this build has no MuJoCo: install libmujoco-dev";
  SCOPED_TRACE(::testing::Message() << "seed=" << kSeed);
  auto heard = start("[locomotion.coordination]\nkappa = 3");
  auto free = start("[locomotion.learning]\nconstrained = false");
  auto alone = start("[locomotion.coordination]\nkappa = 1");
  const SystemRun kappa3 = heard.get(), unconstrained = free.get(), kappa1 = alone.get();
  for (const SystemRun* ended : {&kappa3, &unconstrained, &kappa1}) {
    EXPECT_TRUE(std::isfinite(ended->metric("return")));
    EXPECT_EQ(ended->metric("steps"), 384'000);
    EXPECT_EQ(ended->metric("unstable"), 0);
  }
  EXPECT_LT(kappa3.metric("cost"), 5);
  EXPECT_GT(unconstrained.metric("cost"), 30);
  EXPECT_GT(kappa3.metric("return"), kappa1.metric("return") + 10);
}

}  // namespace
}  // namespace tacit
