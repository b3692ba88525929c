#include <iostream>

#include "agent/catalog.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/version.h"
#include "common/results/files.h"
#include "common/results/layout.h"
#include "common/results/run_record.h"
#include "deploy/cli/command.h"
#include "deploy/cli/finish_run.h"
#include "deploy/cli/run_check.h"
#include "deploy/report/comparison.h"
#include "deploy/report/report.h"

namespace tacit {
namespace {

struct ReportArguments {
  std::vector<std::string> folders;
  std::string out;
  std::string experiment;
  std::vector<std::string> overrides;
};

/// Sums up processes that were started by hand: they leave results, but no supervisor does it.
int gather(const ReportArguments& arguments) {
  const std::string& folder = arguments.folders.front();
  if (!std::filesystem::is_directory(folder)) {
    throw InputError(ExitCode::unreadable_input, folder + ": there is no such folder");
  }
  const auto experiment = load_experiment(arguments.experiment, arguments.overrides);
  RunFacts facts;
  facts.name = experiment.name();
  facts.system = experiment.system_name();
  facts.argv = {"tacit", "report", folder, "--experiment", arguments.experiment};
  facts.versions["tacit"] = kVersion;
  facts.seed = experiment.seed();
  facts.agent_count = experiment.agent_count();
  facts.agent_names = experiment.agent_names();
  facts.config_hash = to_hex(experiment.config_hash());
  write_atomically(std::filesystem::path(folder) / "config.toml", experiment.effective_config());
  return finish_run(experiment, facts, folder, {});
}

struct FinishedRun {
  RunRecord record;
  std::vector<Plot> plots;
};

FinishedRun load_finished(const std::string& folder) {
  auto record = open_run(folder);
  if (!record.summary) {
    throw InputError(ExitCode::unreadable_input,
                     folder +
                         ": the run did not finish, so there is no summary.json: if nobody runs it "
                         "now, go on with it by 'tacit resume " +
                         folder + "'");
  }
  const auto experiment =
      Experiment::load((std::filesystem::path(folder) / "config.toml").string(), {}, systems());
  check_facts(record, experiment);
  load_processes(record);
  check_belongs_together(record, experiment);
  auto plots = experiment.system().plots(record.processes);
  return {std::move(record), std::move(plots)};
}

int draw_again(const std::string& folder) {
  const FinishedRun run = load_finished(folder);
  std::cout << write_report(run.record, run.plots,
                            quantities_of(systems(), run.record.facts.system))
                   .string()
            << '\n';
  return 0;
}

int compare(const ReportArguments& arguments) {
  check_claimable(arguments.out);  // a run's own report is not overwritten
  std::vector<ComparedRun> runs;
  for (const std::string& folder : arguments.folders) {
    FinishedRun run = load_finished(folder);
    runs.push_back({folder, run.record.summary->summary, std::move(run.plots),
                    quantities_of(systems(), run.record.facts.system)});
  }
  const std::filesystem::path out = claim_run_folder(arguments.out);
  const auto figures = draw_figures(out, common_lines(runs));
  std::vector<std::string> argv{"tacit", "report"};
  argv.insert(argv.end(), arguments.folders.begin(), arguments.folders.end());
  argv.insert(argv.end(), {"--out", arguments.out});
  write_atomically(out / "report.html", comparison_page(runs, figures, argv));
  std::cout << (out / "report.html").string() << '\n';
  return 0;
}

int report_on(const ReportArguments& arguments) {
  const bool several = arguments.folders.size() > 1;
  if (several && (!arguments.experiment.empty() || arguments.out.empty())) {
    throw InputError(ExitCode::usage,
                     "several runs are compared in a folder of their own: name it with --out, and "
                     "leave out --experiment");
  }
  if (several) return compare(arguments);
  if (!arguments.out.empty()) {
    throw InputError(ExitCode::usage, "--out is for several runs: one has its report inside");
  }
  return arguments.experiment.empty() ? draw_again(arguments.folders.front()) : gather(arguments);
}

}  // namespace

void add_report_command(CLI::App& app, Execute& execute) {
  auto* report = app.add_subcommand("report", R"(Draw a run's report (again), as one HTML file.

Examples:
  tacit report runs/offload/latest
  tacit report runs/by-hand --experiment offload.toml
  tacit report runs/ippo runs/happo runs/kappa-3 --out compared

Several runs are compared: their lines in one figure each, and their numbers in one table.

With --experiment, the results of processes that were started by hand are first gathered into
summary.json: copy the folders agents/* and coordinator of all machines into one run folder.)");
  auto arguments = std::make_shared<ReportArguments>();
  report->add_option("runs", arguments->folders, "the run folder, or several to compare")
      ->required();
  report->add_option("--out", arguments->out, "a new folder for the comparison of several runs");
  report->add_option("--experiment", arguments->experiment,
                     "the experiment file that the processes ran");
  report->add_option("-s,--set", arguments->overrides, "the overrides that they ran with")
      ->allow_extra_args(false);
  report->callback(
      [arguments, &execute] { execute = [arguments] { return report_on(*arguments); }; });
}

}  // namespace tacit
