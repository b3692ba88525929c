// The plant of the robot of six segments (task 6x1, Euler, 16 copies) in one process on one thread:
// steps with observations, rewards, costs and resets for all agents; against bare mj_step on the
// same model with as many mjData and the same controls. Then the whole loop of locomotion in one
// process, without the learning: six agents that relay over two hops and draw from their policies;
// and the same as seven processes over ipc. The turns alternate; steps of a copy per second,
// medians.
#include <mujoco/mujoco.h>

#include <boost/random/normal_distribution.hpp>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>

#include "agent/systems/locomotion/locomotion_system.h"
#include "agent/systems/locomotion/plant/body.h"
#include "agent/systems/locomotion/plant/plant.h"
#include "bench/figure.h"
#include "bench/node_process.h"
#include "common/graph/generators.h"
#include "common/simulation/lockstep.h"

namespace tacit {
namespace {

constexpr std::size_t kCopyCount = 16;
constexpr int kStepCount = 1000;
constexpr int kTurnCount = 5;

// Actions of all steps: [step] of [agent] of [copy][action].
using Actions = std::vector<std::vector<std::vector<float>>>;

Actions draw_actions(const Task& task) {
  RandomStream stream(1, process_id(0), purpose("bench.plant"), 0);
  boost::random::normal_distribution<double> normal(0, 0.366);
  Actions actions(kStepCount);
  for (auto& step : actions) {
    for (const AgentShape& agent : task.agents) {
      auto& mine = step.emplace_back(kCopyCount * agent.action_count);
      for (float& action : mine) action = static_cast<float>(normal(stream));
    }
  }
  return actions;
}

double rate_since(std::chrono::steady_clock::time_point start) {
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  return static_cast<double>(kCopyCount) * kStepCount / seconds.count();
}

double measure_ours(const Task& task, const Actions& actions) {
  Plant plant(task, {.copy_count = kCopyCount});
  const auto start = std::chrono::steady_clock::now();
  for (const auto& step : actions) plant.step(step);
  return rate_since(start);
}

/// The robot as a system of six agents and a plant, over one iteration with the least of updates.
struct Robot {
  ConfigDocument document = ConfigDocument::parse(
      "[locomotion]\ntask = '6x1'\nenv_info = 'all'\ncopies = 16\nrollout_steps = 1000\n"
      "iterations = 1\n[locomotion.learning]\nhidden = [64, 64]\ndeviation = 0.366\n"
      "epochs = 1\nminibatches = 1\n[locomotion.coordination]\nkappa = 3",
      "bench", {});
  Graph graph = line_graph(6);
  bench::AllUp links;
  std::unique_ptr<System> system = locomotion::make_locomotion_system(
      document.root().table("locomotion"), {6, 1, graph, links, {}});

  std::unique_ptr<Machine> machine(std::size_t i) const {
    return i < 6 ? system->make_agent(process_id(i), {}) : system->make_coordinator();
  }
  /// Up to the last action of the iteration; the update comes in the round after it.
  Round last_round() const { return system->round_count() - 1; }
};

double measure_loop() {
  const Robot robot;
  std::vector<std::unique_ptr<Machine>> machines;
  std::vector<Machine*> pointers;
  for (std::size_t i = 0; i < 7; ++i) {
    machines.push_back(robot.machine(i));
    pointers.push_back(machines.back().get());
  }
  Lockstep lockstep(pointers, robot.links, [](ProcessId, Round, std::span<const Sample>) {});
  const auto start = std::chrono::steady_clock::now();
  lockstep.run(0, robot.last_round(), 1);
  return rate_since(start);
}

double measure_processes() {
  const Round rounds = Robot().last_round();
  const double agent_rounds = bench::measure(
      [](std::size_t self, std::size_t, Round timed, const std::string& folder) {
        const Robot robot;
        const auto machine = robot.machine(self);
        return bench::run_node(*machine, robot.links,
                               {self, 6, robot.system->round_count(), timed, [&](std::size_t i) {
                                  return "ipc://" + folder + "/" + std::to_string(i);
                                }});
      },
      7, rounds);
  const double steps_per_round =
      static_cast<double>(kCopyCount) * kStepCount / static_cast<double>(rounds);
  return agent_rounds / 7 * steps_per_round;
}

mjModel* compile(const std::string& mjcf) {
  const auto files = std::make_unique<mjVFS>();
  mj_defaultVFS(files.get());
  mj_makeEmptyFileVFS(files.get(), "body.xml", static_cast<int>(mjcf.size()));
  std::memcpy(files->filedata[0], mjcf.data(), mjcf.size());
  mjModel* model = mj_loadXML("body.xml", files.get(), nullptr, 0);
  mj_deleteVFS(files.get());
  return model;
}

double measure_reference(const Task& task, const Actions& actions) {
  const auto body = make_chain(task, {});
  mjModel* model = compile(body->mjcf());
  std::vector<mjData*> copies;
  for (std::size_t copy = 0; copy < kCopyCount; ++copy) copies.push_back(mj_makeData(model));
  const auto start = std::chrono::steady_clock::now();
  for (const auto& step : actions) {
    for (std::size_t copy = 0; copy < kCopyCount; ++copy) {
      mjData* data = copies[copy];
      mjtNum* control = data->ctrl;
      for (std::size_t agent = 0; agent < step.size(); ++agent) {
        const std::size_t count = task.agents[agent].action_count;
        for (std::size_t a = 0; a < count; ++a) *control++ = step[agent][copy * count + a];
      }
      for (int k = 0; k < body->substep_count(); ++k) mj_step(model, data);
    }
  }
  const double rate = rate_since(start);
  for (mjData* data : copies) mj_deleteData(data);
  mj_deleteModel(model);
  return rate;
}

}  // namespace
}  // namespace tacit

int main() {
  const tacit::Task task = tacit::make_task({.name = "6x1"});
  const tacit::Actions actions = tacit::draw_actions(task);
  std::vector<double> ours, loop, processes, reference;
  for (int turn = 0; turn < tacit::kTurnCount; ++turn) {
    reference.push_back(tacit::measure_reference(task, actions));
    ours.push_back(tacit::measure_ours(task, actions));
    loop.push_back(tacit::measure_loop());
    processes.push_back(tacit::measure_processes());
  }
  tacit::bench::print_figure("plant_6x1", ours, reference, "steps/s");
  tacit::bench::print_figure("locomotion_loop_6x1", loop, reference, "steps/s");
  tacit::bench::print_figure("locomotion_processes_6x1", processes, reference, "steps/s");
}
