#pragma once

#include <atomic>
#include <optional>
#include <vector>

#include "common/experiment/experiment.h"

namespace tacit {

/// What a run leaves that writes no files.
struct MemoryRun {
  std::vector<ProcessRecord> records;  ///< by ascending process id
  std::uint64_t digest;                ///< of the whole run
};

/// Runs all machines of an experiment in this thread and keeps what they leave behind in memory.
/// @param policies  what the agents need of them
/// @return nothing if `stop` was set before the end
/// @throws what the machines throw
std::optional<MemoryRun> run_in_memory(const Experiment& experiment, const Policies& policies,
                                       const std::atomic<bool>& stop);

}  // namespace tacit
