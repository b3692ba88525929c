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
  std::size_t fault_count = 20;  ///< per seed; 0: what the experiment plans itself
  std::size_t thread_count = std::max(1u, std::thread::hardware_concurrency());
  bool real_processes = false;
  bool json = false;
  std::string policies;
};

/// How one run with failures went.
struct ChaosOutcome {
  std::string failure;  ///< what did not hold; empty if all did
  FaultCounts counts;
};

/// One experiment as a simulated cluster, against itself undisturbed: the same digest, metrics and
/// account of messages of every process; the bounds that hold there hold; it comes to its end.
/// @param seed  of the order of turns, of delays and broken connections
ChaosOutcome simulate_chaos(const Experiment& experiment, const Policies& policies,
                            std::uint64_t seed, const std::atomic<bool>& stop);

/// The same as real processes, by `tacit run`: the same digest, an end within minutes, and no
/// process that outlives it.
/// @param words  of the command line: experiment file and overrides
ChaosOutcome run_chaos_processes(const Experiment& experiment, const Policies& policies,
                                 const std::vector<std::string>& words,
                                 const std::string& policy_folder, const std::atomic<bool>& stop);

/// The whole campaign, with its table on stdout.
/// @return done, or constraint_failed if something did not hold
/// @throws InputError
int chaos(const ChaosArguments& arguments);

}  // namespace tacit
