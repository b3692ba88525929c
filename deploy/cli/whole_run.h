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

/// --json and --no-report. @param presentation  outlives the command
void add_presentation_options(CLI::App& command, Presentation& presentation);

/// What every command that runs an experiment is told.
struct RunArguments : ExperimentArguments {
  std::vector<std::string> argv;  ///< the command line, for run.json
  std::string out;                ///< empty: a new folder in runs/<name>/
  std::string policies;
  std::optional<std::uint64_t> seed;
  Presentation presentation;

  void add_to(CLI::App& command);

  /// The experiment as these arguments have it.
  Experiment load() const;
  /// All overrides, the seed's included.
  ExperimentArguments with_seed() const;
};

/// A run whose folder is complete but for what its processes will leave.
struct StartedRun {
  const Experiment& experiment;
  const std::vector<Artifact>& policies;
  const std::filesystem::path& folder;
  const StopSignals& signals;
  /// Writes down how the run ended, and ends the program.
  const std::function<void(const InputError&)>& abandon;
};

/// Keeps a second `tacit` from a run folder as long as it lives.
/// @throws InputError (mismatch) if another one has it
ProcessLock lock_run_folder(const std::filesystem::path& folder);

/// What BackEnd::name is of a run whose machines are all in one process.
inline constexpr const char* kInProcess = "in process";

/// Says why, and ends the program while machines still run.
[[noreturn]] void end_at_once(const InputError& stopped);

/// Where the processes of a run are, and what runs them.
struct BackEnd {
  std::string name;                ///< as run.json calls it
  std::vector<std::string> hosts;  ///< empty: this machine alone
  /// Returns when every process has left its results in the folder.
  /// @throws InputError with the run's exit code
  std::function<void(const StartedRun&)> run;
  std::size_t thread_count = 0;  ///< of all machines in one process; 0: processes
};

/// One run from its arguments to its verdict: trains what is missing, makes the run folder, lets
/// the back end run it, and sums up; run.json says in the end how it went, whatever happens.
/// @return the exit code
/// @throws InputError
int run_whole(const RunArguments& arguments, const BackEnd& back_end);

/// The run folder of a run that nobody here waits for: complete but for what its processes leave
/// elsewhere, with no exit code in its run.json.
/// @throws InputError (run_folder)
std::filesystem::path make_launch_folder(const RunArguments& arguments,
                                         const Experiment& experiment, const std::string& back_end);

/// The same with a process per agent here: what `tacit run` does.
int run_on_this_machine(const RunArguments& arguments);

}  // namespace tacit
