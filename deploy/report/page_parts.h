#pragma once

#include <span>
#include <string>

namespace tacit {

/// A drawn plot with its texts.
struct Figure {
  std::string stem;
  std::string title;
  std::string caption;
  std::string svg;  ///< a whole SVG document
};

/// A whole HTML page around the content of its main part: readable on light and dark screens and on
/// paper, without any outside resource.
std::string page(const std::string& title, const std::string& main_part);

/// <td> and <th>; the text is escaped, the kind is a class of the style sheet, "" for none.
std::string cell(const std::string& text, const char* kind = "");
std::string heading(const std::string& text, const char* kind = "");

/// A table row of a name and its value.
std::string name_row(const std::string& name, const std::string& value);

/// The figures with their captions, inlined.
std::string figures_part(std::span<const Figure> figures);

}  // namespace tacit
