#pragma once

#include <filesystem>
#include <functional>

#include "common/base/error.h"
#include "common/experiment/experiment.h"
#include "deploy/cli/stop_signals.h"

namespace tacit {

/// Runs all machines of an experiment in this process; leaves in the process folders the files that
/// real processes would leave. Continues from the folder's checkpoint, if there is one; a run with
/// [[faults]], whose processes are simulated, makes no checkpoint and starts again.
///
/// @param policies  those that the agents need
/// @param abandon  called if a round does not end within two seconds after SIGINT, SIGTERM or
/// SIGHUP, while machines still run: must end the program
/// @throws InputError (interrupted, terminated) after such a signal; exceptions of the machines.
void run_in_process(const Experiment& experiment, const Policies& policies,
                    const std::filesystem::path& folder, std::size_t thread_count,
                    const StopSignals& signals,
                    const std::function<void(const InputError&)>& abandon);

}  // namespace tacit
