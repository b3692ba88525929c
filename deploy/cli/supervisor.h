#pragma once

#include <filesystem>

#include "common/experiment/experiment.h"
#include "deploy/cli/stop_signals.h"

namespace tacit {

/// Starts the coordinator (if there is one) and every agent as processes on this machine, which
/// meet in the run folder and communicate over Unix domain sockets, and waits for them. If one
/// fails the others are stopped; no process is left behind. The output of each process goes to the
/// log in its folder.
/// @param signals  released once this function handles them
/// @throws InputError with the exit code of the first process that failed, its last words in the
/// message: peer_lost if it was killed; interrupted, terminated after a signal to this process.
void run_processes(const Experiment& experiment, const std::filesystem::path& folder,
                   const StopSignals& signals);

}  // namespace tacit
