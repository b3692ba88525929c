#include "deploy/report/meanings.h"

#include "deploy/report/html_text.h"
#include "deploy/report/page_parts.h"

namespace tacit {
namespace {

// The files whose names and meanings are not given earlier on a page.
constexpr Where kFiles[] = {Where::agent_row,          Where::coordinator_row, Where::agent_result,
                            Where::coordinator_result, Where::message_row,     Where::fault_row};

std::string table_of(std::span<const Quantity> quantities, Where where) {
  std::string rows;
  for (const Quantity& one : quantities) {
    if (one.where != where) continue;
    rows += "<tr>" + cell(std::string(one.name)) + cell(std::string(one.unit)) +
            cell(std::string(one.meaning)) + "</tr>\n";
  }
  if (rows.empty()) return "";
  return "<details><summary>" + escaped(place_name(where)) +
         "</summary>\n<div class=\"wide\"><table>\n<tr>" + heading("name") + heading("unit") +
         heading("meaning") + "</tr>\n" + rows + "</table></div></details>\n";
}

}  // namespace

std::string with_unit(std::span<const Quantity> quantities, Where where, const std::string& name) {
  const Quantity* quantity = find_quantity(quantities, where, name);
  if (quantity == nullptr || quantity->unit == "1") return name;
  return name + " [" + std::string(quantity->unit) + "]";
}

std::string meaning_of(std::span<const Quantity> quantities, Where where, const std::string& name) {
  const Quantity* quantity = find_quantity(quantities, where, name);
  return quantity == nullptr ? "" : std::string(quantity->meaning);
}

std::string meanings_part(std::span<const Quantity> quantities) {
  std::string tables;
  for (const Where where : kFiles) tables += table_of(quantities, where);
  return tables.empty() ? "" : "<h2>What the files hold</h2>\n" + tables;
}

}  // namespace tacit
