#include "deploy/report/comparison.h"

#include <algorithm>
#include <iterator>

#include "common/results/result_table.h"
#include "deploy/report/html_text.h"
#include "deploy/report/meanings.h"

namespace tacit {
namespace {

/// The plot's one line, if all its other series are dashed.
const Series* only_line(const Plot& plot) {
  const Series* line = nullptr;
  for (const Series& series : plot.series) {
    if (series.style == Series::Style::dashed) continue;
    if (series.style != Series::Style::line || line != nullptr) return nullptr;
    line = &series;
  }
  return line;
}

const Series* line_of(const ComparedRun& run, const std::string& file_stem) {
  const auto plot = std::ranges::find(run.plots, file_stem, &Plot::file_stem);
  return plot == run.plots.end() ? nullptr : only_line(*plot);
}

bool is_number_of_all(std::span<const ComparedRun> runs, const std::string& metric) {
  return std::ranges::all_of(runs, [&](const ComparedRun& run) {
    const auto found = run.summary.metrics.find(metric);
    return found != run.summary.metrics.end() && found->second.size() == 1;
  });
}

std::string number_table(std::span<const ComparedRun> runs) {
  std::string text = "<div class=\"wide\"><table>\n<tr>" + heading("");
  for (const ComparedRun& run : runs) text += heading(run.name, "number");
  text += heading("meaning") + "</tr>\n<tr>" + cell("all constraints and bounds hold");
  for (const ComparedRun& run : runs) text += cell(run.summary.all_hold() ? "yes" : "no", "number");
  text += cell("") + "</tr>\n";
  const std::span<const Quantity> quantities = runs.front().quantities;
  for (const auto& [metric, values] : runs.front().summary.metrics) {
    if (!is_number_of_all(runs, metric)) continue;
    text += "<tr>" + cell(with_unit(quantities, Where::metric, metric));
    for (const ComparedRun& run : runs) {
      text += cell(short_number(run.summary.metrics.at(metric).front()), "number");
    }
    text += cell(meaning_of(quantities, Where::metric, metric)) + "</tr>\n";
  }
  return text + "</table></div>\n";
}

}  // namespace

std::vector<Plot> common_lines(std::span<const ComparedRun> runs) {
  std::vector<Plot> plots;
  for (const Plot& first : runs.front().plots) {
    Plot plot = first;
    plot.series.clear();
    for (const ComparedRun& run : runs) {
      const Series* line = line_of(run, first.file_stem);
      if (line == nullptr) break;
      plot.series.push_back(*line);
      plot.series.back().name = run.name;
    }
    if (plot.series.size() < runs.size()) continue;
    std::ranges::copy_if(first.series, std::back_inserter(plot.series), [](const Series& series) {
      return series.style == Series::Style::dashed;
    });
    plots.push_back(std::move(plot));
  }
  return plots;
}

std::string comparison_page(std::span<const ComparedRun> runs, std::span<const Figure> figures,
                            const std::vector<std::string>& argv) {
  const std::string title = std::to_string(runs.size()) + " runs compared";
  return page(title, "<h1>" + title + "</h1>\n" + figures_part(figures) +
                         "<h2>Numbers that all have</h2>\n" + number_table(runs) +
                         "<h2>How this page came about</h2>\n<p><code>" +
                         escaped(command_line(argv)) + "</code></p>\n");
}

}  // namespace tacit
