#pragma once

#include <string>

#include "common/config/config.h"
#include "common/round/fault_plan.h"

namespace tacit {

/// What an entry of [[faults]] is.
std::string read_fault_kind(const ConfigView& table);

/// Reads [[faults]] of an experiment, but for those of links:
///   kind = "kill", process (all), phase ("exchange"), round
///   kind = "pause", process, round, length_ms
///   kind = "duplicate" or "corrupt", process (all), probability: of a packet that it sends
/// All processes can be killed in phase "exchange" only.
/// @param process_count  processes are 0..process_count-1, the coordinator last
/// @throws InputError (config)
FaultPlan read_fault_plan(const ConfigView& root, std::size_t process_count, Round round_count);

}  // namespace tacit
