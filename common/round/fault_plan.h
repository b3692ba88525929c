#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "common/base/ids.h"
#include "common/transport/faulty_transport.h"

namespace tacit {

/// In the middle of what a process is killed.
enum class KillPhase {
  handshake,   ///< it has met its peers, but not greeted them
  exchange,    ///< between two rounds
  checkpoint,  ///< half of a checkpoint is written: the next one at or after the round
  end,         ///< the last round is over, and nobody knows
};
std::string_view name_of(KillPhase phase);

/// A process is ended by SIGKILL, once: replay would kill for ever.
struct PlannedKill {
  std::optional<ProcessId> process;  ///< nothing: all of them
  KillPhase phase;
  Round round;  ///< of exchange and checkpoint; else 0
};

/// A process stands still before a round. Invisible in the bits of a result.
struct PlannedPause {
  ProcessId process;
  Round round;
  std::chrono::milliseconds length;
};

/// What happens to the packets that a process sends, all through the run.
struct PlannedPacketFaults {
  std::optional<ProcessId> process;  ///< nothing: every process
  PacketFaults faults;
};

/// What is to happen to the processes of a run. Operational: no result depends on it.
struct FaultPlan {
  std::vector<PlannedKill> kills;
  std::vector<PlannedPause> pauses;
  std::vector<PlannedPacketFaults> packets;

  bool empty() const { return kills.empty() && pauses.empty() && packets.empty(); }
  /// Of all entries that concern a process the greatest probabilities.
  PacketFaults packet_faults_of(ProcessId process) const;
};

}  // namespace tacit
