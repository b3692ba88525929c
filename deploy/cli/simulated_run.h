#pragma once

#include <atomic>
#include <filesystem>

#include "common/experiment/experiment.h"
#include "common/simulation/simulated_cluster.h"

namespace tacit {

/// Runs an experiment, with the failures that its [[faults]] plan, as a simulated cluster.
/// @param policies    those that the agents need; must outlive the run, as must experiment and rows
SimulatedRun simulated_run(const Experiment& experiment, const Policies& policies,
                           std::uint64_t seed, RowLog& rows);

/// Simulates the run in this thread; leaves in the process folders the files that real processes
/// would leave, faults.csv included.
/// @throws exceptions of the machines
void simulate_in_folder(const Experiment& experiment, const Policies& policies,
                        const std::filesystem::path& folder, const std::atomic<bool>& stop);

}  // namespace tacit
