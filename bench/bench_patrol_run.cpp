// Five robots on patrol over line of sight, 40,000 steps. Two figures:
//   patrol_run       in one process, with the engine and every message coded and decoded, against
//                    the simulation of the team without messages; steps per second of all robots
//   patrol_processes as five processes over ipc, against the ring of bare libzmq PAIR sockets of
//                    five processes (each with two neighbours; a robot has four, and a word with
//                    those of them that it may hear); agent-rounds/s
// The turns of the two sides alternate; medians. Both runs end with the same multipliers.
#include "agent/catalog.h"
#include "agent/systems/patrol/team_policies.h"
#include "agent/systems/patrol/team_simulation.h"
#include "agent/systems/patrol/team_training.h"
#include "bench/figure.h"
#include "bench/node_process.h"
#include "common/base/check.h"
#include "common/base/fingerprint.h"
#include "common/experiment/experiment.h"
#include "common/simulation/lockstep.h"

namespace tacit::patrol {
namespace {

using bench::now_s;
using bench::Span;

constexpr int kTurnCount = 9;
constexpr std::size_t kRobots = 5;
constexpr Round kProcessRounds = 40'000;

/// What both sides run with.
struct Team {
  Experiment experiment = Experiment::load(TACIT_EXPERIMENTS "/patrol.toml", {}, systems());
  Policies policies;
  Lattice lattice{read_floor_plan(default_floor_plan(), "default"), 1.0, "default"};
  DualConfig dual{.required = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6}};

  Team() {
    const TrainingTask task = experiment.system().training_tasks().front();
    policies[task.key] = std::make_shared<const std::vector<std::byte>>(
        task.train([](double, const std::string&) {}).content);
  }
  std::vector<PatrolPolicy> robots() const {
    return TeamPolicies::from_bytes(*policies.begin()->second, policy_shape(lattice), kRobots)
        .robots;
  }
};

struct Measured {
  double seconds;
  std::vector<double> lambda;  ///< of robot 0, at the end
};

Measured run_engine(const Team& team) {
  std::vector<std::unique_ptr<Machine>> machines;
  std::vector<Machine*> pointers;
  for (std::size_t n = 0; n < kRobots; ++n) {
    machines.push_back(team.experiment.make_machine(process_id(n), team.policies));
    pointers.push_back(machines.back().get());
  }
  Lockstep lockstep(pointers, team.experiment.links(),
                    [](ProcessId, Round, std::span<const Sample>) {});
  const double start = now_s();
  lockstep.run(0, team.experiment.system().round_count(), 1);
  const double seconds = now_s() - start;
  const std::vector<double> lambda = machines[0]->result().at("lambda");
  return {seconds, {lambda.end() - 6, lambda.end()}};
}

Measured run_without_wire(const Team& team) {
  const auto robots = team.robots();
  TeamSimulation simulation({team.lattice, robots, team.dual, team.experiment.graph(),
                             team.experiment.links(), team.experiment.seed()});
  const double start = now_s();
  simulation.run(static_cast<std::size_t>(team.experiment.system().round_count()));
  const double seconds = now_s() - start;
  const auto lambda = simulation.lambda(0);
  return {seconds, {lambda.begin(), lambda.end()}};
}

Span run_process(const Team& team, std::size_t self, std::size_t count, Round rounds,
                 const std::string& folder) {
  const auto robot = team.experiment.make_machine(process_id(self), team.policies);
  return bench::run_node(*robot, team.experiment.links(),
                         {self, count, rounds, rounds, [&](std::size_t i) {
                            return "ipc://" + folder + "/" + std::to_string(i);
                          }});
}

int bench_all() {
  const Team team;
  std::vector<double> engine, without_wire, processes, ring;
  const double robot_steps =
      static_cast<double>(kRobots) * static_cast<double>(team.experiment.system().round_count());
  for (int turn = 0; turn < kTurnCount; ++turn) {
    const Measured simulated = run_without_wire(team);
    const Measured run = run_engine(team);
    TACIT_CHECK(run.lambda == simulated.lambda, "both sides run the same team");
    without_wire.push_back(robot_steps / simulated.seconds);
    engine.push_back(robot_steps / run.seconds);
    ring.push_back(bench::measure(bench::run_reference, kRobots, kProcessRounds));
    processes.push_back(bench::measure(
        [&](std::size_t self, std::size_t count, Round rounds, const std::string& folder) {
          return run_process(team, self, count, rounds, folder);
        },
        kRobots, kProcessRounds));
    std::printf("turn %d: with the wire %.3f s, without %.3f s; processes %.0f, ring %.0f\n", turn,
                run.seconds, simulated.seconds, processes.back(), ring.back());
  }
  bench::print_figure("patrol_run", engine, without_wire, "robot-steps/s");
  bench::print_figure("patrol_processes", processes, ring, "agent-rounds/s");
  return 0;
}

}  // namespace
}  // namespace tacit::patrol

int main() {
  tacit::fix_arithmetic();
  return tacit::patrol::bench_all();
}
