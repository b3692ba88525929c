#include "common/proximity/floor_plan_check.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "common/base/error.h"
#include "common/base/listed.h"

namespace tacit {
namespace {

class Check {
 public:
  Check(const FloorPlan& plan, const std::string& origin) : plan_(plan), origin_(origin) {}

  void all() const {
    zones();
    tiles();
    places();
    tree();
    crossings();
    walls();
  }

 private:
  [[noreturn]] void refuse(const std::string& field, const std::string& message) const {
    throw InputError(ExitCode::bad_data, origin_ + ": " + field + ": " + message);
  }
  const std::string& name(std::size_t waypoint) const { return plan_.waypoints[waypoint].name; }
  std::string edge(std::size_t k) const {
    return name(plan_.edges[k][0]) + "-" + name(plan_.edges[k][1]);
  }
  static std::string entry(const char* list, std::size_t k) {
    return std::string(list) + "[" + std::to_string(k) + "]";
  }
  Segment line(std::size_t k) const {
    return {plan_.waypoints[plan_.edges[k][0]].place, plan_.waypoints[plan_.edges[k][1]].place};
  }

  void zones() const {
    for (std::size_t m = 0; m < plan_.zones.size(); ++m) {
      const std::string centre = "Z" + std::to_string(m + 1);
      const auto found = std::ranges::find(plan_.waypoints, centre, &Waypoint::name);
      if (found == plan_.waypoints.end()) {
        refuse(entry("zones", m), "add the waypoint " + centre + " at its centre");
      }
      if (found->place != plan_.zones[m]) {
        refuse(entry("zones", m), "the waypoint " + centre + " must be at its centre");
      }
    }
  }

  void tiles() const {
    for (std::size_t a = 0; a < plan_.tiles.size(); ++a) {
      const Tile& tile = plan_.tiles[a];
      if (tile.low.x >= tile.high.x || tile.low.y >= tile.high.y) {
        refuse(entry("tiles", a), "expected [x0, y0, x1, y1] with x0 < x1 and y0 < y1");
      }
      for (std::size_t b = 0; b < a; ++b) {
        const Tile& other = plan_.tiles[b];
        const bool overlap =
            std::max(tile.low.x, other.low.x) < std::min(tile.high.x, other.high.x) &&
            std::max(tile.low.y, other.low.y) < std::min(tile.high.y, other.high.y);
        if (overlap) refuse(entry("tiles", a), "overlaps " + entry("tiles", b) + "; move a side");
      }
    }
  }

  void places() const {
    std::map<std::pair<double, double>, std::size_t> known;
    for (std::size_t k = 0; k < plan_.waypoints.size(); ++k) {
      const Point place = plan_.waypoints[k].place;
      const auto [first, is_new] = known.try_emplace({place.x, place.y}, k);
      if (!is_new) {
        refuse("waypoints." + name(k), "is where " + name(first->second) + " is; merge the two");
      }
    }
  }

  /// Joins the waypoints edge by edge: a root per connected part.
  void tree() const {
    std::vector<std::size_t> parent(plan_.waypoints.size());
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    const auto root = [&](std::size_t k) {
      while (parent[k] != k) k = parent[k] = parent[parent[k]];
      return k;
    };
    for (std::size_t k = 0; k < plan_.edges.size(); ++k) {
      const auto [a, b] = plan_.edges[k];
      if (root(a) == root(b)) {
        refuse(entry("edges", k),
               edge(k) + " closes a cycle; robots move on a tree: remove an edge");
      }
      parent[root(a)] = root(b);
    }
    const auto first = std::ranges::find(plan_.waypoints, "Z1", &Waypoint::name);
    const std::size_t home = root(static_cast<std::size_t>(first - plan_.waypoints.begin()));
    std::vector<std::size_t> apart;
    for (std::size_t k = 0; k < parent.size(); ++k) {
      if (root(k) != home) apart.push_back(k);
    }
    if (apart.empty()) return;
    const std::string names =
        listed(apart.size(), [&](std::size_t k) { return std::string(name(apart[k])); });
    refuse("edges", "no way leads from Z1 to " + names + "; add an edge");
  }

  void crossings() const {
    for (std::size_t a = 0; a < plan_.edges.size(); ++a) {
      for (std::size_t b = 0; b < a; ++b) {
        if (cross(a, b)) {
          refuse(entry("edges", a), edge(a) + " crosses or touches " + edge(b) +
                                        "; move a waypoint, or put one where they meet");
        }
      }
    }
  }

  /// Whether two edges have a point in common beside the waypoint they share.
  bool cross(std::size_t a, std::size_t b) const {
    if (!meet(line(a), line(b))) return false;
    for (const std::size_t end_a : {0, 1}) {
      for (const std::size_t end_b : {0, 1}) {
        if (plan_.edges[a][end_a] != plan_.edges[b][end_b]) continue;
        const Point far_a = plan_.waypoints[plan_.edges[a][1 - end_a]].place;
        const Point far_b = plan_.waypoints[plan_.edges[b][1 - end_b]].place;
        return meet(line(a), {far_b, far_b}) || meet(line(b), {far_a, far_a});
      }
    }
    return true;
  }

  void walls() const {
    for (std::size_t k = 0; k < plan_.edges.size(); ++k) {
      for (std::size_t w = 0; w < plan_.walls.size(); ++w) {
        if (meet(line(k), plan_.walls[w])) {
          refuse(entry("edges", k),
                 edge(k) + " meets " + entry("walls", w) + "; move a waypoint or make a door");
        }
      }
    }
  }

  const FloorPlan& plan_;
  const std::string& origin_;
};

}  // namespace

void check_floor_plan(const FloorPlan& plan, const std::string& origin) {
  Check(plan, origin).all();
}

}  // namespace tacit
