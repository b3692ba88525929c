#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "deploy/cli/whole_run.h"

namespace tacit {

/// One run as one Slurm job: a task per process, the coordinator, if any, on rank 0.
struct SlurmJob {
  std::string name;
  std::size_t agent_count = 0;
  bool has_coordinator = false;
  std::string folder;    ///< the run folder, absolute, on a disk shared by all nodes
  std::string programs;  ///< folder of the programs, the same on all nodes
  bool insecure = false;
  std::vector<std::string> options;  ///< the user's options for sbatch: "--partition=short"
};

/// A script for sbatch. The processes meet in the run folder and leave all files there; at its end
/// the job removes the run's keys. A killed process is started again in its task; a process that
/// fails does not end the job, since the others notice its absence and report its name.
/// @throws InputError (usage) for names with control characters, and words that are no options
std::string slurm_script(const SlurmJob& job);

struct SlurmArguments {
  std::vector<std::string> options;
  bool insecure = false;
};

/// `tacit run` as a Slurm job: submits it, waits for it, and cancels it if this program is stopped.
/// @throws InputError as run_whole; the job's exit code is the highest of its processes
int run_on_slurm(const RunArguments& arguments, const SlurmArguments& slurm);

/// Continues a run that run_on_slurm began, as another job with the same options.
/// @throws InputError: mismatch if the run's last job has not ended
void resume_on_slurm(const StartedRun& started);

/// The job's id in a line of `sbatch --parsable`, "ID" or "ID;CLUSTER"; empty for any other line.
std::string_view job_id(std::string_view line);

/// The script that would be submitted.
std::string render_slurm(const RunArguments& arguments, const SlurmArguments& slurm);

}  // namespace tacit
