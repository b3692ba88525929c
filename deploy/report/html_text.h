#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tacit {

/// Text as HTML content or attribute value: it can neither open a tag nor leave a quoted value.
std::string escaped(std::string_view text);

/// A relative link target: every byte that is not a plain letter, digit or one of "/._-" is
/// percent-encoded.
std::string link_target(std::string_view path);

/// An argument list as a user would type it into a shell.
std::string command_line(const std::vector<std::string>& arguments);

/// An SVG document as part of an HTML page: without the XML prologue, its ids made unique with
/// `stem` (figures of gnuplot share ids), with a name for screen readers.
std::string inlined_svg(std::string_view document, std::string_view stem, std::string_view title);

}  // namespace tacit
