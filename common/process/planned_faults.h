#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "common/base/machine.h"
#include "common/simulation/fault_plan.h"

namespace tacit {

/// What is planned to happen to one process, done by itself: it kills itself with SIGKILL, nothing
/// flushed, nobody told, and stands still with SIGSTOP, all of its threads. Leaves a line in the
/// process's faults.csv before, by which whoever is started in its place knows what is done.
class PlannedFaults {
 public:
  /// @param folder  of the process
  /// @throws InputError: bad_data, run_folder
  PlannedFaults(const FaultPlan& plan, ProcessId self, std::filesystem::path folder);

  /// How long a process that was killed on purpose is to stay away, now that it is started again.
  std::chrono::milliseconds absence() const { return absence_; }

  /// Pauses and kills that are planned for this place.
  /// @param round  0 in phases without rounds
  void happen(FaultPhase phase, Round round = 0);
  bool expects(FaultPhase phase, Round round) const {
    return pending_.has_due(self_, phase, round);
  }

  /// How many packets of this incarnation were doubled and damaged on their way.
  /// @param round  that it has come to
  void note_packets(const FaultyTransport& transport, Round round) const;

  /// The machine with its faults, which happen before and after it computes.
  std::unique_ptr<Machine> around(std::unique_ptr<Machine> machine);

 private:
  void note(const FaultRecord& fault) const;

  ProcessId self_;
  std::filesystem::path file_;
  PendingFaults pending_;
  std::chrono::milliseconds absence_{};
};

}  // namespace tacit
