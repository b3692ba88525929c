#include "deploy/cli/sweep/sweep.h"

namespace tacit {

void add_sweep_command(CLI::App& app, Execute& execute, std::vector<std::string> argv) {
  auto* sweep_app = app.add_subcommand("sweep", R"(Run an experiment for many values of its keys.

Examples:
  tacit sweep deploy/experiments/offload.toml --over offload.alpha=0.5,1,2 --seeds 5
  tacit sweep deploy/experiments/grid-fixed.toml --over grid.fixed_lambda=0..15 \
    --over grid.fixed_nu=-20..8 -s grid.policy=threshold -s grid.benchmark=false

All combinations of the values, each with all seeds (the experiment's own and the following ones),
in this process, as many at once as there are processors. Nothing is lost if it is stopped: the same
command goes on. table.csv has a row per run; cells.csv has the means over the seeds with 95 %
confidence (bootstrap); report.html a line over one key, a line for each name over a key of names
and one of numbers, a heat map over two others. Of a metric with a value per agent there is the
largest, as NAME_most. Combinations that do not go together are said before anything runs, marked as
impossible in table.csv with the reason, and left out. The exit code is 0 once all others have run,
whatever their verdicts.)");
  auto arguments = std::make_shared<SweepArguments>();
  arguments->argv = std::move(argv);
  arguments->add_to(*sweep_app);
  sweep_app
      ->add_option("--over", arguments->over,
                   "a key and its values: KEY=V1,V2,... or KEY=lo..hi for integers (repeatable)")
      ->allow_extra_args(false);
  add_number(*sweep_app, "--seeds", arguments->seed_count, {1, 100'000},
             "runs per combination, each its own seed");
  add_number(*sweep_app, "--threads", arguments->thread_count, {1, kThreadsMost}, "runs at once");
  sweep_app->add_option("--out", arguments->out,
                        "folder of the sweep: new, empty, or of a sweep to go on with (default "
                        "runs/<name>/sweep)");
  add_policies_option(*sweep_app, arguments->policies);
  sweep_app
      ->add_option("--plot", arguments->plots,
                   "a metric to draw, of those that the first run has (repeatable)")
      ->allow_extra_args(false);
  sweep_app->callback(
      [arguments, &execute] { execute = [arguments] { return sweep(*arguments); }; });
}

}  // namespace tacit
