#include "agent/learning/tabular/q_table.h"

#include <string>
#include <utility>

#include "common/base/check.h"
#include "common/base/error.h"

namespace tacit {

QTable::QTable(std::span<const std::uint8_t> legal) : rows_(legal.size()) {
  for (std::size_t s = 0; s < rows_.size(); ++s) {
    for (std::size_t a = 0; a < kTabularActionCount; ++a) {
      const bool is_legal = (legal[s] >> a) & 1u;
      rows_[s].value[a] = is_legal ? 0.0 : std::numeric_limits<double>::infinity();
    }
    refresh(rows_[s]);
  }
}

std::vector<std::uint8_t> QTable::greedy_policy() const {
  std::vector<std::uint8_t> policy;
  policy.reserve(rows_.size());
  for (const Row& row : rows_) policy.push_back(row.greedy);
  return policy;
}

std::vector<double> QTable::replace_values(std::size_t action, std::span<const double> values) {
  TACIT_CHECK(values.size() == rows_.size(), "one value per state");
  std::vector<double> before(rows_.size());
  for (std::size_t s = 0; s < rows_.size(); ++s) {
    before[s] = rows_[s].value[action];
    rows_[s].value[action] = values[s];
    refresh(rows_[s]);
  }
  return before;
}

void QTable::save(CheckpointWriter& writer) const { writer.values(rows_); }

void QTable::restore(CheckpointReader& reader) {
  std::vector<Row> rows;
  reader.values(rows);
  if (rows.size() != rows_.size()) {
    throw InputError(ExitCode::run_folder, "checkpoint holds action values of " +
                                               std::to_string(rows.size()) + " states, not " +
                                               std::to_string(rows_.size()));
  }
  rows_ = std::move(rows);
  for (Row& row : rows_) refresh(row);  // Recomputed: no byte of a file becomes an index.
}

}  // namespace tacit
