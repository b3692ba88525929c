#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <optional>

#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/version.h"
#include "common/graph/graphml.h"
#include "common/run_folder/files.h"
#include "common/run_folder/layout.h"
#include "deploy/cli/command.h"
#include "deploy/cli/finish_run.h"
#include "deploy/cli/in_process_run.h"
#include "deploy/cli/supervisor.h"
#include "deploy/cli/training.h"

namespace tacit {
namespace {

struct RunArguments : ExperimentArguments {
  std::vector<std::string> argv;
  std::string out;
  std::string policies;
  bool in_process = false;
  std::size_t thread_count = 1;
  std::optional<std::uint64_t> seed;
  Presentation presentation;
};

std::chrono::sys_seconds wall_clock() {
  return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
}

RunFacts facts_of(const RunArguments& arguments, const Experiment& experiment) {
  char host[256] = "";
  gethostname(host, sizeof host - 1);
  RunFacts facts;
  facts.name = experiment.name();
  facts.system = experiment.system_name();
  facts.argv = arguments.argv;
  facts.versions["tacit"] = kVersion;
  facts.seed = experiment.seed();
  facts.agent_count = experiment.agent_count();
  facts.config_hash = to_hex(experiment.config_hash());
  facts.hosts = {host};
  facts.started_utc = utc_stamp(wall_clock());
  facts.derived["back_end"] = arguments.in_process ? "in process" : "processes";
  return facts;
}

/// Leaves in the folder all that the processes will read, so that it is complete by itself.
void prepare_folder(const Experiment& experiment, const std::vector<Artifact>& policies,
                    const std::filesystem::path& folder, const RunFacts& facts) {
  write_run_facts(folder, facts);
  write_atomically(folder / "config.toml", experiment.effective_config());
  write_atomically(folder / "graph.graphml", write_graphml(experiment.graph()));
  create_process_folders(folder, experiment.agent_count(), experiment.system().has_coordinator());
  const PolicyStore store(folder / "policies");
  for (const Artifact& policy : policies) store.save(policy);
}

int run(RunArguments arguments) {
  if (arguments.seed) {
    arguments.overrides.push_back("run.seed=" + std::to_string(*arguments.seed));
  }
  const auto experiment = Experiment::load(arguments.file, arguments.overrides);
  for (const std::string& sentence : experiment.system().advice()) {
    std::cerr << "hint: " << sentence << '\n';
  }
  if (!arguments.out.empty()) check_claimable(arguments.out);  // before minutes of training
  const auto policies =
      provide_policies(experiment, arguments, PolicyStore(arguments.policies), false);
  const StopSignals signals;
  const auto start = std::chrono::steady_clock::now();
  const std::filesystem::path folder =
      arguments.out.empty()
          ? create_run_folder("runs", experiment.name(), wall_clock(), experiment.seed())
          : claim_run_folder(arguments.out);
  RunFacts facts = facts_of(arguments, experiment);
  const auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  const auto close = [&](ExitCode code) {
    facts.wall_seconds = seconds();
    facts.exit_code = static_cast<int>(code);
    write_run_facts(folder, facts);
  };
  const auto abandon = [&](const InputError& stopped) {
    close(stopped.code());
    std::cerr << "tacit: " << stopped.what() << std::endl;
    std::_Exit(static_cast<int>(stopped.code()));
  };
  try {
    prepare_folder(experiment, policies, folder, facts);
    std::cerr << "run folder: " << folder.string() << '\n';
    if (arguments.in_process) {
      run_in_process(experiment, policies_of(policies), folder, arguments.thread_count, signals,
                     abandon);
    } else {
      run_processes(experiment, folder, signals);
    }
    facts.wall_seconds = seconds();
    return finish_run(experiment, facts, folder, arguments.presentation);
  } catch (const InputError& error) {
    close(error.code());
    throw;
  } catch (const std::exception&) {
    close(ExitCode::internal);
    throw;
  }
}

}  // namespace

void add_run_command(CLI::App& app, Execute& execute, std::vector<std::string> argv) {
  auto* run_app = app.add_subcommand("run", R"(Run an experiment on this machine.

Examples:
  tacit run deploy/experiments/offload.toml
  tacit run deploy/experiments/offload.toml -s offload.alpha=2 --seed 7 --out runs/alpha-2

Starts every agent as a process of its own (or, with --in-process, all in this one: the bits of the
result are the same), and ends with a table, a verdict and a report. Everything about the run is in
its folder: runs/<name>/<time>_s<seed>/, and runs/<name>/latest points to the newest. Policies that
the agents must have learned before are trained first, if they are not there yet.)");
  auto arguments = std::make_shared<RunArguments>();
  arguments->argv = std::move(argv);
  arguments->add_to(*run_app);
  run_app->add_option("--out", arguments->out, "the run folder itself: new or empty");
  add_policies_option(*run_app, arguments->policies);
  auto* in_process =
      run_app->add_flag("--in-process", arguments->in_process, "all agents in one process");
  run_app
      ->add_option("--threads", arguments->thread_count,
                   "threads with --in-process: worth it where a round takes long, as with DCC, "
                   "and not where it is shorter than a barrier, as with IQL")
      ->needs(in_process)
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  run_app->add_option("--seed", arguments->seed, "same as -s run.seed=N");
  run_app->add_flag("--json", arguments->presentation.json, "print summary.json, not the table");
  run_app->add_flag("!--no-report", arguments->presentation.report, "draw no plots");
  run_app->callback([arguments, &execute] { execute = [arguments] { return run(*arguments); }; });
}

}  // namespace tacit
