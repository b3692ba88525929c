#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/link/link_model.h"

namespace tacit {

/// Rounds [from, to): the frames given in them do not arrive.
struct RoundInterval {
  Round from = 0;
  Round to = 0;
};

/// One link, or all links of one process, down in both directions.
struct Outage {
  ProcessId process;
  std::optional<ProcessId> peer;  ///< nothing: every link of `process`
  RoundInterval rounds;
};

/// Groups of processes that hear only their own group.
struct Partition {
  std::vector<std::vector<ProcessId>> groups;  ///< disjoint; who is in none forms one group more
  RoundInterval rounds;
};

/// Planned failures: outages and partitions at stated rounds, alike in both directions.
/// Each call looks at every outage and partition of its round: meant for at most hundreds.
class ScheduledLinks final : public LinkModel {
 public:
  /// @throws std::invalid_argument naming the entry: an empty or negative interval, an outage of a
  /// process' link to itself, a process in two groups
  ScheduledLinks(std::vector<Outage> outages, const std::vector<Partition>& partitions);
  bool sends(Edge edge, Round round) const override;

 private:
  struct Split {
    std::vector<std::uint32_t> group_of;  ///< by process index, 0 beyond its end: in no group
    RoundInterval rounds;
    std::uint32_t group(ProcessId process) const;
  };
  std::vector<Outage> outages_;
  std::vector<Split> splits_;
  RoundInterval any_;  ///< covers all of them
};

}  // namespace tacit
