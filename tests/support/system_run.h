#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agent/catalog.h"
#include "common/base/digest.h"
#include "common/config/config.h"
#include "common/graph/graph.h"
#include "common/simulation/lockstep.h"
#include "tests/support/test_links.h"

namespace tacit::testing {

/// The outcome of a run in one process.
struct SystemRun {
  std::vector<ProcessRecord> processes;
  Summary summary;
  std::uint64_t digest;

  double metric(const std::string& name) const { return summary.metrics.at(name).front(); }
};

/// A system made from the text of its table, with the objects it was built from.
class SystemSetup {
 public:
  /// Trains the policies that the system needs.
  /// @param name   of the system: "offload"
  /// @param table  the content of its table
  /// @param range_m  distance within which agents hear each other; 0: no limit
  SystemSetup(const std::string& name, const std::string& table, const Graph& graph,
              std::uint64_t seed, double up_probability = 1.0, double range_m = 0)
      : graph_(graph), links_(up_probability, seed, range_m) {
    const auto document = ConfigDocument::parse("[" + name + "]\n" + table, "test", {});
    const auto entry = std::ranges::find(systems(), name, &SystemEntry::name);
    system_ = entry->make(document.root().table(name),
                          {graph_.node_count(), seed, graph_, links_,
                           LinkTraits{up_probability, up_probability < 1 || range_m > 0}});
    document.reject_unknown_keys();
    for (const TrainingTask& task : system_->training_tasks()) {
      policies_[task.key] = std::make_shared<const std::vector<std::byte>>(
          task.train([](double, const std::string&) {}).content);
    }
  }

  const System& system() const { return *system_; }
  /// The coordinator's links never fail, as in an experiment that does not mention them.
  const LinkModel& links() const { return links_with_coordinator_; }
  const Policies& policies() const { return policies_; }

  std::vector<std::unique_ptr<Machine>> make_machines() const {
    std::vector<std::unique_ptr<Machine>> machines;
    for (std::size_t i = 0; i < graph_.node_count(); ++i) {
      machines.push_back(system_->make_agent(process_id(i), policies_));
    }
    if (system_->has_coordinator()) machines.push_back(system_->make_coordinator());
    return machines;
  }

  SystemRun run(std::size_t thread_count = 1) const {
    const auto machines = make_machines();
    SystemRun run{std::vector<ProcessRecord>(machines.size()), {}, 0};
    std::vector<Machine*> pointers;
    for (const auto& machine : machines) pointers.push_back(machine.get());
    const auto sink = [&](ProcessId process, Round round, std::span<const Sample> row) {
      MetricTable& table = run.processes[index_of(process)].metrics;
      if (table.columns.empty()) {
        for (const Sample& sample : row) table.columns.emplace_back(sample.name);
      }
      table.rounds.push_back(round);
      table.rows.emplace_back();
      for (const Sample& sample : row) table.rows.back().push_back(sample.value);
    };
    Lockstep lockstep(pointers, links(), sink);
    lockstep.run(0, system_->round_count(), thread_count);
    std::vector<std::uint64_t> digests;
    for (std::size_t i = 0; i < machines.size(); ++i) {
      run.processes[i].result = machines[i]->result();
      digests.push_back(lockstep.digest(process_id(i)));
    }
    run.digest = run_digest(digests);
    run.summary = system_->summarise(run.processes);
    return run;
  }

 private:
  class GraphLinks final : public LinkModel {
   public:
    explicit GraphLinks(const SystemSetup& setup) : setup_(setup) {}
    bool sends(Edge edge, Round round) const override {
      const std::size_t coordinator = setup_.graph_.node_count();
      if (index_of(edge.from) == coordinator || index_of(edge.to) == coordinator) return true;
      return setup_.links_.sends(edge, round);
    }
    bool needs_poses() const override { return setup_.links_.needs_poses(); }
    bool hears(Edge edge, Round round, Point from, Point to) const override {
      return setup_.links_.hears(edge, round, from, to);
    }

   private:
    const SystemSetup& setup_;
  };

  Graph graph_;
  CoinLinks links_;
  GraphLinks links_with_coordinator_{*this};
  std::unique_ptr<System> system_;
  Policies policies_;
};

}  // namespace tacit::testing
