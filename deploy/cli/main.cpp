#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <exception>
#include <iostream>
#include <set>

#include "common/base/error.h"
#include "common/base/fingerprint.h"
#include "common/base/printable.h"
#include "common/base/system_limits.h"
#include "common/base/version.h"
#include "common/config/config.h"
#include "common/process/command_line.h"
#include "deploy/cli/command.h"

namespace tacit {

namespace {

constexpr const char* kText =
    R"(Decentralised constrained multi-agent learning, one process per agent.

Examples:
  tacit run deploy/experiments/offload.toml
  tacit run deploy/experiments/offload.toml -s run.agents=20 --in-process

Data goes to stdout, words to stderr. Numbers are decimal, without leading zeros: 010 is refused.
Exit codes: 0 done and all constraints met, 1 a constraint or a theory bound failed, 64 usage, 65
bad data, 66 unreadable input, 69 a peer did not come, 70 a bug of tacit, 74 run folder or a limit
of the system, 75 a peer is lost or lies, 76 processes do not match, 77 keys, 78 configuration, 130
interrupted.)";

/// @throws InputError (usage) for a first word that is no command, with the most similar one
void check_command(const CLI::App& app, const std::vector<std::string>& words) {
  std::set<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.insert(command->get_name());
  }
  if (names.empty() || words.empty() || words.front().starts_with('-')) return;
  if (names.contains(words.front())) {
    return check_command(*app.get_subcommand(words.front()), {words.begin() + 1, words.end()});
  }
  const std::string nearest = nearest_name(words.front(), names);
  std::string known;
  for (const std::string& name : names) known += (known.empty() ? "" : ", ") + name;
  throw InputError(ExitCode::usage,
                   "there is no command '" + words.front() + "'" +
                       (nearest.empty() ? ";" : "; did you mean '" + nearest + "'?") +
                       " there are " + known);
}

void add_version_command(CLI::App& app, Execute& execute) {
  app.add_subcommand("version", "Print the version, as --version does.")->callback([&execute] {
    execute = [] {
      std::cout << kVersion << '\n';
      return 0;
    };
  });
}

int run_tacit(int argc, char** argv) {
  CLI::App app(kText, "tacit");
  add_version(app);
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
  add_version_command(app, execute);
  refuse_empty_values(app);
  try {
    check_command(app, {argv + 1, argv + argc});
    app.parse(argc, argv);
    fix_arithmetic();
    spdlog::set_default_logger(spdlog::stderr_logger_mt("tacit"));  // stdout is for data
    return execute();
  } catch (const CLI::ParseError& error) {
    return explain(app, error);
  } catch (...) {
    const InputError error = as_input_error(std::current_exception());
    std::cerr << "tacit: " << printable(error.what()) << '\n';
    return static_cast<int>(error.code());
  }
}

}  // namespace
}  // namespace tacit

int main(int argc, char** argv) {
  tacit::prepare_program();
  return tacit::close_output(tacit::run_tacit(argc, argv));
}
