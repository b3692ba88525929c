#include "common/proximity/floor_plan.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "common/base/error.h"

namespace tacit::patrol {
namespace {

using Json = nlohmann::json;

/// A corridor with two zones and a wall beside it.
Json small_plan() {
  return Json::parse(R"({
    "domain": [10, 5], "zone_radius": 1, "zones": [[1, 1], [9, 1]], "walls": [[0, 2, 10, 2]],
    "tiles": [[0, 0, 5, 5], [5, 0, 10, 5]], "edges": [["Z1", "A"], ["A", "Z2"]],
    "waypoints": {"Z1": [1, 1], "A": [5, 1], "Z2": [9, 1]}})");
}

std::string refusal_of_text(std::string_view text) {
  try {
    read_floor_plan(text, "plan.json");
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_data);
    return error.what();
  }
  return "";
}

/// What is said of the small plan with one field changed.
std::string refusal(const std::string& pointer, const std::string& value) {
  Json plan = small_plan();
  plan[Json::json_pointer(pointer)] = Json::parse(value);
  return refusal_of_text(plan.dump());
}

TEST(FloorPlan, TheDefaultOneIsComplete) {
  const FloorPlan plan = read_floor_plan(default_floor_plan(), "default");
  EXPECT_EQ(plan.domain, (Point{30, 14}));
  EXPECT_EQ(plan.zone_radius, 1);
  EXPECT_EQ(plan.zones, (std::vector<Point>{{6, 9}, {13, 9}, {20, 9}, {28, 4}, {28, 8}, {28, 12}}));
  EXPECT_EQ(plan.walls.size(), 18u);
  EXPECT_EQ(plan.doors.size(), 6u);
  EXPECT_EQ(plan.tiles.size(), 12u);
  EXPECT_EQ(plan.tiles[9].name, "hall4");
  EXPECT_EQ(plan.tiles[9].high, (Point{26, 6}));
  EXPECT_EQ(plan.waypoints.size(), 19u);
  EXPECT_EQ(plan.edges.size(), 18u);
}

TEST(FloorPlan, SaysHowFarRobotsMove) {
  Json plan = small_plan();
  EXPECT_EQ(read_floor_plan(plan.dump(), "plan.json").step_m, 1) << "where it says nothing";
  plan["step_m"] = 4;
  EXPECT_EQ(read_floor_plan(plan.dump(), "plan.json").step_m, 4);
}

TEST(FloorPlan, NeedsNoNamesAndDoors) {
  const FloorPlan plan = read_floor_plan(small_plan().dump(), "plan.json");
  EXPECT_TRUE(plan.doors.empty());
  EXPECT_EQ(plan.tiles[1].name, "tile 2");
  EXPECT_EQ(plan.waypoints[plan.edges[0][1]].name, "A");
}

TEST(FloorPlan, RefusesWhatIsNoPlan) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"", "plan.json: is no valid JSON"},
      {"[]", "expected an object"},
      {R"({"domain": [1, 1e999]})", "is no valid JSON"},
      {R"({"domain": [1, NaN]})", "is no valid JSON"},
      {R"({"walls": [], "walls": []})", R"(plan.json: "walls" comes twice)"},
      {R"({"waypoints": {"Z1": [1, 1], "Z1": [2, 2]}})", R"("Z1" comes twice)"},
      {R"({"walls": [[[[1]]]]})", "nested deeper"},
      {R"({"colour": 3})", R"(plan.json: a floor plan has no field "colour"; remove it)"},
      {"{\"\\u001b[2J\": 3}", R"(no field "\u001b[2J")"},
  };
  for (const auto& [text, message] : wrong) {
    EXPECT_NE(refusal_of_text(text).find(message), std::string::npos)
        << text << ": " << refusal_of_text(text);
  }
  const Json whole = small_plan();
  for (const auto& [key, value] : whole.items()) {
    Json plan = whole;
    plan.erase(key);
    EXPECT_NE(refusal_of_text(plan.dump()).find("plan.json: " + key + " is missing"),
              std::string::npos);
  }
}

TEST(FloorPlan, NamesTheFieldThatIsWrong) {
  const std::vector<std::array<std::string, 3>> wrong = {
      {"/units", R"("ft")", "plan.json: units: must be \"m\""},
      {"/tile_rule", R"("anything")", "plan.json: tile_rule: must be \"half-open"},
      {"/los_rule", R"("touching does not block")", "plan.json: los_rule: must be \"blocked if"},
      {"/step_m", "0", "plan.json: step_m: expected a number from 0.25 to 1000.0"},
      {"/domain", "[10]", "plan.json: domain: expected a list"},
      {"/domain/0", "1e9", "plan.json: domain[0]: expected a number from 1.0 to 10000.0"},
      {"/zone_radius", "-1", "zone_radius: expected a number"},
      {"/zones", "[]", "zones: expected a list [...] of 1 to 8"},
      {"/zones/1", "[9]", "zones[1]: expected a point [x, y]"},
      {"/zones/1/1", "true", "zones[1][1]: expected a number"},
      {"/zones/1/0", "11", "zones[1][0]: expected a number from 0.0 to 10.0"},
      {"/zones/1/1", "6", "zones[1][1]: expected a number from 0.0 to 5.0"},
      {"/zones/1", "[9, 2]", "zones[1]: the waypoint Z2 must be at its centre"},
      {"/zones/2", "[2, 2]", "zones[2]: add the waypoint Z3"},
      {"/walls/0", "[0, 2, 10]", "walls[0]: expected two points"},
      {"/walls/0", "[5, 0, 5, 3]", "edges[0]: Z1-A meets walls[0]"},
      {"/walls/0", "[5, 1, 5, 3]", "meets walls[0]"},
      {"/tiles/1", "[10, 0, 5, 5]", "tiles[1]: expected [x0, y0, x1, y1] with x0 < x1"},
      {"/tiles/1", "[4, 0, 10, 5]", "tiles[1]: overlaps tiles[0]"},
      {"/tile_names", R"(["left"])", "tile_names: expected a list [...] of 2 to 2"},
      {"/tile_names", R"(["left", ""])", "tile_names[1]: expected a name"},
      {"/waypoints", "[]", "waypoints: expected an object"},
      {"/waypoints/A", "[5, -1]", "waypoints.A[1]: expected a number"},
      {"/waypoints/B", "[5, 1]", "waypoints.B: is where A is"},
      {"/waypoints/B", "[5, 1.5]", "edges: no way leads from Z1 to B; add an edge"},
      {"/edges/1", R"(["A", "X"])", "edges[1][1]: there is no waypoint \"X\""},
      {"/edges/1", R"(["A"])", "edges[1]: expected a list"},
      {"/edges/1", R"(["A", "Z1"])", "edges[1]: A-Z1 closes a cycle"},
      {"/edges", R"([["Z1", "A"]])", "edges: no way leads from Z1 to Z2"},
      {"/edges/1", R"(["Z1", "Z2"])", "edges[1]: Z1-Z2 crosses or touches Z1-A"},
  };
  for (const auto& [pointer, value, message] : wrong) {
    EXPECT_NE(refusal(pointer, value).find(message), std::string::npos)
        << pointer << " = " << value << ": " << refusal(pointer, value);
  }
}

TEST(FloorPlan, RefusesEdgesThatCross) {
  Json plan = small_plan();
  plan["waypoints"]["B"] = {3, 0.5};
  plan["waypoints"]["C"] = {3, 1.5};
  plan["edges"].push_back({"B", "C"});
  plan["edges"].push_back({"C", "Z2"});
  EXPECT_NE(refusal_of_text(plan.dump()).find("edges[2]: B-C crosses or touches Z1-A"),
            std::string::npos)
      << refusal_of_text(plan.dump());
}

}  // namespace
}  // namespace tacit::patrol
