#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "agent/systems/patrol/patrol_policy.h"

namespace tacit::patrol {

/// The result of training a team.
struct TeamPolicies {
  PatrolPolicy single;               ///< of a robot trained alone
  std::vector<PatrolPolicy> robots;  ///< of the robots of a team, by process id

  std::vector<std::byte> bytes() const;

  /// Reads the result of bytes().
  /// @param shape, robot_count  expected by the reader
  /// @throws InputError (bad_data) if the bytes are not policies of finite numbers, or of another
  /// shape or number of robots
  static TeamPolicies from_bytes(std::span<const std::byte> content, const PolicyShape& shape,
                                 std::size_t robot_count);
};

}  // namespace tacit::patrol
