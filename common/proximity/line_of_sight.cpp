#include "common/proximity/line_of_sight.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "common/base/check.h"

namespace tacit {
namespace {

constexpr double kTolerance = 1e-9;  // m

bool is_finite(Point point) { return std::isfinite(point.x) && std::isfinite(point.y); }

}  // namespace

LineOfSightLinks::LineOfSightLinks(const Config& config)
    : walls_(config.walls), range_m_(config.range_m), points_(config.points) {
  if (!(range_m_ >= 0 && std::isfinite(range_m_))) {
    throw std::invalid_argument("LineOfSightLinks: range_m must be finite and not negative");
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
  const std::size_t a = points_.find(from);
  const std::size_t b = points_.find(to);
  const bool both_known = a != KnownPoints::kNowhere && b != KnownPoints::kNowhere;
  if (both_known) return hears_[a * points_.size() + b];
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

}  // namespace tacit
