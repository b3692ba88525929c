#pragma once

#include <atomic>
#include <optional>
#include <vector>

#include "common/experiment/experiment.h"

namespace tacit {

/// The results of a run that writes no files.
struct MemoryRun {
  std::vector<ProcessRecord> records;  ///< by ascending process id
  std::uint64_t digest;                ///< of the whole run
};

/// Runs all machines of an experiment in this thread and keeps their results in memory.
/// @param policies  those that the agents need
/// @return nothing if `stop` was set before the end
/// @throws exceptions of the machines
std::optional<MemoryRun> run_in_memory(const Experiment& experiment, const Policies& policies,
                                       const std::atomic<bool>& stop);

}  // namespace tacit
