#include <iostream>

#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/version.h"
#include "common/run_folder/files.h"
#include "common/run_folder/run_record.h"
#include "deploy/cli/command.h"
#include "deploy/cli/finish_run.h"
#include "deploy/report/report.h"

namespace tacit {
namespace {

struct ReportArguments {
  std::string folder;
  std::string experiment;
  std::vector<std::string> overrides;
};

/// Processes that were started by hand leave results, but nobody who sums them up: this does.
int gather(const ReportArguments& arguments) {
  if (!std::filesystem::is_directory(arguments.folder)) {
    throw InputError(ExitCode::unreadable_input, arguments.folder + ": there is no such folder");
  }
  const auto experiment = Experiment::load(arguments.experiment, arguments.overrides);
  RunFacts facts;
  facts.name = experiment.name();
  facts.system = experiment.system_name();
  facts.argv = {"tacit", "report", arguments.folder, "--experiment", arguments.experiment};
  facts.versions["tacit"] = kVersion;
  facts.seed = experiment.seed();
  facts.agent_count = experiment.agent_count();
  facts.config_hash = to_hex(experiment.config_hash());
  write_atomically(std::filesystem::path(arguments.folder) / "config.toml",
                   experiment.effective_config());
  return finish_run(experiment, facts, arguments.folder, {});
}

int draw_again(const ReportArguments& arguments) {
  const auto record = load_run(arguments.folder);
  if (!record.summary) {
    throw InputError(ExitCode::unreadable_input,
                     arguments.folder +
                         ": the run did not finish, so there is no summary.json; "
                         "if its processes were started by hand, name the "
                         "experiment with --experiment");
  }
  const auto experiment =
      Experiment::load((std::filesystem::path(arguments.folder) / "config.toml").string(), {});
  std::cout << write_report(record, experiment.system().plots(record.processes)).string() << '\n';
  return 0;
}

}  // namespace

void add_report_command(CLI::App& app, Execute& execute) {
  auto* report = app.add_subcommand("report", R"(Draw a run's report (again), as one HTML file.

Examples:
  tacit report runs/offload/latest
  tacit report runs/by-hand --experiment offload.toml

With --experiment, the results of processes that were started by hand are first gathered into
summary.json: copy the folders agents/* and coordinator of all machines into one run folder.)");
  auto arguments = std::make_shared<ReportArguments>();
  report->add_option("run", arguments->folder, "the run folder")->required();
  report->add_option("--experiment", arguments->experiment,
                     "the experiment file that the processes ran");
  report->add_option("-s,--set", arguments->overrides, "the overrides that they ran with")
      ->allow_extra_args(false);
  report->callback([arguments, &execute] {
    execute = [arguments] {
      return arguments->experiment.empty() ? draw_again(*arguments) : gather(*arguments);
    };
  });
}

}  // namespace tacit
