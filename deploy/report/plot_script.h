#pragma once

#include <string>

#include "common/results/figure.h"

namespace tacit {

/// The program for gnuplot 5.4 that draws a plot as SVG on its standard output, data inline. A
/// pure function: the same plot gives the same text.
///
/// Up to eight series have colours that colour-blind readers can distinguish (Okabe & Ito) and a
/// legend below; more series have a dark-to-light scale by their order and a legend at the side,
/// which names only the first and the last if there are too many. A dashed series is a reference:
/// grey, or black beside many series. Non-finite points break a line. Series longer than a figure
/// can show are thinned to the least and the greatest value of each stretch, so no peak is lost.
/// Boxes of several series stand side by side; a band is a transparent area in the colour of the
/// line that follows it. A heat map with named levels has a colour and a legend entry per level,
/// others a colour scale.
///
/// @pre series have as many x as y values
std::string plot_script(const Plot& plot);

}  // namespace tacit
