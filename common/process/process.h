#pragma once

#include "common/experiment/catalog.h"
#include "common/process/options.h"

namespace tacit {

/// One process of a run: loads the experiment, meets the others, runs its machine round by round,
/// leaves result.json, metrics.csv and messages.csv in its folder.
/// @throws InputError
void run_process(Role role, Catalog catalog, const ProcessOptions& options);

}  // namespace tacit
