#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace tacit {

/// How the physics is integrated: semi-implicit Euler in 0.01 s, or fourth-order Runge-Kutta.
enum class Integrator { euler, runge_kutta };

/// Which agents are told of the environment (where the body is, how it moves, where the corridor
/// runs): the holder of the root alone, or every agent.
enum class EnvInfo { head, all };

/// What an experiment may choose of a task.
struct TaskConfig {
  std::string name = "mini";                  ///< mini, 2x3, 3x2, 6x1, 8x1 or 12x1
  std::size_t pod_count = 6;                  ///< of mini, 2..32
  Integrator integrator = Integrator::euler;  ///< runge_kutta: 2x3, 3x2, 6x1 and 8x1 only
  EnvInfo env_info = EnvInfo::head;
};

/// What one agent sees and does. Its observation is its own block, of its joints, and behind it the
/// block of the environment if it gets one. What it relays under EnvInfo::head is all of it; under
/// EnvInfo::all everybody has the second block anyway, so the own block is enough; but of two
/// coupled runners each has a block of its own, which the agents at the roots tell.
struct AgentShape {
  std::size_t action_count;
  std::size_t own_count;   ///< numbers in the own block
  std::size_t info_count;  ///< numbers in the environment's block, 0 for who gets none
  std::size_t observation_count() const { return own_count + info_count; }
  bool operator==(const AgentShape&) const = default;
};

/// What plant and agents both know of a locomotion task. Agent i drives its own joints; actions are
/// meant in [-1, 1], saturate in the actuator, and are penalised as they were asked for.
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
  /// What of its observation an agent tells others, from its beginning: all of it; without the
  /// block of the environment if all others get the same one from the plant.
  std::size_t told_count(std::size_t agent) const;
};

/// @throws InputError (config) naming the key and its range
Task make_task(const TaskConfig& config);

}  // namespace tacit
