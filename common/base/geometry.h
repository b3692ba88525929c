#pragma once

namespace tacit {

/// A place in the plane, in metres.
struct Point {
  double x = 0;
  double y = 0;
  bool operator==(const Point&) const = default;
};

/// A straight line between two points, ends included.
struct Segment {
  Point from;
  Point to;
};

double distance(Point a, Point b);

/// Whether two closed segments have a point in common; segments that touch meet. Orientations
/// within 1e-9 of zero count as zero, so coordinates that are multiples of a power of two are
/// exact.
bool meet(const Segment& a, const Segment& b);

}  // namespace tacit
