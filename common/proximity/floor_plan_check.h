#pragma once

#include <string>

#include "common/proximity/floor_plan.h"

namespace tacit {

/// What robots rely on beyond single fields: every zone has its waypoint, tiles are rectangles that
/// do not overlap, the edges are a tree over all waypoints, meet nowhere but at their ends, and
/// touch no wall.
/// @throws InputError (bad_data) naming origin, field and remedy
void check_floor_plan(const FloorPlan& plan, const std::string& origin);

}  // namespace tacit
