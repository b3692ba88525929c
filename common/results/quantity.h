#pragma once

#include <span>
#include <string_view>

namespace tacit {

/// Where a run, a sweep or a training leaves a number.
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

/// The file and the part of it: "agents/*/metrics.csv".
std::string_view place_name(Where where);

/// What is left under one name, described once, for everything that shows it.
struct Quantity {
  Where where;
  std::string_view name;     ///< may have one part to fill in: "unvisited_zone_<zone>"
  std::string_view unit;     ///< "1": a ratio, a probability or another pure number
  std::string_view meaning;  ///< one line; [N] and the like is the shape of a list
};

/// Whether `name` is the quantity's, the part to fill in being any text that is not empty.
bool is_called(const Quantity& quantity, std::string_view name);

/// @return the first that is called so, or null
const Quantity* find_quantity(std::span<const Quantity> quantities, Where where,
                              std::string_view name);

}  // namespace tacit
