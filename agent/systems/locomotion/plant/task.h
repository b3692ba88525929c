#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace tacit {

/// How the physics is integrated: semi-implicit Euler in 0.01 s, or fourth-order Runge-Kutta.
enum class Integrator { euler, runge_kutta };

/// Which agents observe the environment (the body's place and motion, the corridor's course): the
/// holder of the root alone, or every agent.
enum class EnvInfo { head, all };

/// The settings of a task in an experiment.
struct TaskConfig {
  std::string name = "mini";                  ///< mini, 2x3, 3x2, 6x1, 8x1 or 12x1
  std::size_t pod_count = 6;                  ///< of mini, 2..32
  Integrator integrator = Integrator::euler;  ///< runge_kutta: 2x3, 3x2, 6x1 and 8x1 only
  EnvInfo env_info = EnvInfo::head;
};

/// The observations and actions of one agent. An observation is the agent's own block, of its
/// joints, followed by the environment's block if it gets one. Under EnvInfo::head the agent relays
/// all of it. Under EnvInfo::all every agent gets the environment's block, so the own block is
/// enough; but each of two coupled runners has its own environment, whose block the agents at the
/// roots relay.
struct AgentShape {
  std::size_t action_count;
  std::size_t own_count;   ///< numbers in the own block
  std::size_t info_count;  ///< numbers in the environment's block, 0 without it
  std::size_t observation_count() const { return own_count + info_count; }
  bool operator==(const AgentShape&) const = default;
};

/// The facts about a locomotion task that plant and agents share. Agent i drives its own joints;
/// actions are meant for [-1, 1], saturate in the actuator, and are penalised as requested.
///
///   name           body                              agents  actions  steps x s    limit
///   mini           planar spine with pods            pods    2        100 x 0.05   5
///   2x3, 3x2, 6x1  six rigid segments, twelve legs   2, 3, 6 12, 8, 4 1000 x 0.02  1
///   8x1            quadruped, a joint per agent      8       1        1000 x 0.05  0.2
///   12x1           two coupled runners and a chaser  12      1        1000 x 0.05  5
///
/// Sources: the corridor tasks of Gu et al., "Multi-Agent Constrained Policy Optimisation",
/// arXiv:2110.02793; mini is ours.
struct Task {
  TaskConfig config;
  std::vector<AgentShape> agents;  ///< [N]
  /// The agents' graph, from the kinematics: a path for segments and pods; hips a clique with their
  /// ankles as leaves; foot - shin - thigh - thigh - shin - foot, and the tendon between runners.
  std::vector<std::pair<std::size_t, std::size_t>> edges;
  std::size_t steps_per_episode;  ///< after which an episode is truncated
  double seconds_per_step;
  double cost_limit;  ///< on the undiscounted cost of an episode, [cost/episode]

  std::size_t agent_count() const { return agents.size(); }
  std::size_t action_count() const;  ///< of all agents
  /// How many numbers of its observation, from the first on, an agent relays: all; without the
  /// environment's block if all other agents get the same one from the plant.
  std::size_t told_count(std::size_t agent) const;
};

/// @throws InputError (config) naming the key and its range
Task make_task(const TaskConfig& config);

}  // namespace tacit
