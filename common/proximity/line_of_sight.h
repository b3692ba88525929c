#pragma once

#include <vector>

#include "common/link/link_model.h"
#include "common/proximity/known_points.h"

namespace tacit {

/// Links between those who see each other or are close: a frame is heard iff no wall meets the
/// closed straight line between the two poses (to touch is to block; who stands on the same point
/// sees itself) or their distance is at most range_m, with 1e-9 m to spare.
///
/// All pairs of the known points are decided once, so that asking takes a few ns; other poses are
/// decided by geometry.
class LineOfSightLinks final : public LinkModel {
 public:
  struct Config {
    std::vector<Segment> walls;
    double range_m = 0;         ///< finite, >= 0
    std::vector<Point> points;  ///< known; see KnownPoints
  };

  /// @throws std::invalid_argument naming the field, if a bound on the config does not hold.
  explicit LineOfSightLinks(const Config& config);

  bool sends(Edge, Round) const override { return true; }
  bool needs_poses() const override { return true; }
  /// Symmetric. @pre all coordinates are finite
  bool hears(Edge edge, Round round, Point from, Point to) const override;

 private:
  bool decide(Point a, Point b) const;

  std::vector<Segment> walls_;
  double range_m_;
  KnownPoints points_;
  std::vector<bool> hears_;  ///< [points x points]
};

}  // namespace tacit
