#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "common/experiment/experiment.h"
#include "common/process/number_option.h"

namespace tacit {

/// Limit of every --threads option.
inline constexpr std::int64_t kThreadsMost = 1024;

/// Runs a subcommand after its options are parsed; returns the exit code.
using Execute = std::function<int()>;

/// Every subcommand adds itself to the application; when chosen, it sets `execute`.
/// @param argv  as given to the program, for run.json
void add_run_command(CLI::App& app, Execute& execute, std::vector<std::string> argv);
void add_resume_command(CLI::App& app, Execute& execute);
void add_launch_command(CLI::App& app, Execute& execute, std::vector<std::string> argv);
void add_chaos_command(CLI::App& app, Execute& execute);
void add_sweep_command(CLI::App& app, Execute& execute, std::vector<std::string> argv);
void add_why_command(CLI::App& app, Execute& execute);
void add_train_command(CLI::App& app, Execute& execute);
void add_metrics_command(CLI::App& app, Execute& execute);
void add_config_command(CLI::App& app, Execute& execute);
void add_data_command(CLI::App& app, Execute& execute);
void add_graph_command(CLI::App& app, Execute& execute);
void add_keys_command(CLI::App& app, Execute& execute);
void add_solve_command(CLI::App& app, Execute& execute);
void add_report_command(CLI::App& app, Execute& execute);

/// Adds --policies to a command that needs policies; `folder` gets its default.
void add_policies_option(CLI::App& command, std::string& folder);

/// Experiment::load; prints its notes on stderr.
Experiment load_experiment(const std::string& file, const std::vector<std::string>& overrides);

/// The experiment file and its overrides, common to all commands.
struct ExperimentArguments {
  std::string file;
  std::vector<std::string> overrides;
  void add_to(CLI::App& command);
  Experiment load() const { return load_experiment(file, overrides); }
};

}  // namespace tacit
