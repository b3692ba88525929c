#include "common/results/summary.h"

#include <algorithm>
#include <cmath>

namespace tacit {

double Bound::tolerance() const {
  return kBoundTolerance * std::max({1.0, std::abs(measured), std::abs(bound)});
}

bool Summary::all_hold() const {
  return std::ranges::all_of(constraints, &Constraint::met) &&
         std::ranges::all_of(bounds, &Bound::held);
}

std::vector<double> MetricTable::column(std::string_view name) const {
  const auto found = std::ranges::find(columns, name);
  if (found == columns.end()) return {};
  const auto index = static_cast<std::size_t>(found - columns.begin());
  std::vector<double> values;
  values.reserve(rows.size());
  for (const auto& row : rows) values.push_back(row[index]);
  return values;
}

}  // namespace tacit
