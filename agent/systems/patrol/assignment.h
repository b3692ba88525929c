#pragma once

#include <span>
#include <vector>

#include "common/proximity/lattice.h"

namespace tacit::patrol {

/// The zone that each robot heads for under a plan for the whole team: the min(N, M) zones with the
/// largest multipliers (the first of equal ones), each given to one robot, so that the total length
/// of all ways is least. Each remaining robot gets the zone nearest to it.
///
/// @param places  [N]
/// @param lambda  [M]
/// @return [N] zones
std::vector<std::size_t> assign_zones(const Lattice& lattice, std::span<const Place> places,
                                      std::span<const double> lambda);

}  // namespace tacit::patrol
