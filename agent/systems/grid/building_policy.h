#pragma once

#include <optional>
#include <span>

#include "agent/learning/environment.h"
#include "agent/learning/ppo/policy_network.h"
#include "agent/systems/grid/building.h"

namespace tacit::grid {

/// The rule that decides how much a building buys.
enum class PolicyRule {
  ppo,            ///< a trained network that sees the dual variables
  threshold,      ///< buys if -nu - lambda - ps p > 0 off-peak, discharges if nu < 0
  serve_at_once,  ///< battery first, the rest from the grid, no demand postponed
  off_peak,       ///< buys as much as possible off-peak, always discharges
};

/// The action space of a trained policy: a fraction for the grid (5 choices) and one for the
/// battery (3).
ActionSpace building_action_space();

/// @param choices  [2] one index per head of building_action_space()
Action action_of(std::span<const double> choices);

/// How a building acts in every hour.
class BuildingPolicy {
 public:
  struct Config {
    PolicyRule rule = PolicyRule::ppo;
    double peak_price = 0.3;  ///< hours at or above it are on-peak, $/kWh
    bool sampled = true;      ///< ppo: draw actions; else take the most likely ones
  };

  /// @param network  trained for the building's type; nothing unless the rule is ppo
  BuildingPolicy(const Config& config, std::optional<PolicyNetwork> network);

  /// @param stream  that of this agent and hour
  Action act(const Building& building, double lambda, double nu, RandomStream stream);

 private:
  Config config_;
  std::optional<PolicyNetwork> network_;
};

}  // namespace tacit::grid
