#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <vector>

#include "common/experiment/experiment.h"
#include "common/process/process_memory.h"
#include "common/results/metrics.h"
#include "common/simulation/lockstep.h"

namespace tacit {

/// All machines of an experiment, round by round in this process. Leaves in the process folders
/// what real processes would leave, and in the run folder two checkpoints of the whole, of which
/// one is always good: of the run that is constructed in a folder with checkpoints only the rounds
/// after the newest are to be run.
class LockstepRun {
 public:
  /// @param experiment, policies  outlive this object
  /// @throws InputError (run_folder) if there are checkpoints, and none can be used
  LockstepRun(const Experiment& experiment, const Policies& policies,
              const std::filesystem::path& folder);

  /// To the end, or until `stop`: then there is a checkpoint of the place.
  /// @throws what the machines throw; InputError (run_folder)
  void run(std::size_t thread_count, const std::atomic<bool>& stop);

 private:
  using Clock = std::chrono::steady_clock;

  void go_on_after(const ProcessMemory::Checkpoint& checkpoint);
  bool is_checkpoint_due() const;
  void make_checkpoint();
  void write_results() const;

  const Experiment& experiment_;
  std::filesystem::path folder_;
  std::vector<std::unique_ptr<Machine>> machines_;
  std::vector<MetricsWriter> metrics_;
  std::unique_ptr<Lockstep> lockstep_;
  ProcessMemory memory_;
  Round next_round_ = 0;
  Round checkpoint_round_ = 0;  ///< of the last checkpoint
  Clock::time_point checkpoint_time_ = Clock::now();
  Clock::duration checkpoint_cost_{};  ///< how long it took to make
};

}  // namespace tacit
