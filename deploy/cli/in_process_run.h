#pragma once

#include <filesystem>

#include "agent/experiment.h"

namespace tacit {

/// Runs all machines of an experiment in this process; leaves in the process folders what real
/// processes would leave.
/// @throws InputError (interrupted, terminated) on SIGINT or SIGTERM; what the machines throw.
void run_in_process(const Experiment& experiment, const std::filesystem::path& folder,
                    std::size_t thread_count);

}  // namespace tacit
