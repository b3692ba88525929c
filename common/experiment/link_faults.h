#pragma once

#include <vector>

#include "common/config/config.h"
#include "common/graph/graph.h"
#include "common/link/link_delays.h"
#include "common/link/schedule.h"
#include "common/results/fault_record.h"

namespace tacit {

/// What is planned to happen to links. Results depend on it.
struct LinkFaults {
  std::vector<Outage> outages;
  std::vector<Partition> partitions;
  LinkDelays delays;
};

/// Reads [[faults]] of an experiment, in rounds from <= k < to:
///   kind = "outage", process or link
///   kind = "partition", groups
///   kind = "delay", rounds; of a process, a link, or all links; from and to, or all rounds
/// The coordinator is process N. Other kinds are left to read_fault_plan.
/// @throws InputError (config), also for a link that the graph does not have
LinkFaults read_link_faults(const ConfigView& root, const Graph& graph);

/// What is planned, and applied as far as the run goes: links fail by the round, whatever happens.
std::vector<FaultRecord> records_of(const LinkFaults& faults, Round round_count);

}  // namespace tacit
