#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tacit {

/// A gnuplot string constant with exactly this text; control characters become spaces.
std::string script_quoted(std::string_view text);

/// The fewest digits that read back as the same double.
std::string digits(double value);

/// A legend below the figure, in as many columns as the names leave room for, and its margin; none
/// if all names are empty.
std::string legend(const std::vector<std::string>& names);

/// A colour "#rrggbb" of a scale from dark to light that keeps its order in grey and for
/// colour-blind readers.
/// @param place  0 (dark) .. 1 (light)
std::string scale_colour(double place);

}  // namespace tacit
