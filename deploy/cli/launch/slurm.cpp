#include "deploy/cli/launch/slurm.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <sstream>

#include "common/base/error.h"
#include "common/process/key_files.h"
#include "common/results/files.h"
#include "deploy/cli/children.h"
#include "deploy/cli/launch/record.h"
#include "deploy/cli/launch/start.h"
#include "deploy/cli/launch/text.h"

namespace tacit {
namespace {

/// Cancels the job $0, and waits until it has ended, at most a minute.
constexpr const char* kCancel = R"(
scancel "$0" || exit
seconds=0
while squeue --me --noheader --format=%A | grep -qx "$0" && [ $seconds -lt 60 ]; do
  sleep 1
  seconds=$((seconds + 1))
done
)";

/// An option as sbatch reads it from a line of a script: its value in double quotes, in which a
/// backslash escapes the next letter, unless the value needs no quotes.
std::string sbatch_quoted(const std::string& option) {
  const std::size_t value = option.find_first_of("= ") + 1;  // npos + 1 is 0: no value
  if (value == 0 || option.find_first_of(" \"'\\#", value) == std::string::npos) return option;
  std::string text = option.substr(0, value) + '"';
  for (std::size_t k = value; k < option.size(); ++k) {
    if (option[k] == '"' || option[k] == '\\') text += '\\';
    text += option[k];
  }
  return text + '"';
}

std::string option_line(const std::string& option) {
  shell_quoted(option);  // no control characters
  if (!option.starts_with('-')) {
    throw InputError(ExitCode::usage, "'" + option +
                                          "' is no option of sbatch: write "
                                          "--sbatch=--partition=short, once for each option");
  }
  return "#SBATCH " + sbatch_quoted(option) + "\n";
}

bool is_on_path(const std::string& program) {
  const char* const path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (access((folder + "/" + program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

/// Called before anything is trained, made or changed.
void require_slurm() {
  for (const char* const program : {"sbatch", "scancel", "squeue"}) {
    if (is_on_path(program)) continue;
    throw InputError(ExitCode::peer_absent,
                     std::string(program) +
                         " is not on the PATH: start this on a machine that submits jobs to "
                         "Slurm, or look at the job with --render");
  }
}

SlurmJob job_of(const Experiment& experiment, const std::filesystem::path& folder,
                const SlurmLaunch& launch) {
  return {dns_label("tacit-" + experiment.name(), 40),
          experiment.agent_count(),
          experiment.system().has_coordinator(),
          std::filesystem::absolute(folder).lexically_normal().string(),
          program_folder().string(),
          launch.insecure,
          launch.options};
}

/// The successive jobs of a run.
class SlurmRun {
 public:
  SlurmRun(const StartedRun& started, SlurmLaunch launch)
      : started_(started), launch_(std::move(launch)), log_(started.folder / "job.log") {}

  void run() {
    prepare();
    try {
      call("the Slurm job", {"sbatch", "--wait", "--parsable", script().string()},
           [&](const std::string& line) { note_job(line); });
    } catch (const InputError&) {
      if (!launch_.job.empty()) cancel();
      throw;
    }
  }

  /// @throws InputError (mismatch)
  void expect_ended() const {
    if (launch_.job.empty() || !is_queued()) return;
    throw InputError(ExitCode::mismatch, "the Slurm job " + launch_.job +
                                             " of this run has not ended: wait for it, or end it "
                                             "with 'scancel " +
                                             launch_.job + "'");
  }

 private:
  std::filesystem::path script() const { return started_.folder / "job.sbatch"; }

  void call(const std::string& name, const std::vector<std::string>& words,
            const std::function<void(const std::string&)>& on_line) const {
    run_children({{{name, words, log_, ChildKind::foreign}},
                  1,
                  on_line,
                  "stopped, and the job is cancelled; go on with 'tacit resume " +
                      started_.folder.string() + "'",
                  [](const auto&) {}},
                 started_.signals);
  }

  void prepare() const {
    write_launch(started_.folder, launch_);
    write_atomically(script(), slurm_script(job_of(started_.experiment, started_.folder, launch_)));
    remove_keys();  // left by an interrupted job
    if (launch_.insecure) return;
    write_keys(started_.folder / "keys", started_.experiment.agent_count());
  }

  void remove_keys() const {
    std::error_code ignored;
    std::filesystem::remove_all(started_.folder / "keys", ignored);
  }

  void note_job(const std::string& line) {
    const std::string_view job = job_id(line);
    if (job.empty()) return;
    launch_.job = job;
    write_launch(started_.folder, launch_);
    std::cerr << "Slurm job " << launch_.job << '\n';
  }

  bool is_queued() const {
    bool found = false;
    call("squeue", {"squeue", "--me", "--noheader", "--format=%A"},
         [&](const std::string& line) { found = found || job_id(line) == launch_.job; });
    return found;
  }

  /// The job's processes have two seconds to end by themselves; Slurm kills them after KillWait. A
  /// cancelled job cannot remove its secrets, so this does.
  void cancel() const {
    call("scancel", {"sh", "-c", kCancel, launch_.job}, [](const auto&) {});
    remove_keys();
  }

  const StartedRun& started_;
  SlurmLaunch launch_;
  std::filesystem::path log_;
};

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
      "rm -f failures\n"
      "srun --kill-on-bad-exit=0 --wait=0 sh start\n"
      "code=$?\n"
      "[ ! -s failures ] || head -n 3 failures\n" +
      (job.insecure ? "" : "rm -rf keys\n") + "exit $code\n";
  return text;
}

int run_on_slurm(const RunArguments& arguments, const SlurmArguments& slurm) {
  for (const std::string& option : slurm.options) option_line(option);
  require_slurm();
  return run_whole(arguments, {"slurm", {}, [&](const StartedRun& started) {
                                 SlurmRun(started, {slurm.options, slurm.insecure, ""}).run();
                               }});
}

void resume_on_slurm(const StartedRun& started) {
  require_slurm();
  SlurmRun run(started, read_slurm_launch(started.folder));
  run.expect_ended();
  run.run();
}

std::string_view job_id(std::string_view line) {
  const std::string_view id = line.substr(0, line.find(';'));
  return id.find_first_not_of("0123456789") == std::string_view::npos ? id : std::string_view();
}

std::string render_slurm(const RunArguments& arguments, const SlurmArguments& slurm) {
  const auto experiment = arguments.load();
  const std::string folder = arguments.out.empty() ? "runs/" + experiment.name() : arguments.out;
  return slurm_script(job_of(experiment, folder, {slurm.options, slurm.insecure, ""}));
}

}  // namespace tacit
