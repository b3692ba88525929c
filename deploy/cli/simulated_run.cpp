#include "deploy/cli/simulated_run.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "common/base/fingerprint.h"
#include "common/results/faults.h"
#include "common/results/layout.h"
#include "common/results/metrics.h"
#include "common/results/records.h"

namespace tacit {
namespace {

/// Each process's metrics.csv.
class FileRows final : public RowLog {
 public:
  FileRows(const Experiment& experiment, const std::filesystem::path& folder) {
    for (std::size_t i = 0; i < experiment.process_count(); ++i) {
      const auto place = folder / process_folder(process_id(i), experiment.agent_count());
      paths_.push_back(place / "metrics.csv");
      writers_.emplace_back(paths_.back());
    }
  }
  void append(ProcessId process, Round round, std::span<const Sample> row) override {
    writers_[index_of(process)].append(round, row);
  }
  std::uint64_t mark(ProcessId process) override {
    return writers_[index_of(process)].flush().size;
  }
  void go_back(ProcessId process, std::uint64_t mark) override {
    MetricsWriter& writer = writers_[index_of(process)];
    writer = MetricsWriter(paths_[index_of(process)]);  // rows not flushed are lost
    writer.go_on_after(mark);
  }

 private:
  std::vector<std::filesystem::path> paths_;
  std::vector<MetricsWriter> writers_;
};

void write_faults_of(ProcessId process, const std::vector<FaultRecord>& applied,
                     const std::filesystem::path& file) {
  std::vector<FaultRecord> own;
  std::ranges::copy_if(applied, std::back_inserter(own), [&](const FaultRecord& fault) {
    return fault.target == to_string(process);
  });
  if (!own.empty()) write_faults(file, own);
}

}  // namespace

SimulatedRun simulated_run(const Experiment& experiment, const Policies& policies,
                           std::uint64_t seed, RowLog& rows) {
  NodeConfig node;
  node.greeting.config_hash = experiment.config_hash();
  node.greeting.numeric_fingerprint = numeric_fingerprint();
  node.round_count = experiment.system().round_count();
  node.agent_count = experiment.agent_count();
  node.agent_names = experiment.agent_names();
  node.checkpoint_rounds = experiment.time().checkpoint_rounds;
  return {.process_count = experiment.process_count(),
          .make_machine = [&experiment, &policies](
                              ProcessId id) { return experiment.make_machine(id, policies); },
          .links = experiment.links(),
          .node = node,
          .faults = experiment.faults(),
          .seed = seed,
          .delays = {},
          .break_probability = 0,
          .rows = rows};
}

void simulate_in_folder(const Experiment& experiment, const Policies& policies,
                        const std::filesystem::path& folder, const std::atomic<bool>& stop) {
  FileRows rows(experiment, folder);
  SimulatedCluster cluster(simulated_run(experiment, policies, experiment.seed(), rows));
  const std::string hangs = cluster.run(stop);
  if (!hangs.empty()) throw std::runtime_error(hangs);
  for (std::size_t i = 0; i < experiment.process_count(); ++i) {
    const ProcessId process = process_id(i);
    const auto place = folder / process_folder(process, experiment.agent_count());
    rows.mark(process);
    write_faults_of(process, cluster.applied(), place / "faults.csv");
    if (stop) continue;
    const Machine& machine = cluster.machine(process);
    write_process_result(place / "result.json",
                         {process, experiment.config_hash(), cluster.node(process).digest(),
                          experiment.system().round_count(), true, machine.result()});
    std::vector<MessageRow> messages;
    for (const auto& [to, traffic] : cluster.node(process).traffic()) {
      messages.push_back({process, to, MessageKind::data, traffic.data});
      messages.push_back({process, to, MessageKind::control, traffic.control});
    }
    write_messages(place / "messages.csv", messages);
  }
}

}  // namespace tacit
