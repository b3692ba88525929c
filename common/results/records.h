#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/base/agent_names.h"
#include "common/results/messages.h"
#include "common/results/summary.h"

namespace tacit {

/// result.json, which one process leaves in its folder.
struct ProcessResult {
  ProcessId process{};
  std::uint64_t config_hash = 0;  ///< of the experiment it ran
  std::uint64_t digest = 0;       ///< of the machine after the last round
  Round rounds = 0;
  bool reproducible = true;
  Result result;                   ///< NaN and infinities survive
  std::uint64_t metrics_hash = 0;  ///< of the metrics.csv beside it
};

/// The hash of a process folder's metrics.csv, or of an empty text if there is none.
/// @throws InputError (unreadable_input)
std::uint64_t hash_of_metrics(const std::filesystem::path& process_folder);

/// Writes the result with the hash of the metrics.csv beside it, which must be complete, and a
/// checksum.
/// @throws InputError (run_folder)
void write_process_result(const std::filesystem::path& file, const ProcessResult& result);

/// @throws InputError: unreadable_input; bad_data naming the file and the key, or if the checksum
/// is not that of the content.
ProcessResult read_process_result(const std::filesystem::path& file);

/// run.json: how a run came about and how it ended. Written once at the start, without an exit
/// code, and once at the end: a folder whose exit_code is null was cut off or still runs.
struct RunFacts {
  std::string name;
  std::string system;
  std::vector<std::string> argv;
  std::map<std::string, std::string> versions;  ///< of the software that the result may depend on
  std::uint64_t seed = 0;
  std::size_t agent_count = 0;
  AgentNames agent_names = std::make_shared<const std::vector<std::string>>();
  std::string config_hash;                     ///< 16 hexadecimal digits
  std::map<std::string, std::string> derived;  ///< values that follow from seed and configuration
  std::vector<std::string> hosts;
  std::string started_utc;                     ///< empty if the start was not observed
  std::optional<double> wall_seconds;          ///< nothing if not measured
  std::map<std::string, std::string> digests;  ///< by process, 16 hexadecimal digits; at the end
  std::optional<int> exit_code;
};

/// @throws InputError (run_folder)
void write_run_facts(const std::filesystem::path& run, const RunFacts& facts);

/// @throws InputError: unreadable_input; bad_data naming the file and the key.
RunFacts read_run_facts(const std::filesystem::path& run);

/// summary.json: the outcome of a finished run.
struct RunSummary {
  std::string system;
  std::uint64_t seed = 0;
  std::size_t agent_count = 0;
  Round rounds = 0;
  std::uint64_t digest = 0;
  std::optional<double> wall_seconds;  ///< nothing if not measured
  Summary summary;
  MessageCount messages;
  bool reproducible = true;
};

/// The text of summary.json, as `--json` prints it: keys in a fixed order, a metric of one element
/// as a scalar, NaN and infinities as null.
std::string summary_json(const RunSummary& summary);

/// @throws InputError (run_folder)
void write_summary(const std::filesystem::path& run, const RunSummary& summary);

/// null reads as NaN.
/// @throws InputError: unreadable_input; bad_data naming the file and the key.
RunSummary read_summary(const std::filesystem::path& run);

}  // namespace tacit
