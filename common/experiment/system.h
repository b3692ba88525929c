#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/base/machine.h"
#include "common/experiment/training_task.h"
#include "common/graph/graph.h"
#include "common/link/link_model.h"
#include "common/proximity/motion.h"
#include "common/results/figure.h"
#include "common/results/summary.h"

namespace tacit {

/// The facts of a run that every system is given.
struct SystemContext {
  std::size_t agent_count;  ///< N >= 1
  std::uint64_t seed;
  const Graph& graph;      ///< N nodes; outlives the system
  const LinkModel& links;  ///< outlives the system
  LinkTraits link_traits;
};

/// One experiment's system, built from a validated configuration: makes the machines of a run and
/// judges their results. Immutable; all processes of a run build equal ones.
class System {
 public:
  virtual ~System() = default;

  /// R: the processes run rounds 0..R.
  virtual Round round_count() const = 0;

  /// How agents move, if they report positions, on which links may depend.
  virtual std::optional<Motion> motion() const { return std::nullopt; }

  /// Whether agents work correctly in a round in which a frame that is due is missing at one end
  /// only, or is replaced by one of an earlier round.
  virtual bool bears_missed_frames() const { return false; }

  /// Whether agents can compute a round in which they do not hear the coordinator.
  virtual bool bears_unheard_coordinator() const { return true; }

  /// The training that must be complete before a run; none for a system that learns while it runs.
  virtual std::vector<TrainingTask> training_tasks() const { return {}; }

  /// The key of the task whose outcome an agent needs, if it needs one.
  virtual std::optional<std::uint64_t> policy_key(ProcessId) const { return std::nullopt; }

  /// @param agent     0..N-1
  /// @param policies  with policy_key(agent), if it has one
  /// @throws InputError (bad_data) if the policy does not fit this system
  virtual std::unique_ptr<Machine> make_agent(ProcessId agent, const Policies& policies) const = 0;

  /// The machine of process N, or nothing if this experiment has no coordinator.
  virtual std::unique_ptr<Machine> make_coordinator() const = 0;
  virtual bool has_coordinator() const = 0;

  /// Sentences that the user should read before the run starts, such as on a limit that cannot be
  /// met.
  virtual std::vector<std::string> advice() const { return {}; }

  /// @param processes  by ascending process id, the coordinator last if there is one
  virtual Summary summarise(std::span<const ProcessRecord> processes) const = 0;
  virtual std::vector<Plot> plots(std::span<const ProcessRecord> processes) const = 0;
};

}  // namespace tacit
