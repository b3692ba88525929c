#pragma once

#include <filesystem>
#include <functional>

#include "common/base/error.h"
#include "common/experiment/experiment.h"
#include "deploy/cli/stop_signals.h"

namespace tacit {

/// Runs all machines of an experiment in this process; leaves in the process folders what real
/// processes would leave. Goes on from the folder's checkpoint, if it has one; a run with
/// [[faults]], whose processes are simulated, makes none and begins anew.
///
/// @param policies  what the agents need of them
/// @param abandon  called if a round does not end within two seconds after SIGINT, SIGTERM or
///                 SIGHUP, while machines still run: must end the program
/// @throws InputError (interrupted, terminated) after such a signal; what the machines throw.
void run_in_process(const Experiment& experiment, const Policies& policies,
                    const std::filesystem::path& folder, std::size_t thread_count,
                    const StopSignals& signals,
                    const std::function<void(const InputError&)>& abandon);

}  // namespace tacit
