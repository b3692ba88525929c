#include "deploy/cli/memory_run.h"

#include <algorithm>
#include <memory>

#include "common/round/lockstep.h"

namespace tacit {
namespace {

constexpr Round kStopChecks = 200;

void append_row(MetricTable& table, Round round, std::span<const Sample> row) {
  if (table.columns.empty()) {
    for (const Sample& sample : row) table.columns.emplace_back(sample.name);
  }
  table.rounds.push_back(round);
  auto& values = table.rows.emplace_back();
  values.reserve(row.size());
  for (const Sample& sample : row) values.push_back(sample.value);
}

}  // namespace

std::optional<std::vector<ProcessRecord>> run_in_memory(const Experiment& experiment,
                                                        const Policies& policies,
                                                        const std::atomic<bool>& stop) {
  std::vector<std::unique_ptr<Machine>> machines;
  std::vector<Machine*> pointers;
  for (std::size_t i = 0; i < experiment.process_count(); ++i) {
    machines.push_back(experiment.make_machine(process_id(i), policies));
    pointers.push_back(machines.back().get());
  }
  std::vector<ProcessRecord> records(machines.size());
  Lockstep lockstep(pointers, experiment.links(),
                    [&](ProcessId process, Round round, std::span<const Sample> row) {
                      append_row(records[index_of(process)].metrics, round, row);
                    });
  const Round last = experiment.system().round_count();
  const Round step = std::max<Round>(1, last / kStopChecks);
  for (Round round = 0; round <= last; round += step) {
    if (stop) return std::nullopt;
    lockstep.run(round, std::min(last, round + step - 1), 1);
  }
  for (std::size_t i = 0; i < machines.size(); ++i) records[i].result = machines[i]->result();
  return records;
}

}  // namespace tacit
