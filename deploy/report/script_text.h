#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tacit {

/// A gnuplot string constant that stands for exactly this text; control characters become spaces.
std::string script_quoted(std::string_view text);

/// The shortest digits that read back as the same double.
std::string digits(double value);

/// A legend below the figure in as many columns as the names leave room for, and the margin for it;
/// none if no name says anything.
std::string legend(const std::vector<std::string>& names);

/// A colour "#rrggbb" of a scale from dark to light that stays in order in grey and for
/// colour-blind readers.
/// @param place  0 (dark) .. 1 (light)
std::string scale_colour(double place);

}  // namespace tacit
