#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "agent/systems/locomotion/locomotion_config.h"
#include "common/base/summary.h"

namespace tacit::locomotion {

/// One column of a process, a value per iteration.
/// @throws InputError (bad_data) naming the process, if it did not record every iteration
std::vector<double> per_iteration(const LocomotionConfig& config,
                                  std::span<const ProcessRecord> processes, std::size_t process,
                                  std::string_view column);

/// Mean over the agents of one column, per iteration.
std::vector<double> mean_over_agents(const LocomotionConfig& config,
                                     std::span<const ProcessRecord> processes,
                                     std::string_view column);

/// Metrics; "last" is the mean of the last ten iterations, a step one of one copy of the body:
///   return, cost         last, per episode; cost the mean over agents
///   cost_limit, feasible what cost may be; 1 if it is not more
///   return_first         of the first iteration
///   lambda [N], lambda_mean        last; mean over agents
///   divergence           last, mean over agents: how far an update moves a policy
///   bytes_per_step       what agents told each other of their states: payload received, per step
///   report_bytes_per_step, action_bytes_per_step    between plant and agents, likewise
///   global_bytes_per_step, factor_bytes_per_step    what the local contract does not need:
///                        states of all from the plant, ratios between agents
///   neighbourhood [N]    |N(i)|
///   neighbours_heard [N] states of others that came in time, per step
///   env_info             0: the head alone is told of the environment, 1: all are
///   steps, episodes, terminated, unstable           what the plant counted
/// Constraint: cost <= cost_limit.
/// @param processes  [N + 1], the plant last
Summary summarise_locomotion(const LocomotionConfig& config,
                             std::span<const ProcessRecord> processes);

}  // namespace tacit::locomotion
