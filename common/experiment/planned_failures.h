#pragma once

#include <string>
#include <vector>

#include "common/config/config.h"
#include "common/simulation/fault_plan.h"

namespace tacit {

/// Reads the kind of an entry of [[faults]].
std::string read_fault_kind(const ConfigView& table);

/// Reads [[faults]] of an experiment, except those of links:
///   kind = "kill", process (all), phase ("exchange"), round, restart_after_ms (0)
///   kind = "pause", process, phase ("exchange"), length_ms; round, or every one of from <= k < to
///   kind = "duplicate" or "corrupt", process (all), probability: of a packet that it sends
/// All processes can be killed in phase "exchange" only.
/// @param process_count  processes are 0..process_count-1, the coordinator last
/// @throws InputError (config)
FaultPlan read_fault_plan(const ConfigView& root, std::size_t process_count, Round round_count);

/// The planned faults of each process, none of them applied yet.
std::vector<FaultRecord> records_of(const FaultPlan& plan, std::size_t process_count);

}  // namespace tacit
