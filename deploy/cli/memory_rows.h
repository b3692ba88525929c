#pragma once

#include <vector>

#include "common/results/summary.h"
#include "common/simulation/simulated_cluster.h"

namespace tacit {

/// The rows of metrics of several processes in memory.
class MemoryRows final : public RowLog {
 public:
  explicit MemoryRows(std::size_t process_count) : tables(process_count) {}
  void append(ProcessId process, Round round, std::span<const Sample> row) override;
  std::uint64_t mark(ProcessId process) override;
  void go_back(ProcessId process, std::uint64_t mark) override;

  std::vector<MetricTable> tables;  ///< by process
};

}  // namespace tacit
