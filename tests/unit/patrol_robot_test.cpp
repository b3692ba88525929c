// Goal: robots as machines, with coded deltas over the engine, go exactly as the simulation of the
// team does in which everyone hears whole buffers.
// Method: hardly trained robots, which move at random, on 10 seeds, for every code, over links that
// fail by chance and by distance.
#include "agent/systems/patrol/patrol_robot.h"

#include <gtest/gtest.h>

#include "agent/catalog.h"
#include "agent/systems/patrol/team_policies.h"
#include "agent/systems/patrol/team_simulation.h"
#include "agent/systems/patrol/team_training.h"
#include "common/base/error.h"
#include "common/experiment/experiment.h"
#include "common/graph/generators.h"
#include "tests/support/state_hash.h"
#include "tests/support/system_run.h"
#include "tests/support/temporary_folder.h"

namespace tacit::patrol {
namespace {

using tacit::testing::SystemRun;
using tacit::testing::SystemSetup;

constexpr std::size_t kRobots = 5;
constexpr std::size_t kRollouts = 4;
constexpr std::size_t kSteps = 60;

const std::string kShort =
    "rollouts = 4\nrollout_steps = 60\ntightening = 0.1\n"
    "training = {steps_per_block = 1, rounds = 1, quality_runs = 1, quality_steps = 60, "
    "attempts_most = 1}\n";

const Lattice& lattice() {
  static const Lattice built(read_floor_plan(default_floor_plan(), "default"), 1.0, "default");
  return built;
}

DualConfig dual() {
  DualConfig config;
  config.tightening = 0.1;
  config.required = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6};
  config.rollout_steps = kSteps;
  return config;
}

struct Hearing {
  double up_probability;
  double range_m;
};

std::vector<double> last_multipliers(const SystemRun& run, std::size_t robot) {
  const std::vector<double>& lambda = run.processes[robot].result.at("lambda");
  return {lambda.end() - 6, lambda.end()};
}

void expect_as_simulated(const SystemSetup& setup, const Graph& graph, std::uint64_t seed,
                         bool perfect) {
  const TeamPolicies team =
      TeamPolicies::from_bytes(*setup.policies().begin()->second, policy_shape(lattice()), kRobots);
  const DualConfig config = dual();
  TeamSimulation simulation(
      {lattice(), team.robots, config, graph, setup.links(), seed, {}, perfect});
  const SystemRun run = setup.run();
  for (std::size_t t = 0; t < kRollouts * kSteps; ++t) {
    for (std::size_t n = 0; n < kRobots; ++n) {
      const Point place = lattice().point(simulation.place(n));
      const std::vector<double>& row = run.processes[n].metrics.rows[t];
      ASSERT_EQ((Point{row[0], row[1]}), place) << "robot " << n << ", step " << t;
    }
    simulation.step();
  }
  for (std::size_t n = 0; n < kRobots; ++n) {
    const auto expected = perfect ? simulation.reference() : simulation.lambda(n);
    EXPECT_EQ(last_multipliers(run, n), (std::vector<double>{expected.begin(), expected.end()}));
  }
}

TEST(PatrolRobot, CodedDeltasAreAsGoodAsWholeBuffers) {
  const Graph graph = complete_graph(kRobots);
  for (const char* code : {"arithmetic", "run_lengths", "list"}) {
    for (const Hearing hearing : {Hearing{0.3, 0}, Hearing{1, 7}, Hearing{0.5, 14}}) {
      for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        SCOPED_TRACE(::testing::Message() << code << ", up " << hearing.up_probability << ", range "
                                          << hearing.range_m << ", seed=" << seed);
        const SystemSetup setup("patrol", kShort + "code = '" + code + "'", graph, seed,
                                hearing.up_probability, hearing.range_m);
        expect_as_simulated(setup, graph, seed, false);
      }
    }
  }
}

/// The same links, of which nobody knows how long they stay out of reach.
class WithoutForecast final : public LinkModel {
 public:
  explicit WithoutForecast(const LinkModel& links) : links_(links) {}
  bool sends(Edge edge, Round round) const override { return links_.sends(edge, round); }
  bool needs_poses() const override { return links_.needs_poses(); }
  bool hears(Edge edge, Round round, Point from, Point to) const override {
    return links_.hears(edge, round, from, to);
  }

 private:
  const LinkModel& links_;
};

struct End {
  std::vector<std::uint64_t> digests;
  MessageCount total;
};

End end_of(const Experiment& experiment, const LinkModel& links, const Policies& policies) {
  std::vector<std::unique_ptr<Machine>> machines;
  std::vector<Machine*> pointers;
  for (std::size_t n = 0; n < kRobots; ++n) {
    machines.push_back(experiment.make_machine(process_id(n), policies));
    pointers.push_back(machines.back().get());
  }
  Lockstep lockstep(pointers, links, [](ProcessId, Round, std::span<const Sample>) {});
  lockstep.run(0, experiment.system().round_count(), 1);
  End end;
  for (std::size_t n = 0; n < kRobots; ++n) end.digests.push_back(lockstep.digest(process_id(n)));
  for (const auto& [edge, count] : lockstep.traffic()) end.total += count;
  return end;
}

// Goal: what robots leave out because they know how they move is only what nobody would hear.
TEST(PatrolRobot, MissesNothingOfThoseItLeavesAlone) {
  const tacit::testing::TemporaryFolder folder;
  const std::string late = "code = 'list'\n[[faults]]\nkind = 'delay'\nrounds = 2\n";
  for (const std::string& setting :
       {std::string("step_m = 1\n"), std::string("step_m = 0.5\n"), late}) {
    folder.write("experiment.toml",
                 "system = 'patrol'\n[run]\nagents = 5\n[graph]\nkind = 'complete'\n"
                 "[links]\nmodel = 'line_of_sight'\n[patrol]\n" +
                     kShort + setting);
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      SCOPED_TRACE(::testing::Message() << setting << "seed=" << seed);
      const Experiment experiment = Experiment::load(
          folder.path("experiment.toml"), {"run.seed=" + std::to_string(seed)}, systems());
      Policies policies;
      for (const TrainingTask& task : experiment.system().training_tasks()) {
        policies[task.key] = std::make_shared<const std::vector<std::byte>>(
            task.train([](double, const std::string&) {}).content);
      }
      const End ours = end_of(experiment, experiment.links(), policies);
      const End all = end_of(experiment, WithoutForecast(experiment.links()), policies);
      EXPECT_EQ(ours.digests, all.digests);
      EXPECT_GT(ours.total.count, 0u);
      EXPECT_EQ(ours.total.count, all.total.count);
      EXPECT_EQ(ours.total.frame_bytes, all.total.frame_bytes);
      EXPECT_LT(ours.total.emulation_bytes, all.total.emulation_bytes);
    }
  }
}

TEST(PatrolRobot, BroadcastGivesEveryoneTheReferenceMultipliers) {
  const Graph graph = complete_graph(kRobots);
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    const SystemSetup setup("patrol", kShort + "method = 'broadcast'", graph, seed);
    expect_as_simulated(setup, graph, seed, true);
  }
}

// Goal: a robot that is told nonsense says by whom, and is as it was.
TEST(PatrolRobot, NonsenseOfANeighbourChangesNothing) {
  const Graph graph = complete_graph(2);
  for (const char* code : {"arithmetic", "run_lengths", "list"}) {
    SCOPED_TRACE(code);
    const SystemSetup setup("patrol", kShort + "code = '" + code + "'", graph, 1);
    const auto robot = std::move(setup.make_machines()[0]);
    RoundOutput output;
    robot->on_round({0, {}}, output);
    output.clear();
    robot->on_round({1, {}}, output);
    output.source()->payload_for(process_id(1));
    output.clear();
    const std::uint64_t before = testing::state_hash(*robot);
    const std::vector<std::byte> nonsense(100, std::byte{0xff});
    const std::vector<Received> inbox{{process_id(1), 1, nonsense}};
    try {
      robot->on_round({2, inbox}, output);
      ADD_FAILURE() << "accepted";
    } catch (const InputError& error) {
      EXPECT_EQ(error.code(), ExitCode::peer_lost);
      EXPECT_NE(std::string(error.what()).find("process 1"), std::string::npos) << error.what();
    }
    EXPECT_EQ(testing::state_hash(*robot), before);
  }
}

/// A robot whose frames may be missed, stepped by hand.
class LossyRobot {
 public:
  LossyRobot()
      : setup_("patrol", kShort + "code = 'list'", complete_graph(2), 1),
        robot_(
            {{process_id(0), 1, std::make_shared<const Lattice>(lattice()), kSteps},
             dual(),
             kRollouts,
             {process_id(1)},
             GossipCode::list,
             true,
             {}},
            TeamPolicies::from_bytes(*setup_.policies().begin()->second, policy_shape(lattice()), 2)
                .robots[0]) {}

  /// Round by round, the message being there in one of them.
  void step_to(Round last, Round arrives, const Received& message) {
    for (; round_ <= last; ++round_) {
      RoundOutput output;
      const std::span<const Received> inbox(&message, round_ == arrives ? 1 : 0);
      robot_.on_round({round_, inbox}, output);
      if (output.source() != nullptr) output.source()->payload_for(process_id(1));
    }
  }
  double found(const std::string& name) const { return robot_.result().at(name).back(); }

 private:
  SystemSetup setup_;
  PatrolRobot robot_;
  Round round_ = 0;
};

TEST(PatrolRobot, LateMessagesCountOnceAndInTheirRolloutOnly) {
  // That zone 1 was attended in column 0.
  std::vector<std::byte> said;
  DeltaModel model;
  RewardBits rewards;
  rewards.add(0, 1);
  const GossipShape shape{kSteps, 6};
  write_delta(GossipCode::list, {shape, {}, 0, 5}, rewards, model, said);
  const Round end = 2 * kSteps;
  const auto heard = [&](Round sent, std::initializer_list<Round> arrivals) {
    LossyRobot robot;
    for (const Round arrives : arrivals) {
      robot.step_to(arrives, arrives, {process_id(1), sent, said});
    }
    robot.step_to(end, -1, {process_id(1), sent, said});
    return std::pair(robot.found("messages"), robot.found("new_bits"));
  };
  using Counted = std::pair<double, double>;
  EXPECT_EQ(heard(kSteps + 5, {}), Counted(0, 0));
  EXPECT_EQ(heard(kSteps + 5, {kSteps + 6}), Counted(1, 1));
  EXPECT_EQ(heard(kSteps + 5, {kSteps + 9}), Counted(1, 1));
  EXPECT_EQ(heard(kSteps + 5, {kSteps + 6, kSteps + 7, kSteps + 9}), Counted(1, 1));
  EXPECT_EQ(heard(kSteps - 1, {kSteps + 2}), Counted(0, 0));
}

TEST(PatrolRobot, APlaceThatDoesNotExistIsRefused) {
  const SystemSetup setup("patrol", kShort + "method = 'broadcast'", complete_graph(2), 1);
  for (const std::vector<std::byte>& wrong :
       {std::vector(2, std::byte{0xff}), std::vector(1, std::byte{0}), std::vector<std::byte>{}}) {
    const auto robot = std::move(setup.make_machines()[0]);
    RoundOutput output;
    robot->on_round({0, {}}, output);
    output.clear();
    const std::vector<Received> inbox{{process_id(1), 0, wrong}};
    EXPECT_THROW(robot->on_round({1, inbox}, output), InputError);
  }
}

}  // namespace
}  // namespace tacit::patrol
