#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "common/results/figure.h"
#include "common/results/quantity.h"
#include "common/results/run_record.h"
#include "deploy/report/page_parts.h"

namespace tacit {

/// Messages and bytes that each process sent, as figures: data only for the messages; payload,
/// frames and emulation apart for the bytes. None if the run has no account.
std::vector<Plot> message_plots(std::span<const MessageRow> messages);

/// Draws plots as plots/<stem>.svg in a folder.
/// @throws InputError (run_folder): gnuplot is missing or failed, or the folder cannot be written.
std::vector<Figure> draw_figures(const std::filesystem::path& folder, std::span<const Plot> plots);

/// Draws `plots` and the message plots as plots/<stem>.svg in the run's folder and writes
/// report.html beside them: one file without any outside resource, which can be mailed. The same
/// run folder gives the same bytes.
///
/// @param quantities  what runs of the record's system leave behind
/// @return the path of report.html
/// @throws InputError (run_folder): gnuplot is missing or failed, or the folder cannot be written.
std::filesystem::path write_report(const RunRecord& record, std::span<const Plot> plots,
                                   std::span<const Quantity> quantities);

}  // namespace tacit
