#include "deploy/cli/launch_slurm.h"

#include <algorithm>
#include <iostream>

#include "agent/process/key_files.h"
#include "common/base/error.h"
#include "common/run_folder/files.h"
#include "deploy/cli/children.h"
#include "deploy/cli/launch_start.h"
#include "deploy/cli/launch_text.h"

namespace tacit {
namespace {

std::string option_line(const std::string& option) {
  shell_quoted(option);  // no control characters
  if (!option.starts_with('-')) {
    throw InputError(ExitCode::usage, "'" + option +
                                          "' is no option of sbatch: write "
                                          "--sbatch=--partition=short, once for each option");
  }
  return "#SBATCH " + option + "\n";
}

SlurmJob job_of(const Experiment& experiment, const std::filesystem::path& folder,
                const SlurmArguments& slurm) {
  return {dns_label("tacit-" + experiment.name(), 40),
          experiment.agent_count(),
          experiment.system().has_coordinator(),
          std::filesystem::absolute(folder).lexically_normal().string(),
          program_folder().string(),
          slurm.insecure,
          slurm.options};
}

void submit_and_wait(const StartedRun& started, const SlurmArguments& slurm) {
  const auto script = started.folder / "job.sbatch";
  const auto log = started.folder / "job.log";
  write_atomically(script, slurm_script(job_of(started.experiment, started.folder, slurm)));
  if (!slurm.insecure) write_keys(started.folder / "keys", started.experiment.agent_count());
  std::string job;
  const auto on_line = [&](const std::string& line) {
    job = line.substr(0, line.find(';'));
    std::cerr << "Slurm job " << job << '\n';
  };
  ChildProgram sbatch{"the Slurm job",
                      {"sbatch", "--wait", "--parsable", script.string()},
                      log,
                      ChildKind::foreign};
  try {
    run_children({{sbatch}, 1, on_line, "stopped; the job is cancelled", [](const auto&) {}},
                 started.signals);
  } catch (const InputError&) {
    if (!job.empty()) {
      ChildProgram scancel{"scancel", {"scancel", job}, log, ChildKind::foreign};
      run_children({{scancel}, 1, [](const auto&) {}, "", [](const auto&) {}}, started.signals);
    }
    throw;
  }
}

}  // namespace

std::string slurm_script(const SlurmJob& job) {
  StartPlace place;
  place.agent_count = job.agent_count;
  place.folder = job.folder;
  place.programs = job.programs;
  place.keys = job.insecure ? "" : "keys";
  place.port = "0";
  place.choose = "rank=$SLURM_PROCID\n" + process_of_rank(job.agent_count, job.has_coordinator) +
                 "address=$(hostname)\n";
  std::string text =
      "#!/bin/sh\n"
      "#SBATCH --job-name=" +
      dns_label(job.name, 60) +
      "\n"
      "#SBATCH --ntasks=" +
      std::to_string(job.agent_count + (job.has_coordinator ? 1 : 0)) +
      "\n"
      "#SBATCH --output=/dev/null\n";
  for (const std::string& option : job.options) text += option_line(option);
  text +=
      "# Words go to job.log, those of a process to the log in its folder.\n"
      "cd " +
      shell_quoted(job.folder) +
      " || exit 74\n"
      "exec >>job.log 2>&1\n"
      "cat >start <<'END_OF_START'\n" +
      start_script(place, "exec 2>>failures\n" + log_to_folder(), last_words_to_caller()) +
      "END_OF_START\n"
      "srun --kill-on-bad-exit=0 --wait=0 sh start\n"
      "code=$?\n"
      "[ ! -s failures ] || head -n 3 failures\n" +
      (job.insecure ? "" : "rm -rf keys\n") + "exit $code\n";
  return text;
}

int run_on_slurm(const RunArguments& arguments, const SlurmArguments& slurm) {
  for (const std::string& option : slurm.options) option_line(option);  // before training
  return run_whole(arguments, {"slurm", {}, [&](const StartedRun& started) {
                                 submit_and_wait(started, slurm);
                               }});
}

std::string render_slurm(const RunArguments& arguments, const SlurmArguments& slurm) {
  const auto experiment = arguments.load();
  const std::string folder = arguments.out.empty() ? "runs/" + experiment.name() : arguments.out;
  return slurm_script(job_of(experiment, folder, slurm));
}

}  // namespace tacit
