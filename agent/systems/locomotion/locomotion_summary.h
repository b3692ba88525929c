#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "agent/systems/locomotion/locomotion_config.h"
#include "common/results/summary.h"

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

/// locomotion_quantities.cpp lists its quantities; "last" is the mean of the last ten iterations,
/// and a step is a step of one copy of the body.
/// @param processes  [N + 1], the plant last
Summary summarise_locomotion(const LocomotionConfig& config,
                             std::span<const ProcessRecord> processes);

}  // namespace tacit::locomotion
