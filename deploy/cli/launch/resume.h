#pragma once

#include <string>

#include "deploy/cli/whole_run.h"

namespace tacit {

/// Whether a back end, as run.json calls it, is one of `tacit launch` whose runs are waited for.
bool is_launched(const std::string& back_end);

/// Starts the processes of a run that `tacit launch` began again, where and as they were, and waits
/// for them: they go on from their checkpoints.
/// @throws InputError as `tacit launch`; also if the folder does not say how it was launched
void resume_launched(const std::string& back_end, const Experiment& experiment,
                     const std::filesystem::path& folder, const StopSignals& signals);

}  // namespace tacit
