#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/base/machine.h"
#include "common/base/summary.h"
#include "common/graph/graph.h"

namespace tacit {

/// What every system knows of the run it belongs to.
struct SystemContext {
  std::size_t agent_count;  ///< N >= 1
  std::uint64_t seed;
  const Graph& graph;     ///< N nodes; the machines keep what they need of it
  double up_probability;  ///< of the [links] model, 1 if links never fail at random
};

/// One experiment's system, built from a validated configuration: makes the machines of a run and
/// judges what they found. Immutable; every process of a run builds an equal one.
class System {
 public:
  virtual ~System() = default;

  /// R: the processes run rounds 0..R.
  virtual Round round_count() const = 0;

  /// @param agent  0..N-1
  virtual std::unique_ptr<Machine> make_agent(ProcessId agent) const = 0;

  /// The machine of process N, or nothing if this experiment has no coordinator.
  virtual std::unique_ptr<Machine> make_coordinator() const = 0;
  virtual bool has_coordinator() const = 0;

  /// @param processes  by ascending process id, the coordinator last where there is one
  virtual Summary summarise(std::span<const ProcessRecord> processes) const = 0;
  virtual std::vector<Plot> plots(std::span<const ProcessRecord> processes) const = 0;
};

}  // namespace tacit
