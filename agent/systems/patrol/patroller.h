#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "agent/systems/patrol/patrol_policy.h"
#include "common/base/machine.h"
#include "common/proximity/lattice.h"

namespace tacit::patrol {

/// A robot on the floor: its place, and the choice of its moves. Knows nothing of other robots.
class Patroller {
 public:
  struct Setup {
    ProcessId self;
    std::uint64_t seed;
    std::shared_ptr<const Lattice> lattice;
    std::size_t rollout_steps;  ///< T0
  };

  /// Starts at a zone's centre, drawn from the seed.
  explicit Patroller(const Setup& setup);

  Place place() const { return place_; }
  ZoneMask zones() const { return setup_.lattice->zones(place_); }

  /// From now on draws the zone to head for from a policy, given the weights of the zones, [M].
  void follow(const PatrolPolicy& policy, std::span<const double> weights, std::size_t rollout);
  /// From now on heads for one zone.
  void head_for(std::size_t zone) { assigned_ = zone; }

  /// Step `column` of the rollout: reports the place, chooses, records and moves.
  /// @pre follow() or head_for() has been called for this rollout
  void step(std::size_t column, RoundOutput& output);

  /// Saves the place only: follow() or head_for() must be called again after a restore.
  void save(CheckpointWriter& writer) const { writer.value(place_); }
  void restore(CheckpointReader& reader) { reader.value(place_); }

 private:
  Setup setup_;
  Place place_;
  std::optional<ActionTable> actions_;
  std::vector<double> draws_;  ///< [T0] uniform, of this rollout
  std::optional<std::size_t> assigned_;
};

}  // namespace tacit::patrol
