#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/experiment/experiment.h"
#include "common/experiment/policy_store.h"
#include "common/process/process_lock.h"
#include "deploy/cli/command.h"
#include "deploy/cli/finish_run.h"
#include "deploy/cli/stop_signals.h"

namespace tacit {

/// Adds --json and --no-report. @param presentation  outlives the command
void add_presentation_options(CLI::App& command, Presentation& presentation);

/// The arguments of every command that runs an experiment.
struct RunArguments : ExperimentArguments {
  std::vector<std::string> argv;  ///< the command line, for run.json
  std::string out;                ///< empty: a new folder in runs/<name>/
  std::string policies;
  std::optional<std::uint64_t> seed;
  Presentation presentation;

  void add_to(CLI::App& command);

  /// The experiment with these arguments applied.
  Experiment load() const;
  /// All overrides, the seed's included.
  ExperimentArguments with_seed() const;
};

/// A run whose folder is complete except for its processes' results.
struct StartedRun {
  const Experiment& experiment;
  const std::vector<Artifact>& policies;
  const std::filesystem::path& folder;
  const StopSignals& signals;
  /// Records how the run ended, and ends the program.
  const std::function<void(const InputError&)>& abandon;
};

/// Keeps another `tacit` from a run folder while the lock lives.
/// @throws InputError (mismatch) if another process holds it
ProcessLock lock_run_folder(const std::filesystem::path& folder);

/// BackEnd::name of a run whose machines are all in one process.
inline constexpr const char* kInProcess = "in process";

/// Prints the reason, and ends the program while machines still run.
[[noreturn]] void end_at_once(const InputError& stopped);

/// Where the processes of a run are, and how they are run.
struct BackEnd {
  std::string name;                ///< the name in run.json
  std::vector<std::string> hosts;  ///< empty: this machine alone
  /// Returns when every process has left its results in the folder.
  /// @throws InputError with the run's exit code
  std::function<void(const StartedRun&)> run;
  std::size_t thread_count = 0;  ///< of all machines in one process; 0: processes
};

/// One run from its arguments to its verdict: trains missing policies, makes the run folder, runs
/// the back end, and sums up; run.json records the outcome in every case.
/// @return the exit code
/// @throws InputError
int run_whole(const RunArguments& arguments, const BackEnd& back_end);

/// Makes the run folder of a run for which no process here waits: complete except for the results,
/// which the processes leave elsewhere, with no exit code in its run.json.
/// @throws InputError (run_folder)
std::filesystem::path make_launch_folder(const RunArguments& arguments,
                                         const Experiment& experiment, const std::string& back_end);

/// The same with a process per agent on this machine: `tacit run`.
int run_on_this_machine(const RunArguments& arguments);

}  // namespace tacit
