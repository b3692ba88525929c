#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "common/experiment/experiment.h"
#include "common/simulation/simulated_cluster.h"
#include "deploy/cli/chaos/plan.h"
#include "deploy/cli/command.h"

namespace tacit {

struct ChaosArguments : ExperimentArguments {
  std::uint64_t first_seed = 1;
  std::size_t seed_count = 10;
  std::size_t fault_count = 20;  ///< per seed; 0: the experiment's own plan
  std::size_t thread_count = std::max(1u, std::thread::hardware_concurrency());
  bool real_processes = false;
  bool json = false;
  std::string policies;
};

/// The outcome of one run with failures.
struct ChaosOutcome {
  std::string failure;  ///< the first check that failed; empty if none did
  FaultCounts counts;
};

/// Runs one experiment as a simulated cluster with failures and compares it with its undisturbed
/// run: the digest, the metrics and the message counts of every process must be equal, the same
/// bounds must hold, and the run must end.
/// @param seed  of the order of turns, of delays and of broken connections
ChaosOutcome simulate_chaos(const Experiment& experiment, const Policies& policies,
                            std::uint64_t seed, const std::atomic<bool>& stop);

/// Runs the experiment as real processes, by `tacit run`: the digest must be equal, the run must
/// end within minutes, and no process may outlive it.
/// @param words  of the command line: experiment file and overrides
ChaosOutcome run_chaos_processes(const Experiment& experiment, const Policies& policies,
                                 const std::vector<std::string>& words,
                                 const std::string& policy_folder, const std::atomic<bool>& stop);

/// Runs the whole campaign; its table goes to stdout.
/// @return done, or constraint_failed if a check failed
/// @throws InputError
int chaos(const ChaosArguments& arguments);

}  // namespace tacit
