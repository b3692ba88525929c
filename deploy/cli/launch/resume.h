#pragma once

#include <string>

#include "deploy/cli/whole_run.h"

namespace tacit {

/// Whether a back end, by its name in run.json, belongs to `tacit launch` and is waited for.
bool is_launched(const std::string& back_end);

/// Starts the processes of a run that `tacit launch` began again, at the same places, and waits for
/// them; they continue from their checkpoints.
/// @throws InputError as `tacit launch`; also if the folder does not hold how it was launched
void resume_launched(const std::string& back_end, const Experiment& experiment,
                     const std::filesystem::path& folder, const StopSignals& signals);

}  // namespace tacit
