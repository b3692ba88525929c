#include "deploy/cli/memory_rows.h"

namespace tacit {

void MemoryRows::append(ProcessId process, Round round, std::span<const Sample> row) {
  MetricTable& table = tables[index_of(process)];
  if (table.columns.empty()) {
    for (const Sample& sample : row) table.columns.emplace_back(sample.name);
  }
  table.rounds.push_back(round);
  auto& values = table.rows.emplace_back();
  values.reserve(row.size());
  for (const Sample& sample : row) values.push_back(sample.value);
}

std::uint64_t MemoryRows::mark(ProcessId process) {
  return tables[index_of(process)].rounds.size();
}

void MemoryRows::go_back(ProcessId process, std::uint64_t mark) {
  tables[index_of(process)].rounds.resize(mark);
  tables[index_of(process)].rows.resize(mark);
}

}  // namespace tacit
