#pragma once

#include <filesystem>

#include "common/experiment/experiment.h"
#include "common/results/records.h"

namespace tacit {

/// How the outcome of a run is presented.
struct Presentation {
  bool json = false;   ///< summary.json on stdout instead of the table
  bool report = true;  ///< draw the plots and write report.html
};

/// Completes a run from the files that its processes left in the run folder: writes messages.csv,
/// summary.json, run.json with the exit code, and the report; prints the table.
/// @return done or constraint_failed, as an exit code
/// @throws InputError (unreadable_input) if a process left no result.
int finish_run(const Experiment& experiment, RunFacts facts, const std::filesystem::path& folder,
               const Presentation& presentation);

}  // namespace tacit
