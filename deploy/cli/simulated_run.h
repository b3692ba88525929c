#pragma once

#include <atomic>
#include <filesystem>

#include "common/experiment/experiment.h"
#include "common/simulation/simulated_cluster.h"

namespace tacit {

/// An experiment's run, with the failures that its [[faults]] plan, as a simulated cluster.
/// @param policies    what the agents need of them; outlives the run, as the experiment and the
/// rows
SimulatedRun simulated_run(const Experiment& experiment, const Policies& policies,
                           std::uint64_t seed, RowLog& rows);

/// Runs it in this thread; leaves in the process folders what real processes would leave,
/// faults.csv included.
/// @throws what the machines throw
void simulate_in_folder(const Experiment& experiment, const Policies& policies,
                        const std::filesystem::path& folder, const std::atomic<bool>& stop);

}  // namespace tacit
