#include "agent/systems/grid/citylearn_columns.h"

#include <algorithm>

#include "common/base/error.h"

namespace tacit::grid {
namespace {

std::string in_small_letters(std::string_view text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  std::string small(text);
  for (char& letter : small) {
    if ('A' <= letter && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    if (letter == ' ') letter = '_';
  }
  return small;
}

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " or ") + word;
  return text;
}

}  // namespace

std::optional<std::string> CityLearnColumn::in(const CsvTable& table) const {
  for (const std::string& header : table.names()) {
    const std::size_t bracket = std::min(header.find('['), header.size());
    const std::string name = in_small_letters(std::string_view(header).substr(0, bracket));
    if (std::ranges::find(names, name) == names.end()) continue;
    const std::string unit = bracket < header.size() && header.ends_with(']')
                                 ? header.substr(bracket + 1, header.size() - bracket - 2)
                                 : header.substr(bracket);
    if (!unit.empty() && std::ranges::find(units, unit) == units.end()) {
      throw InputError(ExitCode::bad_data, table.origin() + ": column " + shown(header) +
                                               ": expected the unit " + listed(units));
    }
    return header;
  }
  return std::nullopt;
}

std::string CityLearnColumn::required_in(const CsvTable& table) const {
  if (const auto header = in(table)) return *header;
  throw InputError(ExitCode::bad_data,
                   table.origin() + ": column " + listed(names) + " is missing");
}

}  // namespace tacit::grid
