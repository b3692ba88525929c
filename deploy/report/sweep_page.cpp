#include "deploy/report/sweep_page.h"

#include "deploy/report/html_text.h"

namespace tacit {
namespace {

std::string points_table(const SweepFacts& facts) {
  std::string text = "<details><summary>Table</summary>\n<div class=\"wide\"><table>\n<tr>";
  for (const std::string& column : facts.columns) text += heading(column, "number");
  text += "</tr>\n";
  for (const auto& row : facts.rows) {
    text += "<tr>";
    for (const std::string& value : row) text += cell(value, "number");
    text += "</tr>\n";
  }
  return text + "</table></div></details>\n";
}

}  // namespace

std::string sweep_page(const SweepFacts& facts, std::span<const Figure> figures) {
  std::string text = "<h1>" + escaped(facts.title) + "</h1>\n<p class=\"facts\">" +
                     escaped(facts.system) + ", a sweep of " + std::to_string(facts.cell_count) +
                     " cells</p>\n<p class=\"verdict\">In " + std::to_string(facts.met_count) +
                     " of " + std::to_string(facts.cell_count) +
                     " cells all constraints and bounds hold.</p>\n";
  text += figures_part(figures) + points_table(facts);
  text +=
      "<h2>How this sweep came about</h2>\n<div class=\"wide\"><table>\n"
      "<tr><th scope=\"row\">command</th><td><code>" +
      escaped(command_line(facts.argv)) + "</code></td></tr>\n" + name_row("tacit", facts.version) +
      "</table></div>\n<details><summary>Effective configuration of the first cell</summary>\n"
      "<pre>" +
      escaped(facts.config_text) + "</pre></details>\n";
  text +=
      "<h2>Files</h2>\n<p><a href=\"table.csv\">table.csv</a>: a row per cell. "
      "<a href=\"cells.csv\">cells.csv</a>: means over the seeds with 95 % confidence. "
      "<a href=\"journal.jsonl\">journal.jsonl</a>: from which the sweep goes on.</p>\n";
  return page(facts.title + ", sweep", text);
}

}  // namespace tacit
