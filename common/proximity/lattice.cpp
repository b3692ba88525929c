#include "common/proximity/lattice.h"

#include <algorithm>
#include <cmath>

#include "common/base/error.h"

namespace tacit {
namespace {

constexpr double kOnEdge = 1e-9;  // m, of a zone's disc
constexpr std::size_t kPointsMost = 4096;
constexpr Place kNowhere = 0xffff;

bool is_multiple(double length) {
  const double steps = length / Lattice::kSpacing;
  return steps == std::floor(steps);
}

/// The points of the tree and who is next to whom.
struct Tree {
  std::vector<Point> points;
  std::vector<std::vector<Place>> beside;

  Place add(Point point) {
    points.push_back(point);
    beside.emplace_back();
    return static_cast<Place>(points.size() - 1);
  }
  void join(Place a, Place b) {
    beside[a].push_back(b);
    beside[b].push_back(a);
  }
};

double step_towards(double from, double to) {
  return from == to ? 0 : std::copysign(Lattice::kSpacing, to - from);
}

/// Sides parallel to the axes and corners on the grid: then every point is exact in binary.
Tree make_tree(const FloorPlan& plan, const std::string& origin) {
  const auto refuse = [&](const std::string& message) {
    throw InputError(ExitCode::bad_data, origin + ": " + message);
  };
  Tree tree;
  for (const Waypoint& waypoint : plan.waypoints) {
    if (!is_multiple(waypoint.place.x) || !is_multiple(waypoint.place.y)) {
      refuse("waypoints." + waypoint.name + ": lies off the lattice; both coordinates must be " +
             "multiples of 0.25 m");
    }
    tree.add(waypoint.place);
  }
  for (const auto& [a, b] : plan.edges) {
    const Point from = plan.waypoints[a].place;
    const Point to = plan.waypoints[b].place;
    if (from.x != to.x && from.y != to.y) {
      refuse(
          "edges: " + plan.waypoints[a].name + "-" + plan.waypoints[b].name +
          " lies off the lattice; it must be parallel to an axis, so add a waypoint at a corner");
    }
    const auto steps = static_cast<std::size_t>(distance(from, to) / Lattice::kSpacing);
    if (tree.points.size() + steps > kPointsMost) {
      refuse("edges: are longer than " + std::to_string(kPointsMost) +
             " points at 0.25 m from each other; leave some out");
    }
    const Point step{step_towards(from.x, to.x), step_towards(from.y, to.y)};
    auto last = static_cast<Place>(a);
    for (std::size_t k = 1; k < steps; ++k) {
      const auto along = static_cast<double>(k);
      const Place place = tree.add({from.x + along * step.x, from.y + along * step.y});
      tree.join(last, place);
      last = place;
    }
    tree.join(last, static_cast<Place>(b));
  }
  return tree;
}

/// The first tile that holds the point half-open; else, on the outer edge, the first closed.
std::size_t tile_of(const FloorPlan& plan, Point point, const std::string& origin) {
  const auto holds = [&](const Tile& tile) {
    return tile.low.x <= point.x && point.x < tile.high.x && tile.low.y <= point.y &&
           point.y < tile.high.y;
  };
  const auto holds_closed = [&](const Tile& tile) {
    return tile.low.x <= point.x && point.x <= tile.high.x && tile.low.y <= point.y &&
           point.y <= tile.high.y;
  };
  auto found = std::ranges::find_if(plan.tiles, holds);
  if (found == plan.tiles.end()) found = std::ranges::find_if(plan.tiles, holds_closed);
  if (found == plan.tiles.end()) {
    throw InputError(ExitCode::bad_data,
                     origin + ": tiles: none holds the place (" + std::to_string(point.x) + ", " +
                         std::to_string(point.y) + ") of an edge; tiles must cover all edges");
  }
  return static_cast<std::size_t>(found - plan.tiles.begin());
}

/// What leads to one place: from each place the neighbour on the way, and how far it is.
struct Ways {
  std::vector<Place> towards;
  std::vector<std::size_t> steps;
};

Ways ways_to(const Tree& tree, Place centre) {
  Ways ways{std::vector<Place>(tree.points.size(), kNowhere),
            std::vector<std::size_t>(tree.points.size(), 0)};
  ways.towards[centre] = centre;
  std::vector<Place> reached{centre};
  for (std::size_t k = 0; k < reached.size(); ++k) {
    for (const Place place : tree.beside[reached[k]]) {
      if (ways.towards[place] != kNowhere) continue;
      ways.towards[place] = reached[k];
      ways.steps[place] = ways.steps[reached[k]] + 1;
      reached.push_back(place);
    }
  }
  return ways;
}

std::size_t stride_of(double step_m, const std::string& origin) {
  constexpr double kStepMost = 1000;  // m: farther than any tree is long
  if (!(step_m >= Lattice::kSpacing && step_m <= kStepMost && is_multiple(step_m))) {
    throw InputError(ExitCode::config,
                     origin +
                         ": step_m must be a multiple of 0.25 m, from 0.25 to 1000, for "
                         "robots to stay on the lattice");
  }
  return static_cast<std::size_t>(step_m / Lattice::kSpacing);
}

}  // namespace

Lattice::Lattice(const FloorPlan& plan, double step_m, const std::string& origin)
    : tile_count_(plan.tiles.size()) {
  const std::size_t stride = stride_of(step_m, origin);
  Tree tree = make_tree(plan, origin);
  for (const Point point : tree.points) {
    tiles_.push_back(static_cast<std::uint8_t>(tile_of(plan, point, origin)));
    unsigned mask = 0;
    for (std::size_t m = 0; m < plan.zones.size(); ++m) {
      const bool is_inside = distance(point, plan.zones[m]) <= plan.zone_radius + kOnEdge;
      mask |= static_cast<unsigned>(is_inside) << m;
    }
    zones_.push_back(static_cast<ZoneMask>(mask));
  }
  const std::size_t zone_count = plan.zones.size();
  next_.resize(tree.points.size() * zone_count);
  way_m_.resize(next_.size());
  for (std::size_t m = 0; m < zone_count; ++m) {
    const auto centre = std::ranges::find(tree.points, plan.zones[m]);
    centres_.push_back(static_cast<Place>(centre - tree.points.begin()));
    const Ways ways = ways_to(tree, centres_.back());
    for (std::size_t p = 0; p < tree.points.size(); ++p) {
      auto place = static_cast<Place>(p);
      for (std::size_t k = std::min(stride, ways.steps[p]); k > 0; --k) place = ways.towards[place];
      next_[p * zone_count + m] = place;
      way_m_[p * zone_count + m] = kSpacing * static_cast<double>(ways.steps[p]);
    }
  }
  points_ = KnownPoints(std::move(tree.points));
}

std::optional<Place> Lattice::find(Point point) const {
  const Place place = points_.find(point);
  return place == KnownPoints::kNowhere ? std::nullopt : std::optional(place);
}

}  // namespace tacit
