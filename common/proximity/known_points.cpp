#include "common/proximity/known_points.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace tacit {
namespace {

constexpr double kCell = 0.25;  // m
constexpr double kCellsMost = 0x1p24;

}  // namespace

KnownPoints::KnownPoints(std::vector<Point> points) : points_(std::move(points)) {
  if (points_.empty()) return;
  const auto [left, right] = std::ranges::minmax(points_, {}, &Point::x);
  const auto [bottom, top] = std::ranges::minmax(points_, {}, &Point::y);
  low_ = {left.x, bottom.y};
  columns_ = (right.x - left.x) / kCell + 1;
  rows_ = (top.y - bottom.y) / kCell + 1;
  if (!(columns_ * rows_ <= kCellsMost) || points_.size() > kNowhere) {
    throw std::invalid_argument("KnownPoints: points are too many or too far apart");
  }
  cells_.assign(static_cast<std::size_t>(columns_ * rows_), kNowhere);
  for (std::size_t k = 0; k < points_.size(); ++k) {
    const double column = (points_[k].x - low_.x) / kCell;
    const double row = (points_[k].y - low_.y) / kCell;
    if (column != std::floor(column) || row != std::floor(row)) {
      throw std::invalid_argument("KnownPoints: points must be multiples of 0.25 m apart");
    }
    cells_[static_cast<std::size_t>(row * columns_ + column)] = static_cast<Index>(k);
  }
}

KnownPoints::Index KnownPoints::find(Point point) const {
  const double column = (point.x - low_.x) / kCell;
  const double row = (point.y - low_.y) / kCell;
  if (!(column >= 0 && column < columns_ && row >= 0 && row < rows_)) return kNowhere;
  const auto width = static_cast<std::size_t>(columns_);
  const Index k = cells_[static_cast<std::size_t>(row) * width + static_cast<std::size_t>(column)];
  return k != kNowhere && points_[k] == point ? k : kNowhere;
}

}  // namespace tacit
