#include "agent/systems/locomotion/plant/plant.h"

#include <gtest/gtest.h>

#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <cstring>
#include <functional>

#include "agent/systems/locomotion/plant/simulation.h"
#include "common/base/error.h"

namespace tacit {
namespace {

using Actions = std::vector<std::vector<float>>;

// What needs the simulator is left out where it is not installed.
#define NEEDS_MUJOCO() \
  if (!has_mujoco()) GTEST_SKIP() << "this build has no MuJoCo: install libmujoco-dev"

Actions resting(const Task& task, std::size_t copy_count) {
  Actions actions;
  for (const AgentShape& agent : task.agents) {
    actions.emplace_back(copy_count * agent.action_count);
  }
  return actions;
}

// Normal actions of one step, a function of the step alone.
Actions random_actions(const Task& task, std::size_t copy_count, Round step, double deviation) {
  RandomStream stream(5, process_id(0), purpose("test.plant.actions"), step);
  boost::random::normal_distribution<double> normal(0, deviation);
  Actions actions = resting(task, copy_count);
  for (std::vector<float>& agent : actions) {
    for (float& action : agent) action = static_cast<float>(normal(stream));
  }
  return actions;
}

// Every bit that agents get in `count` steps of random actions from step `first` on.
std::vector<float> outcomes(Plant& plant, Round first, Round count) {
  std::vector<float> found;
  for (Round step = first; step < first + count; ++step) {
    plant.step(random_actions(plant.task(), plant.copy_count(), step, 0.5));
    for (std::size_t agent = 0; agent < plant.task().agent_count(); ++agent) {
      const PlantReport& report = plant.report(agent);
      for (const auto* block : {&report.observation, &report.reward, &report.cost}) {
        found.insert(found.end(), block->begin(), block->end());
      }
    }
  }
  return found;
}

struct Choice {
  const char* name;
  Integrator integrator;
};
constexpr Choice kChoices[] = {{"mini", Integrator::euler},
                               {"6x1", Integrator::euler},
                               {"2x3", Integrator::runge_kutta},
                               {"8x1", Integrator::runge_kutta},
                               {"12x1", Integrator::euler}};

// Goal: the bodies are those of the published tasks. Method: sizes and total masses measured there.
TEST(Plant, BodiesHaveTheirMassesAndCounts) {
  NEEDS_MUJOCO();
  const Task mini = make_task({.name = "mini"}), chain = make_task({.name = "6x1"});
  const Task quadruped = make_task({.name = "8x1"}), runners = make_task({.name = "12x1"});
  struct Expected {
    std::unique_ptr<Body> body;
    std::size_t position_count, velocity_count, actuator_count;
    double mass;
  };
  std::vector<Expected> cases;
  cases.push_back({make_mini(mini, {}), 9, 9, 12, 4 + 6 * 0.3});
  cases.push_back({make_chain(chain, {}), 31, 30, 24, 19.470});
  cases.push_back({make_quadruped(quadruped, {}), 15, 14, 8, 0.911});
  cases.push_back({make_runner_pair(runners, {}), 19, 19, 13, 14.0});
  for (const Expected& expected : cases) {
    const Simulation simulation(expected.body->mjcf());
    EXPECT_EQ(simulation.position_count(), expected.position_count);
    EXPECT_EQ(simulation.velocity_count(), expected.velocity_count);
    EXPECT_EQ(simulation.actuator_count(), expected.actuator_count);
    EXPECT_NEAR(simulation.total_mass(), expected.mass, 5e-4);
  }
}

// Goal: a plant is a function of its seed. Method: two alike agree in every bit, over the ends of
// episodes; another seed does not.
TEST(Plant, SameSeedSameBits) {
  NEEDS_MUJOCO();
  for (const Choice& choice : kChoices) {
    SCOPED_TRACE(choice.name);
    const Task task = make_task({.name = choice.name, .integrator = choice.integrator});
    Plant first(task, {.copy_count = 2, .seed = 7}), second(task, {.copy_count = 2, .seed = 7});
    Plant other(task, {.copy_count = 2, .seed = 8});
    const std::vector<float> found = outcomes(first, 0, 120);
    EXPECT_EQ(found, outcomes(second, 0, 120));
    EXPECT_NE(found, outcomes(other, 0, 120));
  }
}

// Goal: copies go through one workspace and leave nothing behind. Method: copy 0 alone against copy
// 0 of three, resting agents.
TEST(Plant, CopiesDoNotReachEachOther) {
  NEEDS_MUJOCO();
  for (const Choice& choice : kChoices) {
    SCOPED_TRACE(choice.name);
    const Task task = make_task({.name = choice.name, .integrator = choice.integrator});
    Plant alone(task, {.copy_count = 1, .seed = 7}), among(task, {.copy_count = 3, .seed = 7});
    for (int step = 0; step < 110; ++step) {
      alone.step(resting(task, 1));
      among.step(resting(task, 3));
      const std::vector<float>& mine = alone.report(0).observation;
      const std::vector<float>& all = among.report(0).observation;
      ASSERT_TRUE(std::equal(mine.begin(), mine.end(), all.begin())) << "step " << step;
    }
  }
}

// Goal: a checkpoint holds all that the future depends on. Method: a restored plant, made with the
// same settings, continues for 120 steps with the bits of the one that went on.
TEST(Plant, ContinuesFromACheckpointBitForBit) {
  NEEDS_MUJOCO();
  for (const Choice& choice : kChoices) {
    SCOPED_TRACE(choice.name);
    const Task task = make_task({.name = choice.name, .integrator = choice.integrator});
    Plant plant(task, {.copy_count = 2, .seed = 3}), restored(task, {.copy_count = 2, .seed = 3});
    outcomes(plant, 0, 100);  // the mini corridor's episodes have just ended
    CheckpointWriter writer;
    plant.save(writer);
    CheckpointReader reader(writer.bytes());
    restored.restore(reader);
    EXPECT_TRUE(reader.at_end());
    const PlantReport &kept = restored.report(1), &last = plant.report(1);
    EXPECT_EQ(kept.observation, last.observation);
    EXPECT_EQ(kept.reward, last.reward);
    EXPECT_EQ(kept.cost, last.cost);
    EXPECT_EQ(kept.end, last.end);
    EXPECT_EQ(kept.last_observation, last.last_observation);
    EXPECT_EQ(outcomes(plant, 100, 120), outcomes(restored, 100, 120));
    EXPECT_EQ(plant.counts().ended_return_sum, restored.counts().ended_return_sum);
    ASSERT_EQ(plant.paths().size(), 2U);
    EXPECT_EQ(plant.paths()[1].places, restored.paths()[1].places);
  }
}

// Goal: each episode begins with the noise of its task, and with new noise. Method: what agents see
// of 400 resets; uniform +-0.1 has a deviation of 0.0577, velocities one of 0.1.
TEST(Plant, EpisodesBeginWithTheirNoise) {
  NEEDS_MUJOCO();
  const std::size_t copies = 400;
  const Task task = make_task({.name = "6x1"});
  const Plant plant(task, {.copy_count = copies, .seed = 11});
  const std::size_t size = task.agents[0].observation_count();
  const std::vector<float>& seen = plant.report(0).observation;
  const auto deviation = [&](std::size_t k, double centre, double most) {
    double square = 0;
    for (std::size_t copy = 0; copy < copies; ++copy) {
      const double number = static_cast<double>(seen[copy * size + k]) - centre;
      EXPECT_LE(std::abs(number), most);
      square += number * number;
    }
    return std::sqrt(square / static_cast<double>(copies));
  };
  EXPECT_NEAR(deviation(2, 0, 0.1000001), 0.0577, 0.006);     // an angle
  EXPECT_NEAR(deviation(5, 0, 1), 0.1, 0.012);                // its velocity
  EXPECT_NEAR(deviation(8, 0.75, 0.1000001), 0.0577, 0.006);  // the head's height
  EXPECT_EQ(deviation(9, 1, 0), 0.0);                         // its orientation
  EXPECT_NEAR(deviation(13, 0, 1), 0.1, 0.012);               // its speed
}

// Goal: the reward of the mini corridor is the way made, less a hundredth of the squared actions.
// Method: over whole episodes the ways add up to the head's path, whatever happened between.
TEST(Plant, MiniCorridorEarnsTheWayMade) {
  NEEDS_MUJOCO();
  const Task task = make_task({.name = "mini"});
  Plant plant(task, {.copy_count = 1, .seed = 2});
  double square = 0, cost = 0;
  for (Round step = 0; step < 100; ++step) {
    Actions actions = random_actions(task, 1, step, 0.5);
    for (std::vector<float>& agent : actions) agent[1] += 1.0F;  // push ahead, beyond the range too
    for (const std::vector<float>& agent : actions) {
      for (const float action : agent) square += std::pow(static_cast<double>(action), 2);
    }
    plant.step(actions);
    cost += static_cast<double>(plant.report(3).cost[0]);
    ASSERT_EQ(plant.report(0).end[0], step == 99 ? EpisodeEnd::truncated : EpisodeEnd::none);
  }
  const HeadPath& path = plant.paths()[0];
  ASSERT_EQ(path.places.size(), 101U);
  const double way = path.places.back().x - path.places.front().x;
  EXPECT_GT(way, 3.0);
  EXPECT_NEAR(plant.counts().ended_return_sum, way / 0.05 - 0.01 * square, 1e-9);
  double paid = 0;
  for (std::size_t k = 1; k < path.places.size(); ++k) {
    paid += std::abs(path.places[k].y - path.centre[k]) > 0.4;
  }
  EXPECT_EQ(cost, paid);
  EXPECT_EQ(plant.counts().ended_cost_sum, paid);
}

// Goal: the chaser of the coupled runners moves as published. Method: resting runners are caught
// after 133 steps and pay 545 per episode; the noise of the reset moves both a little.
TEST(Plant, ChaserCatchesRestingRunners) {
  NEEDS_MUJOCO();
  const Task task = make_task({.name = "12x1"});
  for (const std::uint64_t seed : {1, 2, 3}) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    Plant plant(task, {.copy_count = 1, .seed = seed});
    int first = -1, paid = 0;
    for (int step = 0; step < 1000; ++step) {
      plant.step(resting(task, 1));
      const bool pays = plant.report(0).cost[0] > 0;
      paid += pays;
      if (pays && first < 0) first = step;
    }
    EXPECT_NEAR(first, 133, 3);
    EXPECT_NEAR(paid, 545, 8);
    EXPECT_EQ(plant.counts().episodes, 1U);
    EXPECT_EQ(plant.counts().terminated, 0U);
  }
}

// Goal: an untrained robot of six segments earns and pays what was measured: about -551 and 18 per
// episode. Method: 16 episodes of normal actions with the initial policy's deviation of 0.366.
TEST(Plant, UntrainedSegmentsEarnWhatWasMeasured) {
  NEEDS_MUJOCO();
  const Task task = make_task({.name = "6x1"});
  Plant plant(task, {.copy_count = 16, .seed = 3});
  for (Round step = 0; step < 1000; ++step) plant.step(random_actions(task, 16, step, 0.366));
  ASSERT_EQ(plant.counts().episodes, 16U);
  EXPECT_EQ(plant.counts().unstable, 0U);
  EXPECT_NEAR(plant.counts().ended_return_sum / 16, -551, 30);
  EXPECT_LT(plant.counts().ended_cost_sum / 16, 60);
}

// Goal: a simulation without a finite state ends its episode, not the process. Method: a checkpoint
// in which x of the first copy, the first number behind the counts and a length, is beyond what
// MuJoCo goes on from.
TEST(Plant, UnstableSimulationEndsTheEpisode) {
  NEEDS_MUJOCO();
  const Task task = make_task({.name = "mini"});
  Plant plant(task, {.copy_count = 2, .seed = 4});
  plant.step(resting(task, 2));
  CheckpointWriter writer;
  plant.save(writer);
  const double bad = 1e12;
  std::vector<std::byte> bytes(writer.bytes().begin(), writer.bytes().end());
  std::memcpy(bytes.data() + sizeof(PlantCounts) + sizeof(std::size_t), &bad, sizeof(bad));
  CheckpointReader reader(bytes);
  plant.restore(reader);
  plant.step(resting(task, 2));
  EXPECT_EQ(plant.counts().unstable, 1U);
  EXPECT_EQ(plant.counts().terminated, 1U);
  const PlantReport& report = plant.report(0);
  EXPECT_EQ(report.end, (std::vector{EpisodeEnd::terminated, EpisodeEnd::none}));
  EXPECT_EQ(report.cost[0], 1.0F);
  EXPECT_EQ(report.reward[0], 0.0F);
  for (const float number : report.observation) EXPECT_TRUE(std::isfinite(number));
  for (const float number : report.last_observation) EXPECT_TRUE(std::isfinite(number));
  plant.step(resting(task, 2));
  EXPECT_EQ(plant.counts().unstable, 1U);
  EXPECT_EQ(plant.report(0).end[0], EpisodeEnd::none);
}

TEST(Plant, StatesThatAreNotFiniteAreGivenUp) {
  NEEDS_MUJOCO();
  const Task task = make_task({.name = "6x1"});
  Simulation simulation(make_chain(task, {})->mjcf());
  const std::vector<double> control(simulation.actuator_count());
  for (const double bad : {std::nan(""), HUGE_VAL, -1e11}) {
    BodyState state = simulation.zero_pose();
    state.velocity[8] = bad;
    EXPECT_FALSE(simulation.advance(control, 2, state));
    BodyState sound = simulation.zero_pose();
    EXPECT_TRUE(simulation.advance(control, 2, sound));
    EXPECT_EQ(sound.time, 0.02);
  }
}

TEST(Plant, WithoutMujocoSaysWhatToInstall) {
  if (has_mujoco()) GTEST_SKIP() << "this build has MuJoCo";
  try {
    Plant plant(make_task({.name = "mini"}), {});
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), ExitCode::config);
    EXPECT_NE(std::string(error.what()).find("libmujoco-dev"), std::string::npos);
  }
}

TEST(Plant, SettingsOutOfRangeAreRefused) {
  const Task mini = make_task({.name = "mini"}), quadruped = make_task({.name = "8x1"});
  EXPECT_THROW(Plant(mini, {.copy_count = 0}), InputError);
  EXPECT_THROW(Plant(mini, {.copy_count = 1025}), InputError);
  EXPECT_THROW(Plant(mini, {.corridor_cost = CorridorCost::band}), InputError);
  EXPECT_THROW(Plant(quadruped, {.cost_scope = CostScope::local}), InputError);
}

}  // namespace
}  // namespace tacit
