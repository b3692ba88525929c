#pragma once

#include <chrono>
#include <vector>

#include "common/base/ids.h"
#include "common/config/config.h"

namespace tacit {

/// In the middle of what a process is killed.
enum class KillPhase {
  handshake,   ///< it has met its peers, but not greeted them
  exchange,    ///< between two rounds
  checkpoint,  ///< half of a checkpoint is written: the next one at or after the round
  end,         ///< the last round is over, and nobody knows
};
std::string_view name_of(KillPhase phase);

/// A process is ended by SIGKILL, once: its first incarnation only, or replay would kill for ever.
struct PlannedKill {
  ProcessId process;
  KillPhase phase;
  Round round;  ///< of exchange and checkpoint; else 0
};

/// A process stands still before a round. Invisible in the bits of a result.
struct PlannedPause {
  ProcessId process;
  Round round;
  std::chrono::milliseconds length;
};

/// What is to happen to the processes of a run. Operational: no result depends on it.
struct FaultPlan {
  std::vector<PlannedKill> kills;
  std::vector<PlannedPause> pauses;
};

/// Reads [[faults]] of an experiment:
///   kind = "kill", process, phase ("exchange"), round
///   kind = "pause", process, round, length_ms
/// @param process_count  processes are 0..process_count-1, the coordinator last
/// @throws InputError (config)
FaultPlan read_fault_plan(const ConfigView& root, std::size_t process_count, Round round_count);

}  // namespace tacit
