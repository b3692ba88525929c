#include "common/results/quantity.h"

#include <algorithm>

namespace tacit {

std::string_view place_name(Where where) {
  switch (where) {
    case Where::constraint:
      return "summary.json: constraints";
    case Where::bound:
      return "summary.json: bounds";
    case Where::metric:
      return "summary.json: metrics";
    case Where::total:
      return "summary.json: messages";
    case Where::agent_row:
      return "agents/*/metrics.csv";
    case Where::coordinator_row:
      return "coordinator/metrics.csv";
    case Where::agent_result:
      return "agents/*/result.json";
    case Where::coordinator_result:
      return "coordinator/result.json";
    case Where::message_row:
      return "messages.csv";
    case Where::fault_row:
      return "faults.csv";
    case Where::sweep_cell:
      return "table.csv of a sweep";
    case Where::sweep_point:
      return "cells.csv of a sweep";
    case Where::training:
      return "record of a policy (tacit train --json)";
  }
  return "";
}

bool is_called(const Quantity& quantity, std::string_view name) {
  const std::size_t open = quantity.name.find('<');
  if (open == std::string_view::npos) return quantity.name == name;
  const std::string_view before = quantity.name.substr(0, open);
  const std::string_view after = quantity.name.substr(quantity.name.find('>') + 1);
  return name.size() > before.size() + after.size() && name.starts_with(before) &&
         name.ends_with(after);
}

const Quantity* find_quantity(std::span<const Quantity> quantities, Where where,
                              std::string_view name) {
  const auto found = std::ranges::find_if(
      quantities, [&](const Quantity& one) { return one.where == where && is_called(one, name); });
  return found == quantities.end() ? nullptr : &*found;
}

}  // namespace tacit
