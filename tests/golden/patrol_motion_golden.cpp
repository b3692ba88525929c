// Checks golden values of the floor plan: who sees and hears whom, and how robots move.

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "common/proximity/lattice.h"
#include "common/proximity/line_of_sight.h"
#include "tests/golden/golden_case.h"
#include "tests/golden/patrol_cases.h"

namespace tacit {
namespace {

using nlohmann::json;

const FloorPlan& plan() {
  static const FloorPlan plan = read_floor_plan(default_floor_plan(), "default");
  return plan;
}

const Lattice& lattice() {
  static const Lattice lattice(plan(), 1, "default");
  return lattice;
}

Point point_of(const json& golden) { return {golden.at(0), golden.at(1)}; }

/// Decides by the table of known points, or by geometry if none is known.
const LineOfSightLinks& links(double range_m, bool is_known) {
  static std::map<std::pair<double, bool>, LineOfSightLinks> all;
  LineOfSightLinks::Config config{plan().walls, range_m, {}};
  if (is_known) config.points.assign(lattice().points().begin(), lattice().points().end());
  return all.try_emplace({range_m, is_known}, config).first->second;
}

void expect_heard(double range_m, Point a, Point b, bool is_heard) {
  const Edge edge{process_id(0), process_id(1)};
  for (const bool is_known : {true, false}) {
    EXPECT_EQ(links(range_m, is_known).hears(edge, 0, a, b), is_heard) << "range " << range_m;
    EXPECT_EQ(links(range_m, is_known).hears(edge, 0, b, a), is_heard) << "range " << range_m;
  }
}

}  // namespace

void check_los(const json& golden_case) {
  GoldenObject golden(golden_case);
  for (const json& fields : golden["rows"]) {
    SCOPED_TRACE(fields.dump());
    GoldenObject row(fields);
    const Point a = point_of(row["a"]);
    const Point b = point_of(row["b"]);
    EXPECT_NEAR(distance(a, b), row["dist"].get<double>(), 1e-12);
    expect_heard(0, a, b, row["los"]);
    for (const auto& [range_m, is_heard] : row["comm"].items()) {
      expect_heard(std::stod(range_m), a, b, is_heard);
    }
  }
}

void check_motion(const json& golden_case) {
  GoldenObject golden(golden_case);
  std::optional<Place> place = lattice().find(point_of(golden["start"]));
  ASSERT_TRUE(place);
  const json& actions = golden["actions"];
  const json& after = golden["after"];
  ASSERT_EQ(actions.size(), after.size());
  for (std::size_t t = 0; t < actions.size(); ++t) {
    SCOPED_TRACE("t = " + std::to_string(t));
    place = lattice().next(*place, actions[t].get<std::size_t>());
    GoldenObject state(after[t]);
    EXPECT_EQ(lattice().point(*place), point_of(state["xy"]));
    EXPECT_EQ(lattice().tile(*place), state["tile"].get<std::size_t>());
    const int zone = state["zone"];
    EXPECT_EQ(lattice().zones(*place), zone < 0 ? 0 : 1 << zone);
  }
}

}  // namespace tacit
