#include "deploy/cli/launch/resume.h"

#include "deploy/cli/launch/slurm.h"
#include "deploy/cli/launch/ssh.h"

namespace tacit {

bool is_launched(const std::string& back_end) { return back_end == "ssh" || back_end == "slurm"; }

void resume_launched(const std::string& back_end, const Experiment& experiment,
                     const std::filesystem::path& folder, const StopSignals& signals) {
  const std::vector<Artifact> in_the_folder;
  const std::function<void(const InputError&)> never_called;
  const StartedRun started{experiment, in_the_folder, folder, signals, never_called};
  if (back_end == "ssh") return resume_over_ssh(started);
  resume_on_slurm(started);
}

}  // namespace tacit
