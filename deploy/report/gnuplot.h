#pragma once

#include <string>

#include "common/results/figure.h"

namespace tacit {

/// The plot as an SVG document, drawn by gnuplot as a child process that is stopped after 60 s.
/// @throws InputError (run_folder): gnuplot is missing (with the remedy), failed (with its own
/// words) or too slow.
std::string render_svg(const Plot& plot);

}  // namespace tacit
