#include "common/link/line_of_sight.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "common/base/check.h"

namespace tacit {
namespace {

constexpr double kTolerance = 1e-9;  // m
constexpr double kCell = 0.25;       // m
constexpr double kCellsMost = 0x1p24;
constexpr std::uint16_t kNobody = 0xffff;

bool is_finite(Point point) { return std::isfinite(point.x) && std::isfinite(point.y); }

}  // namespace

LineOfSightLinks::LineOfSightLinks(const Config& config)
    : walls_(config.walls), range_m_(config.range_m), points_(config.points) {
  if (!(range_m_ >= 0 && std::isfinite(range_m_))) {
    throw std::invalid_argument("LineOfSightLinks: range_m must be finite and not negative");
  }
  if (points_.empty()) return;
  const auto [left, right] = std::ranges::minmax(points_, {}, &Point::x);
  const auto [bottom, top] = std::ranges::minmax(points_, {}, &Point::y);
  low_ = {left.x, bottom.y};
  columns_ = (right.x - left.x) / kCell + 1;
  rows_ = (top.y - bottom.y) / kCell + 1;
  if (!(columns_ * rows_ <= kCellsMost) || points_.size() > kNobody) {
    throw std::invalid_argument("LineOfSightLinks: points are too many or too far apart");
  }
  cells_.assign(static_cast<std::size_t>(columns_ * rows_), kNobody);
  for (std::size_t k = 0; k < points_.size(); ++k) {
    const double column = (points_[k].x - low_.x) / kCell;
    const double row = (points_[k].y - low_.y) / kCell;
    if (column != std::floor(column) || row != std::floor(row)) {
      throw std::invalid_argument("LineOfSightLinks: points must be multiples of 0.25 m apart");
    }
    cells_[static_cast<std::size_t>(row * columns_ + column)] = static_cast<std::uint16_t>(k);
  }
  hears_.resize(points_.size() * points_.size());
  for (std::size_t a = 0; a < points_.size(); ++a) {
    for (std::size_t b = 0; b <= a; ++b) {
      const bool is_heard = decide(points_[a], points_[b]);
      hears_[a * points_.size() + b] = is_heard;
      hears_[b * points_.size() + a] = is_heard;
    }
  }
}

bool LineOfSightLinks::hears(Edge, Round, Point from, Point to) const {
  const std::size_t a = known(from);
  const std::size_t b = known(to);
  if (a != kNobody && b != kNobody) return hears_[a * points_.size() + b];
  TACIT_CHECK(is_finite(from) && is_finite(to), "the codec refuses poses that are nowhere");
  return decide(from, to);
}

/// Rounding depends on the order of the ends, so they are put in one: both ends of a link must
/// answer alike.
bool LineOfSightLinks::decide(Point a, Point b) const {
  if (distance(a, b) <= range_m_ + kTolerance) return true;
  if (std::pair(b.x, b.y) < std::pair(a.x, a.y)) std::swap(a, b);
  return std::ranges::none_of(walls_, [&](const Segment& wall) { return meet({a, b}, wall); });
}

/// The index of the known point that is exactly here, or kNobody.
std::size_t LineOfSightLinks::known(Point point) const {
  const double column = (point.x - low_.x) / kCell;
  const double row = (point.y - low_.y) / kCell;
  if (!(column >= 0 && column < columns_ && row >= 0 && row < rows_)) return kNobody;
  const auto width = static_cast<std::size_t>(columns_);
  const std::size_t k =
      cells_[static_cast<std::size_t>(row) * width + static_cast<std::size_t>(column)];
  return k != kNobody && points_[k] == point ? k : kNobody;
}

}  // namespace tacit
