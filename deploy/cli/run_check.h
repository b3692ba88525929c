#pragma once

#include "common/experiment/experiment.h"
#include "common/results/run_record.h"

namespace tacit {

/// Whether run.json and config.toml are of one run.
/// @throws InputError (bad_data) naming the file, the field, what it says and what it should say.
void check_facts(const RunRecord& record, const Experiment& experiment);

/// Whether the other files of a finished run folder are those of one run, the one that its
/// config.toml describes. (That each process's own files belong together is seen as they are read.)
/// @pre record.summary
/// @throws InputError (bad_data), as check_facts
void check_belongs_together(const RunRecord& record, const Experiment& experiment);

}  // namespace tacit
