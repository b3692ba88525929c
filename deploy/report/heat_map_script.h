#pragma once

#include <string>

#include "common/base/summary.h"

namespace tacit {

/// The part of a gnuplot program that draws a heat map: a square per cell; NaN is not drawn.
std::string heat_map_script(const Plot::HeatMap& map);

}  // namespace tacit
