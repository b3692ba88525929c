#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "common/results/figure.h"
#include "common/results/quantity.h"
#include "common/results/run_record.h"
#include "deploy/report/page_parts.h"

namespace tacit {

/// Figures of the messages and bytes that each process sent: data only for the messages; payload,
/// frames and emulation separately for the bytes. None if the run has no message counts.
std::vector<Plot> message_plots(std::span<const MessageRow> messages);

/// Draws plots as plots/<stem>.svg in a folder.
/// @throws InputError (run_folder): gnuplot is missing or failed, or the folder cannot be written.
std::vector<Figure> draw_figures(const std::filesystem::path& folder, std::span<const Plot> plots);

/// Draws `plots` and the message plots as plots/<stem>.svg in the run's folder and writes
/// report.html beside them: one file without any outside resource, which can be mailed. The same
/// run folder gives the same bytes.
///
/// @param quantities  those that the record's system records
/// @return the path of report.html
/// @throws InputError (run_folder): gnuplot is missing or failed, or the folder cannot be written.
std::filesystem::path write_report(const RunRecord& record, std::span<const Plot> plots,
                                   std::span<const Quantity> quantities);

}  // namespace tacit
