#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/geometry.h"

namespace tacit {

/// Zones as bits of one byte: zone m (0, 1, ...) is bit m.
using ZoneMask = unsigned char;
inline constexpr std::size_t kZonesMost = 8;

/// An axis-parallel rectangle of the floor, half-open: [low, high) in both coordinates.
struct Tile {
  std::string name;
  Point low;
  Point high;
};

struct Waypoint {
  std::string name;
  Point place;
};

/// Where robots patrol: what blocks the view, what must be visited, and the tree they move on. All
/// lengths in metres. The waypoint "Zm" is the centre of zone m, m = 1..M.
struct FloorPlan {
  Point domain;  ///< the plan lies in [0, domain.x] x [0, domain.y]
  double zone_radius = 1;
  double step_m = 1;         ///< how far robots move per step, unless the experiment says otherwise
  std::vector<Point> zones;  ///< [M] centres of closed discs, 1 <= M <= kZonesMost
  std::vector<Segment> walls;
  std::vector<Segment> doors;  ///< gaps between walls; only drawn
  std::vector<Tile> tiles;     ///< what a robot's policy sees of its place; they cover the tree
  std::vector<Waypoint> waypoints;                ///< ascending by name
  std::vector<std::array<std::size_t, 2>> edges;  ///< of the tree, indices of waypoints
};

/// Needs the fields domain, zone_radius, zones, walls, tiles, waypoints and edges; doors,
/// tile_names and step_m may be left out, and so may units, tile_rule and los_rule, which can only
/// say what holds anyway. variant is a name, and not read.
/// @param text    JSON as deploy/experiments/floorplan.json has it
/// @param origin  names the file in messages
/// @throws InputError (bad_data) naming origin, field and remedy: not JSON, a missing or unknown
///         field, a name that comes twice, a number that is none, a point outside the domain, more
///         than kZonesMost zones, a zone without its waypoint, tiles that overlap, edges that are
///         no tree over all waypoints, that cross, or that meet a wall
FloorPlan read_floor_plan(std::string_view text, const std::string& origin);

/// The plan of the default experiment: three offices, three labs, an L-shaped corridor, six zones.
const std::string& default_floor_plan();

}  // namespace tacit
