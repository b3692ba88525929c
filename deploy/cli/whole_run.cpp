#include "deploy/cli/whole_run.h"

#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>

#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/system_limits.h"
#include "common/base/version.h"
#include "common/graph/graphml.h"
#include "common/results/files.h"
#include "common/results/layout.h"
#include "deploy/cli/training.h"

namespace tacit {
namespace {

std::chrono::sys_seconds wall_clock() {
  return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
}

RunFacts facts_of(const RunArguments& arguments, const Experiment& experiment,
                  const BackEnd& back_end) {
  RunFacts facts;
  facts.name = experiment.name();
  facts.system = experiment.system_name();
  facts.argv = arguments.argv;
  facts.versions["tacit"] = kVersion;
  facts.seed = experiment.seed();
  facts.agent_count = experiment.agent_count();
  facts.agent_names = experiment.agent_names();
  facts.config_hash = to_hex(experiment.config_hash());
  facts.hosts = back_end.hosts.empty() ? std::vector{host_name()} : back_end.hosts;
  facts.started_utc = utc_stamp(wall_clock());
  facts.derived["back_end"] = back_end.name;
  if (back_end.thread_count > 0) facts.derived["threads"] = std::to_string(back_end.thread_count);
  return facts;
}

/// Writes to the folder all files that the processes will read, so that it is self-contained.
void prepare_folder(const Experiment& experiment, const std::vector<Artifact>& policies,
                    const std::filesystem::path& folder, const RunFacts& facts) {
  write_run_facts(folder, facts);
  write_atomically(folder / "config.toml", experiment.effective_config());
  write_atomically(folder / "graph.graphml",
                   write_graphml(experiment.graph(), *experiment.agent_names()));
  create_process_folders(folder, experiment.agent_count(), experiment.system().has_coordinator());
  const PolicyStore store(folder / "policies");
  for (const Artifact& policy : policies) store.save(policy);
  make_all_durable(folder);  // `tacit resume` needs it after a power loss
}

}  // namespace

void add_presentation_options(CLI::App& command, Presentation& presentation) {
  command.add_flag("--json", presentation.json, "print summary.json, not the table");
  command.add_flag_callback(
      "--no-report", [&presentation] { presentation.report = false; }, "draw no plots");
}

void RunArguments::add_to(CLI::App& command) {
  ExperimentArguments::add_to(command);
  command.add_option("--out", out, "the run folder itself: new or empty");
  add_policies_option(command, policies);
  add_number(command, "--seed", seed, {0, kExactMost}, "same as -s run.seed=N");
  add_presentation_options(command, presentation);
}

ExperimentArguments RunArguments::with_seed() const {
  ExperimentArguments all = *this;
  if (seed) all.overrides.push_back("run.seed=" + std::to_string(*seed));
  return all;
}

Experiment RunArguments::load() const { return with_seed().load(); }

ProcessLock lock_run_folder(const std::filesystem::path& folder) {
  return {folder / "lock", "another tacit runs this folder: wait for it, or end it"};
}

std::filesystem::path make_launch_folder(const RunArguments& arguments,
                                         const Experiment& experiment,
                                         const std::string& back_end) {
  const auto folder = arguments.out.empty() ? create_run_folder("runs", experiment.name(),
                                                                wall_clock(), experiment.seed())
                                            : claim_run_folder(arguments.out);
  prepare_folder(experiment, {}, folder, facts_of(arguments, experiment, {back_end, {}, {}}));
  return folder;
}

void end_at_once(const InputError& stopped) {
  std::cerr << "tacit: " << stopped.what() << std::endl;
  std::_Exit(static_cast<int>(stopped.code()));
}

int run_whole(const RunArguments& arguments, const BackEnd& back_end) {
  const auto experiment = arguments.load();
  for (const std::string& sentence : experiment.advice()) {
    std::cerr << "hint: " << sentence << '\n';
  }
  experiment.system().make_coordinator();  // reports now what this machine lacks
  if (!arguments.out.empty()) check_claimable(arguments.out);  // before minutes of training
  const auto policies = provide_policies(training_orders(experiment, arguments.with_seed()),
                                         PolicyStore(arguments.policies), false);
  const StopSignals signals;
  const auto start = std::chrono::steady_clock::now();
  const std::filesystem::path folder =
      arguments.out.empty()
          ? create_run_folder("runs", experiment.name(), wall_clock(), experiment.seed())
          : claim_run_folder(arguments.out);
  const ProcessLock lock = lock_run_folder(folder);
  RunFacts facts = facts_of(arguments, experiment, back_end);
  const auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  const auto close = [&](ExitCode code) {
    facts.wall_seconds = seconds();
    facts.exit_code = static_cast<int>(code);
    write_run_facts(folder, facts);
  };
  const std::function<void(const InputError&)> abandon = [&](const InputError& stopped) {
    close(stopped.code());
    end_at_once(stopped);
  };
  try {
    prepare_folder(experiment, policies, folder, facts);
    std::cerr << "run folder: " << folder.string() << '\n';
    back_end.run({experiment, policies, folder, signals, abandon});
    facts.wall_seconds = seconds();
    return finish_run(experiment, facts, folder, arguments.presentation);
  } catch (...) {
    close(as_input_error(std::current_exception()).code());
    throw;
  }
}

}  // namespace tacit
