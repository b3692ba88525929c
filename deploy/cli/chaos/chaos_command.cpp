#include "deploy/cli/chaos/chaos.h"

namespace tacit {

void add_chaos_command(CLI::App& app, Execute& execute) {
  auto* chaos_app =
      app.add_subcommand("chaos", R"(Let everything go wrong, and see that nothing is lost.

Examples:
  tacit chaos deploy/experiments/grid.toml --seeds 100
  tacit chaos deploy/experiments/offload-iql.toml -s offload.slots=100 --seeds 3 --processes

For each seed a random plan: processes are killed in all phases, several or all at once, and come
back from their checkpoints; they pause; links part for a while; packets are held up, come twice,
come damaged; connections break. All in this process, with simulated time, or with --processes for
real. Every run must come to its end with the digest, the metrics and the messages of the
undisturbed run, and with the bounds that hold there. A plan that fails is made as small as possible
and printed as a command that repeats it; the exit code is then 1.)");
  auto arguments = std::make_shared<ChaosArguments>();
  arguments->add_to(*chaos_app);
  add_number(*chaos_app, "--seeds", arguments->seed_count, {1, 1'000'000},
             "plans, each of its own seed");
  add_number(*chaos_app, "--first-seed", arguments->first_seed, {0, kExactMost},
             "the seed of the first plan");
  add_number(*chaos_app, "--faults", arguments->fault_count, {0, 10'000},
             "kills, pauses and partitions per seed; 0: what [[faults]] and [links] of the "
             "experiment plan");
  add_number(*chaos_app, "--threads", arguments->thread_count, {1, kThreadsMost},
             "seeds at once, in one process");
  chaos_app->add_flag("--processes", arguments->real_processes,
                      "as `tacit run`, by SIGKILL and SIGSTOP");
  chaos_app->add_flag("--json", arguments->json, "print JSON, not the table");
  add_policies_option(*chaos_app, arguments->policies);
  chaos_app->callback(
      [arguments, &execute] { execute = [arguments] { return chaos(*arguments); }; });
}

}  // namespace tacit
