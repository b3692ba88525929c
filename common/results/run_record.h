#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/results/records.h"

namespace tacit {

/// A run folder read back as a whole.
struct RunRecord {
  std::filesystem::path folder;
  std::string config_text;  ///< config.toml, the effective configuration
  RunFacts facts;
  std::optional<RunSummary> summary;     ///< nothing if the run did not end
  std::vector<ProcessRecord> processes;  ///< by ascending process id
  std::vector<ProcessResult> results;    ///< of the same processes; `result` is moved to processes
  std::vector<MessageRow> messages;      ///< merged; empty if the run ended before they were merged
};

/// Loads the processes' result.json and metrics.csv, by ascending process id.
/// @throws InputError: unreadable_input if a process left no result; bad_data.
void load_processes(const std::filesystem::path& run, std::size_t agent_count, bool has_coordinator,
                    RunRecord& record);

/// Sums the processes' messages.csv into the one of the run.
/// @param names  of the agents, if they have any
/// @return its rows
/// @throws InputError: unreadable_input, bad_data, run_folder.
std::vector<MessageRow> merge_message_files(const std::filesystem::path& run,
                                            std::size_t agent_count, bool has_coordinator,
                                            const AgentNames& names = nullptr);

/// @throws InputError (unreadable_input) if the folder is not one that a command made for a run
void require_run_folder(const std::filesystem::path& folder);

/// Loads the facts, configuration and summary of a run.
/// @throws InputError: unreadable_input if this is not a run folder; bad_data with file and line.
RunRecord open_run(const std::filesystem::path& folder);

/// Loads the results of its processes. The folder tells whether there is a coordinator.
/// @throws InputError: unreadable_input if a process left no result, naming it; bad_data with file
///         and line.
void load_processes(RunRecord& record);

}  // namespace tacit
