#pragma once

#include "common/experiment/catalog.h"
#include "common/process/options.h"

namespace tacit {

/// Runs one process of a run: loads the experiment, meets the other processes, runs its machine
/// round by round, and writes result.json, metrics.csv and messages.csv into its folder.
/// @throws InputError
void run_process(Role role, Catalog catalog, const ProcessOptions& options);

}  // namespace tacit
