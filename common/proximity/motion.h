#pragma once

#include <cstdint>
#include <vector>

#include "common/base/geometry.h"

namespace tacit {

/// How agents move.
struct Motion {
  std::vector<Point> points;  ///< all places they can be: multiples of 0.25 m apart, different
  /// [points] by index where one may be a round later, itself included if it may stay.
  std::vector<std::vector<std::uint16_t>> next;
};

}  // namespace tacit
