#pragma once

#include <vector>

#include "common/config/config.h"
#include "common/graph/graph.h"
#include "common/link/link_delays.h"
#include "common/link/schedule.h"
#include "common/results/fault_record.h"

namespace tacit {

/// The planned faults of links. Results depend on them.
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

/// The plan, applied up to the last round of the run: planned link faults always happen in their
/// round.
std::vector<FaultRecord> records_of(const LinkFaults& faults, Round round_count);

}  // namespace tacit
