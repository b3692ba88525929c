#include "agent/systems/patrol/reward_bits.h"

namespace tacit {

std::string GossipShape::refusal() const {
  if (columns < 2) return "T0 = " + std::to_string(columns) + " leaves no step to gossip in";
  if (columns > kColumnsMost) {
    return "T0 = " + std::to_string(columns) + " is more than the 128 steps a message can name";
  }
  if (zones < 1 || zones > RewardBits::kZonesMost) {
    return "M = " + std::to_string(zones) + " is not in 1..8, which a byte of zones can hold";
  }
  if (columns * zones > 1023) {
    return "T0 M = " + std::to_string(columns * zones) +
           " is more than the 1023 a message can count";
  }
  return "";
}

}  // namespace tacit
