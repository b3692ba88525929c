#include "deploy/cli/finish_run.h"

#include <iostream>

#include "agent/catalog.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/results/faults.h"
#include "common/results/files.h"
#include "common/results/layout.h"
#include "common/results/result_table.h"
#include "common/results/run_record.h"
#include "deploy/report/report.h"

namespace tacit {
namespace {

/// Merges all planned and executed faults into one table: faults.csv of the run.
void merge_fault_files(const Experiment& experiment, const std::filesystem::path& folder) {
  std::vector<FaultRecord> applied;
  for (std::size_t i = 0; i < experiment.process_count(); ++i) {
    const auto own = folder / process_folder(process_id(i), experiment.agent_count());
    for (const FaultRecord& fault : read_faults(own / "faults.csv")) applied.push_back(fault);
  }
  const auto faults = merge_faults(experiment.planned_faults(), applied);
  if (!faults.empty()) write_faults(folder / "faults.csv", faults, experiment.agent_names());
}

void try_report(const RunRecord& record, const Experiment& experiment) {
  try {
    const auto page = write_report(record, experiment.system().plots(record.processes),
                                   quantities_of(systems(), experiment.system_name()));
    std::cerr << "report: " << page.string() << '\n';
  } catch (const InputError& error) {
    std::cerr << "tacit: no report: " << error.what() << '\n';
  }
}

}  // namespace

int finish_run(const Experiment& experiment, RunFacts facts, const std::filesystem::path& folder,
               const Presentation& presentation) {
  const bool coordinator = experiment.system().has_coordinator();
  RunRecord record;
  record.folder = folder;
  record.config_text = experiment.effective_config();
  record.messages =
      merge_message_files(folder, experiment.agent_count(), coordinator, experiment.agent_names());
  load_processes(folder, experiment.agent_count(), coordinator, record);
  merge_fault_files(experiment, folder);

  RunSummary summary;
  summary.system = experiment.system_name();
  summary.seed = experiment.seed();
  summary.agent_count = experiment.agent_count();
  summary.rounds = experiment.system().round_count();
  summary.wall_seconds = facts.wall_seconds;
  summary.summary = experiment.system().summarise(record.processes);
  summary.messages = total_of(record.messages);
  std::vector<std::uint64_t> digests;
  for (const ProcessResult& result : record.results) {
    if (result.config_hash != experiment.config_hash()) {
      throw InputError(
          ExitCode::mismatch,
          process_name(result.process, experiment.agent_count(), experiment.agent_names()) +
              " ran another experiment (config hash " + to_hex(result.config_hash) + ", here " +
              to_hex(experiment.config_hash()) + "): give the same file and the same -s overrides");
    }
    digests.push_back(result.digest);
    facts.digests[to_string(result.process)] = to_hex(result.digest);
    summary.reproducible = summary.reproducible && result.reproducible;
  }
  summary.digest = run_digest(digests);
  write_summary(folder, summary);

  const auto code = summary.summary.all_hold() ? ExitCode::done : ExitCode::constraint_failed;
  facts.derived["summary_hash"] = to_hex(hash_text(summary_json(summary)));
  facts.exit_code = static_cast<int>(code);
  make_all_durable(folder);  // before the record says that the run is complete
  write_run_facts(folder, facts);
  record.facts = facts;
  record.summary = summary;
  std::cout << (presentation.json ? summary_json(summary) : result_table(summary)) << std::flush;
  if (presentation.report) try_report(record, experiment);
  return static_cast<int>(code);
}

}  // namespace tacit
