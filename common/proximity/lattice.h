#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/proximity/floor_plan.h"
#include "common/proximity/known_points.h"

namespace tacit {

/// A point of the lattice, by index.
using Place = std::uint16_t;

/// The points at 0.25 m from each other along the tree of a floor plan. A robot that starts on one
/// and moves by a multiple of 0.25 m per step stays on them, so all it can do is a table: this is
/// an exact description of its motion, not an approximation. Built once, then only read.
///
/// Order of the places: the waypoints as the plan lists them, then the points between the ends of
/// each edge in the order of the edges, from the first waypoint of an edge to the second.
class Lattice {
 public:
  static constexpr double kSpacing = 0.25;  ///< m

  /// @param step_m  how far a robot moves per step
  /// @param origin  names the plan in messages
  /// @throws InputError (bad_data) if a waypoint has a coordinate that is no multiple of the
  ///         spacing, an edge is not parallel to an axis (then its points would not be exact), a
  ///         point lies in no tile, or there are more than 4096 points; (config) if step_m is no
  ///         multiple of the spacing
  Lattice(const FloorPlan& plan, double step_m, const std::string& origin);

  std::size_t size() const { return points_.size(); }  ///< P
  std::size_t zone_count() const { return centres_.size(); }
  std::size_t tile_count() const { return tile_count_; }

  std::span<const Point> points() const { return points_.all(); }  ///< [P]
  Point point(Place place) const { return points_[place]; }
  /// The first tile [x0, x1) x [y0, y1) that holds the place; on the outer edge the first that
  /// holds it closed.
  std::size_t tile(Place place) const { return tiles_[place]; }
  /// The zones whose closed disc holds the place, with 1e-9 m to spare.
  ZoneMask zones(Place place) const { return zones_[place]; }
  Place centre(std::size_t zone) const { return centres_[zone]; }

  /// Where a robot is one step after heading for the centre of a zone: it goes along the tree,
  /// around corners if need be, and stops at the centre.
  Place next(Place place, std::size_t zone) const { return next_[place * zone_count() + zone]; }
  /// How far the way to the centre of a zone is along the tree, m.
  double way_m(Place place, std::size_t zone) const { return way_m_[place * zone_count() + zone]; }

  /// The lattice point with exactly these coordinates, if there is one.
  std::optional<Place> find(Point point) const;

 private:
  KnownPoints points_{{}};
  std::size_t tile_count_ = 0;
  std::vector<std::uint8_t> tiles_;  ///< [P]
  std::vector<ZoneMask> zones_;      ///< [P]
  std::vector<Place> centres_;       ///< [M]
  std::vector<Place> next_;          ///< [P x M]
  std::vector<double> way_m_;        ///< [P x M]
};

}  // namespace tacit
