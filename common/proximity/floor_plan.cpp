#include "common/proximity/floor_plan.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "common/base/error.h"
#include "common/base/plain_text.h"
#include "common/proximity/floor_plan_check.h"

namespace tacit {
namespace {

using Json = nlohmann::json;

constexpr int kDepthMost = 3;  // the plan, a list, one entry
constexpr std::size_t kNameMost = 32;
constexpr std::size_t kWallsMost = 1024;
constexpr std::size_t kTilesMost = 256;
constexpr std::size_t kWaypointsMost = 4096;

const std::set<std::string> kFields = {"domain", "zone_radius", "zones",      "walls",  "doors",
                                       "tiles",  "edges",       "tile_names", "units",  "waypoints",
                                       "step_m", "tile_rule",   "los_rule",   "variant"};

/// Fields with which a plan may say by what rule it was drawn: there is one for each.
const std::map<std::string, std::string> kRules = {
    {"units", "m"},
    {"tile_rule", "half-open [x0,x1) x [y0,y1), first match; closed on the outer edge"},
    {"los_rule", "blocked if the closed segment touches any closed wall segment"}};

/// Letters of somebody else, safe to print and short.
std::string shown(const std::string& text) {
  return Json(text.substr(0, kNameMost)).dump(-1, ' ', true, Json::error_handler_t::replace);
}

bool is_name(const std::string& text) {
  const auto is_letter = [](char c) {
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || c == '_' ||
           c == '-' || c == ' ';
  };
  return !text.empty() && text.size() <= kNameMost && std::ranges::all_of(text, is_letter);
}

/// A value of the plan with its place, for messages.
class Node {
 public:
  Node(const Json& json, std::string place) : json_(json), place_(std::move(place)) {}

  [[noreturn]] void refuse(const std::string& message) const {
    throw InputError(ExitCode::bad_data, place_ + ": " + message);
  }
  const Json& json() const { return json_; }
  Node entry(std::size_t k) const { return {json_[k], place_ + "[" + std::to_string(k) + "]"}; }

  std::size_t list(std::size_t least, std::size_t most) const {
    if (json_.is_array() && least <= json_.size() && json_.size() <= most) return json_.size();
    refuse("expected a list [...] of " + std::to_string(least) + " to " + std::to_string(most) +
           " entries");
  }
  double number(double least, double most) const {
    if (json_.is_number()) {
      const double value = json_.get<double>();
      if (least <= value && value <= most) return value;
    }
    refuse("expected a number from " + Json(least).dump() + " to " + Json(most).dump() +
           ", in metres");
  }
  std::string name() const {
    if (json_.is_string() && is_name(json_.get<std::string>())) return json_.get<std::string>();
    refuse("expected a name of 1 to " + std::to_string(kNameMost) +
           " letters, digits, spaces, - or _");
  }
  /// A list of x and y by turns, all in the domain.
  std::vector<Point> points(std::size_t count, Point domain) const {
    if (!json_.is_array() || json_.size() != 2 * count) {
      refuse(count == 1 ? "expected a point [x, y]" : "expected two points [x0, y0, x1, y1]");
    }
    std::vector<Point> all(count);
    for (std::size_t k = 0; k < count; ++k) {
      all[k] = {entry(2 * k).number(0, domain.x), entry(2 * k + 1).number(0, domain.y)};
    }
    return all;
  }

 private:
  const Json& json_;
  std::string place_;
};

/// The plan as JSON, none of whose objects names a key twice: the library would keep one of them.
Json parse(std::string_view text, const std::string& origin) {
  std::vector<std::set<std::string>> keys(kDepthMost + 1);
  const auto refuse = [&](const std::string& message) {
    throw InputError(ExitCode::bad_data, origin + ": " + message);
  };
  const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
    const auto level = static_cast<std::size_t>(depth);
    if (depth > kDepthMost) refuse("is nested deeper than a floor plan is");
    if (event == Json::parse_event_t::object_start) keys[level].clear();
    if (event == Json::parse_event_t::key) {
      std::set<std::string>& known = keys[level - 1];
      const auto& key = parsed.get_ref<const std::string&>();
      if (!known.insert(key).second) refuse(shown(key) + " comes twice; remove one of them");
    }
    return true;
  };
  try {
    Json json = Json::parse(plain_text(text, origin, ExitCode::bad_data), watch);
    if (!json.is_object()) refuse("expected an object {...} with domain, zones, walls and so on");
    return json;
  } catch (const Json::exception& error) {
    throw InputError(ExitCode::bad_data, origin + ": is no valid JSON: " + error.what());
  }
}

class Reader {
 public:
  Reader(const Json& json, const std::string& origin) : json_(json), origin_(origin) {
    for (const auto& [key, value] : json.items()) {
      if (kFields.contains(key)) continue;
      throw InputError(ExitCode::bad_data,
                       origin + ": a floor plan has no field " + shown(key) + "; remove it");
    }
  }

  FloorPlan read() const {
    FloorPlan plan;
    for (const auto& [key, rule] : kRules) {
      if (!json_.contains(key) || json_[key] == rule) continue;
      field(key).refuse("must be \"" + rule + "\", or be left out: there is no other rule");
    }
    if (json_.contains("step_m")) plan.step_m = field("step_m").number(kStepLeast, kStepMost);
    const Node domain = field("domain");
    domain.list(2, 2);
    plan.domain = {domain.entry(0).number(1, kDomainMost), domain.entry(1).number(1, kDomainMost)};
    plan.zone_radius = field("zone_radius").number(0, kDomainMost);
    const Node zones = field("zones");
    for (std::size_t m = 0, count = zones.list(1, kZonesMost); m < count; ++m) {
      plan.zones.push_back(zones.entry(m).points(1, plan.domain)[0]);
    }
    plan.walls = segments(field("walls"), plan.domain);
    if (json_.contains("doors")) plan.doors = segments(field("doors"), plan.domain);
    plan.tiles = tiles(plan.domain);
    read_tree(plan);
    return plan;
  }

 private:
  static constexpr double kDomainMost = 10000;                  // m
  static constexpr double kStepLeast = 0.25, kStepMost = 1000;  // m

  Node field(const std::string& key) const {
    const auto found = json_.find(key);
    if (found == json_.end()) {
      throw InputError(ExitCode::bad_data, origin_ + ": " + key +
                                               " is missing; deploy/experiments/floorplan.json "
                                               "shows what a plan has");
    }
    return {*found, origin_ + ": " + key};
  }

  static std::vector<Segment> segments(const Node& node, Point domain) {
    std::vector<Segment> all;
    for (std::size_t k = 0, count = node.list(0, kWallsMost); k < count; ++k) {
      const std::vector<Point> ends = node.entry(k).points(2, domain);
      all.push_back({ends[0], ends[1]});
    }
    return all;
  }

  std::vector<Tile> tiles(Point domain) const {
    const Node node = field("tiles");
    const std::size_t count = node.list(1, kTilesMost);
    std::vector<Tile> all;
    for (std::size_t k = 0; k < count; ++k) {
      const std::vector<Point> corners = node.entry(k).points(2, domain);
      all.push_back({"tile " + std::to_string(k + 1), corners[0], corners[1]});
    }
    if (!json_.contains("tile_names")) return all;
    const Node names = field("tile_names");
    names.list(count, count);
    for (std::size_t k = 0; k < count; ++k) all[k].name = names.entry(k).name();
    return all;
  }

  void read_tree(FloorPlan& plan) const {
    const Node waypoints = field("waypoints");
    if (!waypoints.json().is_object() || waypoints.json().size() > kWaypointsMost) {
      waypoints.refuse("expected an object of at most " + std::to_string(kWaypointsMost) +
                       " entries, as in {\"Z1\": [6, 9], ...}");
    }
    std::map<std::string, std::size_t> index;
    for (const auto& [name, place] : waypoints.json().items()) {
      if (!is_name(name)) waypoints.refuse(shown(name) + " is no name of a waypoint");
      index[name] = plan.waypoints.size();
      const Node node(place, origin_ + ": waypoints." + name);
      plan.waypoints.push_back({name, node.points(1, plan.domain)[0]});
    }
    const Node edges = field("edges");
    for (std::size_t k = 0, count = edges.list(0, kWaypointsMost); k < count; ++k) {
      const Node edge = edges.entry(k);
      edge.list(2, 2);
      std::array<std::size_t, 2> ends{};
      for (std::size_t end = 0; end < 2; ++end) {
        const auto found = index.find(edge.entry(end).name());
        if (found == index.end()) {
          edge.entry(end).refuse("there is no waypoint " + shown(edge.entry(end).name()));
        }
        ends[end] = found->second;
      }
      plan.edges.push_back(ends);
    }
  }

  const Json& json_;
  const std::string& origin_;
};

}  // namespace

FloorPlan read_floor_plan(std::string_view text, const std::string& origin) {
  const Json json = parse(text, origin);
  FloorPlan plan = Reader(json, origin).read();
  check_floor_plan(plan, origin);
  return plan;
}

}  // namespace tacit
