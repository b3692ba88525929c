#pragma once

#include <span>
#include <string_view>

namespace tacit {

/// The place of a number that a run, a sweep or a training leaves.
enum class Where {
  constraint,
  bound,
  metric,
  total,
  agent_row,
  coordinator_row,
  agent_result,
  coordinator_result,
  message_row,
  fault_row,
  sweep_cell,
  sweep_point,
  training
};

/// The file, and the part of the file: "agents/*/metrics.csv".
std::string_view place_name(Where where);

/// A number that is left under one name, described once for all tables and figures that show it.
struct Quantity {
  Where where;
  std::string_view name;     ///< may have one placeholder: "unvisited_zone_<zone>"
  std::string_view unit;     ///< "1": a ratio, a probability or another pure number
  std::string_view meaning;  ///< one line; [N] and the like is the shape of a list
};

/// Whether `name` is the quantity's; any text that is not empty fits the placeholder.
bool is_called(const Quantity& quantity, std::string_view name);

/// @return the first quantity with this name and place, or null
const Quantity* find_quantity(std::span<const Quantity> quantities, Where where,
                              std::string_view name);

}  // namespace tacit
