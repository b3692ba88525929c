#pragma once

#include <atomic>
#include <optional>
#include <vector>

#include "agent/experiment.h"

namespace tacit {

/// Runs all machines of an experiment in this thread and keeps what they leave behind in memory.
/// @param policies  what the agents need of them
/// @return by ascending process id; nothing if `stop` was set before the end
/// @throws what the machines throw
std::optional<std::vector<ProcessRecord>> run_in_memory(const Experiment& experiment,
                                                        const Policies& policies,
                                                        const std::atomic<bool>& stop);

}  // namespace tacit
