#pragma once

#include <span>
#include <vector>

#include "common/proximity/lattice.h"

namespace tacit::patrol {

/// Which robot heads for which zone, if somebody plans for all: min(N, M) zones with the largest
/// multipliers (the first of equal ones), each given to one robot, so that all ways together are
/// shortest. Robots that are left over stay with the zone they are nearest to.
///
/// @param places  [N]
/// @param lambda  [M]
/// @return [N] zones
std::vector<std::size_t> assign_zones(const Lattice& lattice, std::span<const Place> places,
                                      std::span<const double> lambda);

}  // namespace tacit::patrol
