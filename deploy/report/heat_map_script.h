#pragma once

#include <string>

#include "common/results/figure.h"

namespace tacit {

/// The part of a gnuplot program that draws a plot's heat map: a square per cell; NaN is not drawn.
/// Lines over it have no legend.
/// @pre the plot has a heat map
std::string heat_map_script(const Plot& figure);

}  // namespace tacit
