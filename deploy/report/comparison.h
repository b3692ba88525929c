#pragma once

#include <span>
#include <string>
#include <vector>

#include "common/results/figure.h"
#include "common/results/quantity.h"
#include "common/results/summary.h"
#include "deploy/report/page_parts.h"

namespace tacit {

/// The part of a finished run that is compared with others.
struct ComparedRun {
  std::string name;  ///< of its lines and its column, in the report
  Summary summary;
  std::vector<Plot> plots;
  std::vector<Quantity> quantities;  ///< the quantities that its system records
};

/// Every figure that has one line in each run, with the lines of all runs, each named after its
/// run; dashed lines (limits) are those of the first run.
std::vector<Plot> common_lines(std::span<const ComparedRun> runs);

/// The report of several runs as one HTML page: figures, and a table of the numbers common to all.
/// A pure function; every text is escaped.
std::string comparison_page(std::span<const ComparedRun> runs, std::span<const Figure> figures,
                            const std::vector<std::string>& argv);

}  // namespace tacit
