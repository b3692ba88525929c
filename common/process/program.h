#pragma once

#include "common/experiment/catalog.h"
#include "common/process/options.h"

namespace tacit {

/// The whole of tacit-agent and tacit-coordinator: from the command line to the exit code. Logs
/// events and errors to standard error, with times in UTC.
int run_program(Role role, Catalog catalog, int argc, char** argv);

}  // namespace tacit
