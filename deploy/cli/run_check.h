#pragma once

#include "common/experiment/experiment.h"
#include "common/results/run_record.h"

namespace tacit {

/// Checks that run.json and config.toml belong to one run.
/// @throws InputError (bad_data) naming the file, the field, its value and the expected value.
void check_facts(const RunRecord& record, const Experiment& experiment);

/// Checks that the other files of a finished run folder belong to the run that its config.toml
/// describes. (Whether each process's own files belong together is checked when they are read.)
/// @pre record.summary
/// @throws InputError (bad_data), as check_facts
void check_belongs_together(const RunRecord& record, const Experiment& experiment);

}  // namespace tacit
