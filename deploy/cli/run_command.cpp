#include "deploy/cli/command.h"
#include "deploy/cli/in_process_run.h"
#include "deploy/cli/supervisor.h"
#include "deploy/cli/whole_run.h"

namespace tacit {
namespace {

struct LocalArguments : RunArguments {
  bool in_process = false;
  std::size_t thread_count = 1;
};

int run(const LocalArguments& arguments) {
  if (!arguments.in_process) return run_on_this_machine(arguments);
  return run_whole(arguments, {kInProcess,
                               {},
                               [&](const StartedRun& started) {
                                 run_in_process(started.experiment, policies_of(started.policies),
                                                started.folder, arguments.thread_count,
                                                started.signals, started.abandon);
                               },
                               arguments.thread_count});
}

}  // namespace

int run_on_this_machine(const RunArguments& arguments) {
  return run_whole(arguments, {"processes", {}, [](const StartedRun& started) {
                                 run_processes(started.experiment, started.folder, started.signals);
                               }});
}

void add_run_command(CLI::App& app, Execute& execute, std::vector<std::string> argv) {
  auto* run_app = app.add_subcommand("run", R"(Run an experiment on this machine.

Examples:
  tacit run deploy/experiments/offload.toml
  tacit run deploy/experiments/offload.toml -s offload.alpha=2 --seed 7 --out runs/alpha-2

Starts every agent as a process of its own (or, with --in-process, all in this one: the bits of the
result are the same), and ends with a table, a verdict and a report. Everything about the run is in
its folder: runs/<name>/<time>_s<seed>/, and runs/<name>/latest points to the newest. Policies that
the agents must have learned before are trained first, if they are not there yet.)");
  auto arguments = std::make_shared<LocalArguments>();
  arguments->argv = std::move(argv);
  arguments->add_to(*run_app);
  auto* in_process =
      run_app->add_flag("--in-process", arguments->in_process, "all agents in one process");
  add_number(*run_app, "--threads", arguments->thread_count, {1, kThreadsMost},
             "threads with --in-process: worth it where a round takes long, as with DCC, "
             "and not where it is shorter than a barrier, as with IQL")
      ->needs(in_process);
  run_app->callback([arguments, &execute] { execute = [arguments] { return run(*arguments); }; });
}

}  // namespace tacit
