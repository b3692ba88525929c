#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "common/base/machine.h"
#include "common/simulation/fault_plan.h"

namespace tacit {

/// The planned faults of one process, which it applies to itself: a kill is SIGKILL, without
/// flushing files or telling any process; a pause is SIGSTOP, for all of its threads. Before each
/// fault it appends a line to its faults.csv, from which its next incarnation knows the faults that
/// are done.
class PlannedFaults {
 public:
  /// @param folder  of the process
  /// @throws InputError: bad_data, run_folder
  PlannedFaults(const FaultPlan& plan, ProcessId self, std::filesystem::path folder);

  /// How long this process must wait before it goes on, if it was started again after a planned
  /// kill.
  std::chrono::milliseconds absence() const { return absence_; }

  /// Applies the pauses and kills that are planned for this phase and round.
  /// @param round  0 in phases without rounds
  void happen(FaultPhase phase, Round round = 0);
  bool expects(FaultPhase phase, Round round) const {
    return pending_.has_due(self_, phase, round);
  }

  /// Records how many packets of this incarnation were duplicated and corrupted.
  /// @param round  that the process has reached
  void note_packets(const FaultyTransport& transport, Round round) const;

  /// Wraps the machine, so that planned faults happen before and after it computes a round.
  std::unique_ptr<Machine> around(std::unique_ptr<Machine> machine);

 private:
  void note(const FaultRecord& fault) const;

  ProcessId self_;
  std::filesystem::path file_;
  PendingFaults pending_;
  std::chrono::milliseconds absence_{};
};

}  // namespace tacit
