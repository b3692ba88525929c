#pragma once

#include "agent/systems/locomotion/plant/plant.h"

namespace tacit {

/// The corridor of the legged tasks: its centre line starts at the origin, climbs by 30 degrees up
/// to x = 20 m, falls to x = 60, climbs to x = 100 and goes straight on. Distances are along y.
/// Source: Gu et al., arXiv:2110.02793; where the published formula has gaps at x = 20 and x = 60,
/// each piece here begins at its first x.
struct BentCorridor {
  double half_width;  ///< from the centre to a wall, m
  CorridorCost cost;
  static constexpr double kWallDistance = 1.8;  ///< nearer to a wall than this costs, m

  /// y of the centre line.
  static double centre(double x);
  double free_half_width() const { return half_width - kWallDistance; }
  bool costs(double x, double y) const;
};

}  // namespace tacit
