#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/base/geometry.h"

namespace tacit {

/// Points on a grid of 0.25 m that tables are indexed by: finding the index of one takes a few ns.
/// Built once, then only read.
class KnownPoints {
 public:
  using Index = std::uint16_t;
  static constexpr Index kNowhere = 0xffff;

  /// @param points  multiples of 0.25 m apart, all different, at most 65535; none are fine
  /// @throws std::invalid_argument saying what does not hold
  explicit KnownPoints(std::vector<Point> points);

  std::size_t size() const { return points_.size(); }
  std::span<const Point> all() const { return points_; }
  Point operator[](std::size_t index) const { return points_[index]; }
  /// The index of the known point that is exactly here, or kNowhere.
  Index find(Point point) const;

 private:
  std::vector<Point> points_;
  Point low_;           ///< corner of the box around the points
  double columns_ = 0;  ///< of the grid over the box
  double rows_ = 0;
  std::vector<Index> cells_;  ///< [rows x columns] index of the point there
};

}  // namespace tacit
