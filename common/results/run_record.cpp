#include "common/results/run_record.h"

#include <iterator>
#include <system_error>

#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/results/files.h"
#include "common/results/layout.h"
#include "common/results/metrics.h"

namespace tacit {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

std::size_t process_count(std::size_t agent_count, bool has_coordinator) {
  return agent_count + (has_coordinator ? 1 : 0);
}

}  // namespace

void load_processes(const fs::path& run, std::size_t agent_count, bool has_coordinator,
                    RunRecord& record) {
  for (std::size_t index = 0; index < process_count(agent_count, has_coordinator); ++index) {
    const fs::path folder = run / process_folder(process_id(index), agent_count);
    ProcessResult result = read_process_result(folder / "result.json");
    if (result.process != process_id(index)) {
      throw InputError(ExitCode::bad_data, (folder / "result.json").string() +
                                               ": belongs to process " + to_string(result.process) +
                                               ", not to " + std::to_string(index));
    }
    if (hash_of_metrics(folder) != result.metrics_hash) {
      throw InputError(ExitCode::bad_data,
                       (folder / "metrics.csv").string() +
                           ": is not what the process left (its result.json has the metrics_hash " +
                           to_hex(result.metrics_hash) +
                           "): restore the whole folder of the process, or run the experiment "
                           "again");
    }
    record.processes.push_back({std::move(result.result), read_metrics(folder / "metrics.csv")});
    record.results.push_back(std::move(result));
  }
}

std::vector<MessageRow> merge_message_files(const fs::path& run, std::size_t agent_count,
                                            bool has_coordinator, const AgentNames& names) {
  std::vector<MessageRow> rows;
  for (std::size_t index = 0; index < process_count(agent_count, has_coordinator); ++index) {
    const fs::path folder = run / process_folder(process_id(index), agent_count);
    const auto some = read_messages(folder / "messages.csv");
    rows.insert(rows.end(), some.begin(), some.end());
  }
  rows = merge_messages(std::move(rows));
  write_messages(run / "messages.csv", rows, names);
  return rows;
}

void require_run_folder(const fs::path& folder) {
  if (!is_there(folder / "run.json")) {
    throw InputError(ExitCode::unreadable_input,
                     folder.string() +
                         ": is not a run folder (it has no run.json); name a folder that 'tacit "
                         "run' made, such as runs/NAME/latest; if its processes were started by "
                         "hand, 'tacit report " +
                         folder.string() + " --experiment FILE' makes one of it");
  }
}

RunRecord open_run(const fs::path& folder) {
  require_run_folder(folder);
  RunRecord record;
  record.folder = folder;
  record.facts = read_run_facts(folder);
  record.config_text = read_text(folder / "config.toml");
  if (is_there(folder / "summary.json")) record.summary = read_summary(folder);
  return record;
}

void load_processes(RunRecord& record) {
  const fs::path& folder = record.folder;
  load_processes(folder, record.facts.agent_count, is_there(folder / "coordinator"), record);
  if (is_there(folder / "messages.csv")) record.messages = read_messages(folder / "messages.csv");
}

}  // namespace tacit
