#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "agent/systems/patrol/patrol_policy.h"

namespace tacit::patrol {

/// What training of a team leaves behind.
struct TeamPolicies {
  PatrolPolicy single;               ///< of one robot that is alone
  std::vector<PatrolPolicy> robots;  ///< of the robots of a team, by process id

  std::vector<std::byte> bytes() const;

  /// Reads what bytes() gave.
  /// @param shape, robot_count  what the reader needs
  /// @throws InputError (bad_data) if they are no policies of finite numbers, or of another shape
  ///         or for another number of robots
  static TeamPolicies from_bytes(std::span<const std::byte> content, const PolicyShape& shape,
                                 std::size_t robot_count);
};

}  // namespace tacit::patrol
