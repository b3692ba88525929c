#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <iostream>

#include "common/base/error.h"
#include "common/base/fingerprint.h"
#include "common/base/version.h"
#include "deploy/cli/command.h"

namespace tacit {

namespace {

constexpr const char* kText =
    R"(Decentralised constrained multi-agent learning, one process per agent.

Examples:
  tacit run deploy/experiments/offload.toml
  tacit run deploy/experiments/offload.toml -s run.agents=20 --in-process

Data goes to stdout, words to stderr. Exit codes: 0 done and all constraints met, 1 a constraint or
a theory bound failed, 64 usage, 65 bad data, 66 unreadable input, 69 a peer did not come, 70 a bug
of tacit, 74 run folder, 75 a peer is lost, 76 processes do not match, 77 keys, 78 configuration,
130 interrupted.)";

int run_tacit(int argc, char** argv) {
  CLI::App app(kText, "tacit");
  app.set_version_flag("--version", std::string(kVersion));
  app.require_subcommand(1);
  Execute execute;
  add_run_command(app, execute, {argv, argv + argc});
  add_resume_command(app, execute);
  add_launch_command(app, execute, {argv, argv + argc});
  add_sweep_command(app, execute, {argv, argv + argc});
  add_chaos_command(app, execute);
  add_train_command(app, execute);
  add_config_command(app, execute);
  add_metrics_command(app, execute);
  add_data_command(app, execute);
  add_graph_command(app, execute);
  add_keys_command(app, execute);
  add_why_command(app, execute);
  add_solve_command(app, execute);
  add_report_command(app, execute);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::usage);
  }
  try {
    fix_arithmetic();
    spdlog::set_default_logger(spdlog::stderr_logger_mt("tacit"));  // stdout is for data
    return execute();
  } catch (const InputError& error) {
    std::cerr << "tacit: " << error.what() << '\n';
    return static_cast<int>(error.code());
  } catch (const std::exception& error) {
    std::cerr << "tacit: internal error: " << error.what() << '\n';
    return static_cast<int>(ExitCode::internal);
  }
}

}  // namespace
}  // namespace tacit

int main(int argc, char** argv) { return tacit::run_tacit(argc, argv); }
