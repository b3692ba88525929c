#include "agent/systems/locomotion/plant/task.h"

#include <string>

#include "common/base/error.h"

namespace tacit {

namespace {

constexpr std::size_t kRootInfoCount = 13;  // z, quaternion, velocities, x, corridor offset

bool has_two_roots(const TaskConfig& config) { return config.name == "12x1"; }

/// Whether the joints of an agent are at a body's root.
bool is_root(const TaskConfig& config, std::size_t agent) {
  return agent == 0 || (has_two_roots(config) && agent == 6);
}

void link_path(std::size_t first, std::size_t last, Task& task) {
  for (std::size_t i = first; i < last; ++i) task.edges.emplace_back(i, i + 1);
}

Task mini(const TaskConfig& config) {
  if (config.pod_count < 2 || config.pod_count > 32) {
    throw InputError(ExitCode::config,
                     "pod_count = " + std::to_string(config.pod_count) + " is not in 2..32");
  }
  Task task{config, {}, {}, 100, 0.05, 5};
  task.agents.assign(config.pod_count, {2, 3, 7});
  link_path(0, config.pod_count - 1, task);
  return task;
}

Task chain(const TaskConfig& config, std::size_t agent_count) {
  const std::size_t segments = 6 / agent_count;
  Task task{config, {}, {}, 1000, 0.02, 1};
  task.agents.assign(agent_count, {4 * segments, 8 * segments, kRootInfoCount});
  link_path(0, agent_count - 1, task);
  return task;
}

Task quadruped(const TaskConfig& config) {
  Task task{config, {}, {}, 1000, 0.05, 0.2};
  task.agents.assign(8, {1, 2, kRootInfoCount});
  for (std::size_t leg = 0; leg < 4; ++leg) {
    task.edges.emplace_back(2 * leg, 2 * leg + 1);
    for (std::size_t other = leg + 1; other < 4; ++other) {
      task.edges.emplace_back(2 * leg, 2 * other);
    }
  }
  return task;
}

Task runner_pair(const TaskConfig& config) {
  Task task{config, {}, {}, 1000, 0.05, 5};
  task.agents.assign(12, {1, 2, 8});
  for (const std::size_t thigh : {0U, 6U}) {
    task.agents[thigh].own_count += 2;  // the tendon's length and velocity
    link_path(thigh, thigh + 2, task);
    link_path(thigh + 3, thigh + 5, task);
    task.edges.emplace_back(thigh, thigh + 3);
  }
  task.edges.emplace_back(0, 6);
  return task;
}

Task task_of(const TaskConfig& config) {
  if (config.name == "mini") return mini(config);
  if (config.name == "2x3") return chain(config, 2);
  if (config.name == "3x2") return chain(config, 3);
  if (config.name == "6x1") return chain(config, 6);
  if (config.name == "8x1") return quadruped(config);
  if (config.name == "12x1") return runner_pair(config);
  throw InputError(ExitCode::config, "there is no locomotion task '" + config.name +
                                         "'; choose mini, 2x3, 3x2, 6x1, 8x1 or 12x1");
}

}  // namespace

std::size_t Task::action_count() const {
  std::size_t count = 0;
  for (const AgentShape& agent : agents) count += agent.action_count;
  return count;
}

std::size_t Task::told_count(std::size_t agent) const {
  // Each of two runners has its own environment.
  const bool is_new = has_two_roots(config) && is_root(config, agent);
  return config.env_info == EnvInfo::all && !is_new ? agents[agent].own_count
                                                    : agents[agent].observation_count();
}

Task make_task(const TaskConfig& config) {
  Task task = task_of(config);
  const bool is_euler_only = config.name == "mini" || config.name == "12x1";
  if (is_euler_only && config.integrator != Integrator::euler) {
    throw InputError(ExitCode::config, "task '" + config.name + "' is integrated by euler only");
  }
  if (config.env_info == EnvInfo::head) {
    for (std::size_t i = 0; i < task.agent_count(); ++i) {
      if (!is_root(config, i)) task.agents[i].info_count = 0;
    }
  }
  return task;
}

}  // namespace tacit
