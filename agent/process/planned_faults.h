#pragma once

#include <filesystem>
#include <memory>

#include "agent/fault_plan.h"
#include "common/base/machine.h"

namespace tacit {

/// What is planned to happen to one process, done by itself: kills with SIGKILL, nothing flushed,
/// nobody told. Leaves a line in the process's faults.csv before: "kind,phase,round,count".
class PlannedFaults {
 public:
  PlannedFaults(const FaultPlan& plan, ProcessId self, std::uint32_t incarnation,
                std::filesystem::path folder);

  /// Whether the process is to be killed here.
  /// @param round  of phases exchange and checkpoint
  bool kills(KillPhase phase, Round round = 0) const;
  /// Does not return.
  [[noreturn]] void kill(KillPhase phase, Round round = 0) const;
  void kill_if_planned(KillPhase phase, Round round = 0) const {
    if (kills(phase, round)) kill(phase, round);
  }
  void pause_if_planned(Round round) const;

  /// How many packets of this incarnation were doubled and damaged on their way.
  /// @param round  that it has come to
  void note_packets(const FaultyTransport& transport, Round round) const;

  /// The machine with its faults: they happen before the round.
  std::unique_ptr<Machine> around(std::unique_ptr<Machine> machine) const;

 private:
  void note(std::string_view kind, std::string_view phase, Round round,
            std::uint64_t count = 1) const;

  FaultPlan plan_;  ///< of this incarnation
  std::filesystem::path folder_;
};

}  // namespace tacit
