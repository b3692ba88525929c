#include "agent/systems/locomotion/plant/bent_corridor.h"

#include <cmath>
#include <numbers>

namespace tacit {

double BentCorridor::centre(double x) {
  constexpr double kSlope = 1 / std::numbers::sqrt3;  // tan 30 degrees
  if (x < 20) return kSlope * x;
  if (x < 60) return kSlope * (40 - x);
  if (x < 100) return kSlope * (x - 80);
  return kSlope * 20;
}

bool BentCorridor::costs(double x, double y) const {
  const double offset = std::abs(y - centre(x));
  if (cost == CorridorCost::outside) return offset > free_half_width();
  return std::abs(offset - half_width) < kWallDistance;
}

}  // namespace tacit
