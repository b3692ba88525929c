#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/agent_names.h"
#include "common/config/config.h"
#include "common/experiment/catalog.h"
#include "common/experiment/link_faults.h"
#include "common/experiment/planned_failures.h"
#include "common/graph/graph_draft.h"
#include "common/link/link_model.h"
#include "common/round/patience.h"

namespace tacit {

/// [time]: how long the processes of a run wait for each other. Deadlines and checkpoints are
/// operational: they cannot change a result, unless a round may begin without a frame that is late.
struct TimeSettings {
  std::chrono::milliseconds start_deadline;
  std::chrono::milliseconds gone_deadline;
  std::chrono::milliseconds silent_deadline;
  Round checkpoint_rounds;
  Overdue on_overdue;
  std::optional<Pace> pace;  ///< of mode = "realtime"

  /// Whether a round may begin without a frame that is due, or with an older one.
  bool may_miss_frames() const { return pace || on_overdue == Overdue::close; }
};

/// Names and seed of an experiment, whether or not it can be run.
struct ExperimentHead {
  std::string system;
  std::string name;  ///< one component of a path, printable
  std::uint64_t seed;
};

/// @throws InputError as Experiment::load, for these keys alone
ExperimentHead read_head(const std::string& path, const std::vector<std::string>& overrides,
                         Catalog catalog);

/// An experiment file, read and validated as a whole. All processes of a run load equal ones.
class Experiment {
 public:
  /// @param overrides  "table.key=value", as ConfigDocument
  /// @param catalog    the systems that the file may name
  /// @throws InputError: unreadable_input; config for anything that cannot be run as written.
  static Experiment load(const std::string& path, const std::vector<std::string>& overrides,
                         Catalog catalog);

  /// A sentence for each key of the file that the overrides made useless.
  const std::vector<std::string>& notes() const { return notes_; }
  const std::string& name() const { return name_; }
  const std::string& system_name() const { return system_name_; }
  std::uint64_t seed() const { return seed_; }
  std::size_t agent_count() const { return graph_->node_count(); }
  std::size_t process_count() const { return agent_count() + (system_->has_coordinator() ? 1 : 0); }
  const Graph& graph() const { return *graph_; }
  /// Empty if agents have only numbers.
  const AgentNames& agent_names() const { return agent_names_; }
  const LinkModel& links() const { return *links_; }
  const System& system() const { return *system_; }
  const TimeSettings& time() const { return time_; }
  const FaultPlan& faults() const { return faults_; }
  /// All faults that [[faults]] plans, of processes and of links.
  std::vector<FaultRecord> planned_faults() const;
  /// The machine of an agent, or of the coordinator for process agent_count().
  /// @param policies  with the one that the agent needs, if it needs one (System::policy_key)
  std::unique_ptr<Machine> make_machine(ProcessId process, const Policies& policies) const;

  /// @throws InputError (usage) if only real processes can run it
  void check_runs_in_one_process() const;

  /// A sentence for each thing in the graph's file that was left out.
  const std::vector<std::string>& graph_notes() const { return graph_notes_; }
  /// Sentences that the user should read before the run starts, about the graph's file and from the
  /// system.
  std::vector<std::string> advice() const;

  /// All values as TOML, defaults included; loading it gives an equal experiment.
  const std::string& effective_config() const { return effective_config_; }
  std::uint64_t config_hash() const { return config_hash_; }

 private:
  Experiment() = default;
  static Experiment read(const ConfigDocument& document, const std::string& path, Catalog catalog);
  void take_graph(NamedGraph read);
  void foresee_contacts(const ConfigView& links_table);

  std::string name_;
  std::string system_name_;
  std::uint64_t seed_ = 0;
  std::vector<std::string> notes_;
  std::unique_ptr<Graph> graph_;
  AgentNames agent_names_ = std::make_shared<const std::vector<std::string>>();
  std::vector<std::string> graph_notes_;
  std::unique_ptr<LinkModel> links_;
  LinkFaults link_faults_;
  std::unique_ptr<System> system_;
  TimeSettings time_{};
  FaultPlan faults_;
  std::string effective_config_;
  std::uint64_t config_hash_ = 0;
};

}  // namespace tacit
