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

/// Runs all machines of an experiment, round by round, in this process. Leaves in the process
/// folders the files that real processes would leave, and in the run folder two checkpoints of all
/// machines, one of which is always intact. Constructed in a folder with checkpoints, it continues
/// after the newest one.
class LockstepRun {
 public:
  /// @param experiment, policies  outlive this object
  /// @throws InputError (run_folder) if there are checkpoints, but no usable one
  LockstepRun(const Experiment& experiment, const Policies& policies,
              const std::filesystem::path& folder);

  /// Runs to the end, or until `stop`; a checkpoint then holds the state.
  /// @throws exceptions of the machines; InputError (run_folder)
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
  Clock::duration checkpoint_cost_{};  ///< duration of making it
};

}  // namespace tacit
