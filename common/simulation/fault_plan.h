#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "common/link/schedule.h"
#include "common/results/fault_record.h"
#include "common/transport/faulty_transport.h"

namespace tacit {

/// In the middle of what something happens to a process.
enum class FaultPhase {
  handshake,   ///< it has met its peers, but not greeted them
  exchange,    ///< all frames of the round are there, and nothing was made of them
  training,    ///< its machine has learned what it learns in the round, and nobody knows
  checkpoint,  ///< half of a checkpoint is written: the next one at or after the round
  end,         ///< the last round is over, and nobody knows
};
std::string_view name_of(FaultPhase phase);
/// Whether the phase comes again and again, so that a plan says in which round.
bool has_rounds(FaultPhase phase);

/// A process is ended by SIGKILL, once: replay would kill for ever.
struct PlannedKill {
  std::optional<ProcessId> process;  ///< nothing: all of them
  FaultPhase phase = FaultPhase::exchange;
  Round round = 0;  ///< 0 in phases without rounds
  /// How long whoever is started in its place stays away; 0: as long as starting takes.
  std::chrono::milliseconds restart_after{};
};

/// A process stands still. Invisible in the bits of a result.
struct PlannedPause {
  ProcessId process;
  FaultPhase phase = FaultPhase::exchange;
  RoundInterval rounds;  ///< in each of these; [0, 1) in phases without rounds
  std::chrono::milliseconds length;

  /// Once, and not in every round of an interval.
  bool is_single() const { return rounds.to == rounds.from + 1; }
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

/// Whether it happens to a process that has come so far.
/// @param round  0 in phases without rounds
bool is_due(const PlannedKill& kill, ProcessId process, FaultPhase phase, Round round);
bool is_due(const PlannedPause& pause, ProcessId process, FaultPhase phase, Round round);

/// What is to be written of it.
/// @param applied  the round that the process has come to; nothing if it has not happened
FaultRecord record_of(const PlannedKill& kill, ProcessId process, std::optional<Round> applied);
FaultRecord record_of(const PlannedPause& pause, std::optional<Round> applied);

/// The kills and pauses of a plan that are still to come.
class PendingFaults {
 public:
  explicit PendingFaults(const FaultPlan& plan);
  bool empty() const { return kills_.empty() && pauses_.empty(); }
  bool has_due(ProcessId process, FaultPhase phase, Round round) const;

  /// How long a process is to stand still that has come so far: all pauses that are due, one after
  /// the other.
  /// @param begun  gets a record of each that is the first of its plan
  std::chrono::milliseconds take_pauses(ProcessId process, FaultPhase phase, Round round,
                                        std::vector<FaultRecord>& begun);
  std::optional<PlannedKill> take_kill(ProcessId process, FaultPhase phase, Round round);

  /// What is recorded has happened to an earlier incarnation of its target.
  /// @return the kill that it was
  std::optional<PlannedKill> take_recorded(const FaultRecord& done);

  /// Whether something may yet happen before the end of a run whose slowest process is in `round`.
  bool may_disturb_from(Round round) const;

 private:
  struct PendingPause {
    PlannedPause plan;
    bool has_begun = false;
  };
  std::vector<PlannedKill> kills_;
  std::vector<PendingPause> pauses_;
};

}  // namespace tacit
