#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "common/results/quantity.h"
#include "common/results/run_record.h"
#include "deploy/report/page_parts.h"

namespace tacit {

/// A file of the run folder with its size in bytes, or a folder with its number of entries.
struct FolderEntry {
  std::string name;
  std::uint64_t size;
  bool is_folder;
};

/// The report as one HTML page: verdict, constraints, bounds, metrics, figures, the run's origin,
/// files and their contents. Readable on light and dark screens and on paper. A pure function;
/// every text of the run is escaped.
/// @param quantities  those that the record's system records
std::string report_page(const RunRecord& record, std::span<const Figure> figures,
                        std::span<const FolderEntry> entries, std::span<const Quantity> quantities);

}  // namespace tacit
