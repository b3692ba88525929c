#include "common/base/geometry.h"

#include <algorithm>
#include <cmath>

namespace tacit {
namespace {

constexpr double kTolerance = 1e-9;

/// On which side of the line through a and b a point lies: 1 left, -1 right, 0 on it.
int side(Point a, Point b, Point c) {
  const double area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
  return (area > kTolerance) - (area < -kTolerance);
}

bool overlap(double a, double b, double c, double d) {
  return std::min(a, b) <= std::max(c, d) + kTolerance &&
         std::min(c, d) <= std::max(a, b) + kTolerance;
}

bool boxes_overlap(const Segment& a, const Segment& b) {
  return overlap(a.from.x, a.to.x, b.from.x, b.to.x) && overlap(a.from.y, a.to.y, b.from.y, b.to.y);
}

bool box_holds(const Segment& box, Point point) { return boxes_overlap(box, {point, point}); }

}  // namespace

double distance(Point a, Point b) { return std::hypot(a.x - b.x, a.y - b.y); }

bool meet(const Segment& a, const Segment& b) {
  if (!boxes_overlap(a, b)) return false;  // most pairs end here
  const int b_from = side(a.from, a.to, b.from);
  const int b_to = side(a.from, a.to, b.to);
  const int a_from = side(b.from, b.to, a.from);
  const int a_to = side(b.from, b.to, a.to);
  if (b_from * b_to < 0 && a_from * a_to < 0) return true;
  return (b_from == 0 && box_holds(a, b.from)) || (b_to == 0 && box_holds(a, b.to)) ||
         (a_from == 0 && box_holds(b, a.from)) || (a_to == 0 && box_holds(b, a.to));
}

}  // namespace tacit
