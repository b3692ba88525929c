#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "deploy/report/page_parts.h"

namespace tacit {

/// The texts and numbers of a sweep's report beside its figures.
struct SweepFacts {
  std::string title;
  std::string system;
  std::vector<std::string> argv;
  std::string version;
  std::string config_text;  ///< that of the first cell
  std::size_t cell_count = 0;
  std::size_t met_count = 0;  ///< cells whose constraints and bounds all hold
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  ///< a row per point, [columns] each
};

/// The report of a sweep as one HTML page. A pure function; every text is escaped.
std::string sweep_page(const SweepFacts& facts, std::span<const Figure> figures);

}  // namespace tacit
