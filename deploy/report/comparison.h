#pragma once

#include <span>
#include <string>
#include <vector>

#include "common/results/figure.h"
#include "common/results/quantity.h"
#include "common/results/summary.h"
#include "deploy/report/page_parts.h"

namespace tacit {

/// What of a finished run is laid beside others.
struct ComparedRun {
  std::string name;  ///< of its lines and its column
  Summary summary;
  std::vector<Plot> plots;
  std::vector<Quantity> quantities;  ///< what runs of its system leave behind
};

/// Every figure that is one line in all of the runs, with the lines of all of them, each by the
/// name of its run; dashed lines (limits) are those of the first run.
std::vector<Plot> common_lines(std::span<const ComparedRun> runs);

/// The report of several runs as one HTML page: figures, and a table of the numbers that all have.
/// A pure function; every text is escaped.
std::string comparison_page(std::span<const ComparedRun> runs, std::span<const Figure> figures,
                            const std::vector<std::string>& argv);

}  // namespace tacit
