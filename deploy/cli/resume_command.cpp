#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>

#include "agent/catalog.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/system_limits.h"
#include "common/base/whole_number.h"
#include "common/experiment/experiment.h"
#include "common/rendezvous/folder_rendezvous.h"
#include "common/results/records.h"
#include "common/results/run_record.h"
#include "deploy/cli/command.h"
#include "deploy/cli/finish_run.h"
#include "deploy/cli/in_process_run.h"
#include "deploy/cli/launch/kubernetes.h"
#include "deploy/cli/launch/resume.h"
#include "deploy/cli/supervisor.h"
#include "deploy/cli/whole_run.h"

namespace tacit {
namespace {

struct ResumeArguments {
  std::string folder;
  Presentation presentation;
};

std::string back_end_of(const RunFacts& facts) {
  const auto found = facts.derived.find("back_end");
  return found == facts.derived.end() ? "processes" : found->second;
}

/// The experiment of a run folder, if the run can continue with it.
Experiment load_resumable(const std::filesystem::path& folder, const RunFacts& facts) {
  const std::string back_end = back_end_of(facts);
  const std::vector<std::string> known{"processes", "kubernetes", std::string(kInProcess)};
  if (std::ranges::find(known, back_end) == known.end() && !is_launched(back_end)) {
    throw InputError(ExitCode::usage, folder.string() + ": ran " + back_end +
                                          ", so there is nothing to go on from: start it again");
  }
  Experiment experiment = Experiment::load((folder / "config.toml").string(), {}, systems());
  if (to_hex(experiment.config_hash()) != facts.config_hash) {
    throw InputError(ExitCode::mismatch,
                     folder.string() +
                         ": config.toml, or data that it names, is not what the run began with "
                         "(config hash " +
                         to_hex(experiment.config_hash()) + ", then " + facts.config_hash +
                         "): put it back, or start a new run");
  }
  return experiment;
}

std::size_t thread_count_of(const RunFacts& facts) {
  const auto found = facts.derived.find("threads");
  const std::string text = found == facts.derived.end() ? "1" : found->second;
  const std::int64_t count = whole_number(text).value_or(1);
  return static_cast<std::size_t>(std::clamp<std::int64_t>(count, 1, kThreadsMost));
}

/// @param abandon  as run_in_process
void resume_in_process(const Experiment& experiment, const RunFacts& facts,
                       const std::filesystem::path& folder, const StopSignals& signals,
                       const std::function<void(const InputError&)>& abandon) {
  const PolicyStore store(folder / "policies");
  std::vector<Artifact> policies;
  for (const TrainingTask& task : experiment.system().training_tasks()) {
    policies.push_back(store.load(task));
  }
  run_in_process(experiment, policies_of(policies), folder, thread_count_of(facts), signals,
                 abandon);
}

int resume(const ResumeArguments& arguments) {
  const std::filesystem::path folder = arguments.folder;
  require_run_folder(folder);
  RunFacts facts = read_run_facts(folder);
  const ProcessLock lock = lock_run_folder(folder);
  const Experiment experiment = load_resumable(folder, facts);
  const std::string back_end = back_end_of(facts);
  if (back_end == "kubernetes") return resume_on_kubernetes(experiment, folder);
  const StopSignals signals;
  const double before = facts.wall_seconds.value_or(0);
  const auto start = std::chrono::steady_clock::now();
  const auto count_time = [&] {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    facts.wall_seconds = before + passed.count();
  };
  const auto close = [&](const InputError& error) {
    count_time();
    facts.exit_code = static_cast<int>(error.code());
    write_run_facts(folder, facts);
  };
  try {
    std::cerr << "run folder: " << folder.string() << '\n';
    if (back_end == kInProcess) {
      resume_in_process(experiment, facts, folder, signals, [&](const InputError& stopped) {
        close(stopped);
        end_at_once(stopped);
      });
    } else if (is_launched(back_end)) {
      resume_launched(back_end, experiment, folder, signals);
    } else {
      begin_life_of_all(folder / "rendezvous");
      run_processes(experiment, folder, signals);
    }
    count_time();
    return finish_run(experiment, facts, folder, arguments.presentation);
  } catch (...) {
    close(as_input_error(std::current_exception()));
    throw;
  }
}

}  // namespace

void add_resume_command(CLI::App& app, Execute& execute) {
  auto* resume_app = app.add_subcommand("resume", R"(Go on with a run that was cut off.

Examples:
  tacit resume runs/offload/latest
  tacit resume runs/grid/20261121T120000Z_s1 --json

After a loss of power, a kill of everything, or Ctrl-C: every process goes on from its last
checkpoint, or from the start if it had none, and the run ends with the same bits as if it had never
stopped. So does a run with --in-process. The folder holds all that is needed; a run of 'tacit
launch' goes on on the same machines, as docs/machines.md describes. If the configuration or a data
file was changed in between, the exit code is 76; also if a process of the run still lives.)");
  auto arguments = std::make_shared<ResumeArguments>();
  resume_app->add_option("run", arguments->folder, "the run folder")->required();
  add_presentation_options(*resume_app, arguments->presentation);
  resume_app->callback(
      [arguments, &execute] { execute = [arguments] { return resume(*arguments); }; });
}

}  // namespace tacit
