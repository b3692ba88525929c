#include "deploy/report/report.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <map>
#include <system_error>

#include "common/base/check.h"
#include "common/base/error.h"
#include "common/results/files.h"
#include "deploy/report/gnuplot.h"
#include "deploy/report/report_page.h"

namespace tacit {
namespace {

namespace fs = std::filesystem;

struct Sent {
  double message_count = 0;
  double payload_bytes = 0;
  double frame_bytes = 0;
  double emulation_bytes = 0;
};

std::map<ProcessId, Sent> sent_by_process(std::span<const MessageRow> messages) {
  std::map<ProcessId, Sent> sent;
  for (const MessageRow& row : messages) {
    Sent& one = sent[row.from];
    if (row.kind == MessageKind::data) {
      one.message_count += static_cast<double>(row.total.count);
      one.payload_bytes += static_cast<double>(row.total.payload_bits) / 8;
      one.frame_bytes += static_cast<double>(row.total.frame_bytes);
    }
    one.emulation_bytes += static_cast<double>(row.total.emulation_bytes);
  }
  return sent;
}

Series bars(std::string name, const std::map<ProcessId, Sent>& sent, double Sent::*value) {
  Series series{std::move(name), {}, {}, Series::Style::boxes};
  for (const auto& [process, one] : sent) {
    series.x.push_back(static_cast<double>(index_of(process)));
    series.y.push_back(one.*value);
  }
  return series;
}

bool is_file_stem(const std::string& stem) {
  return !stem.empty() && std::ranges::all_of(stem, [](unsigned char letter) {
    return std::isalnum(letter) != 0 || letter == '_' || letter == '-';
  });
}

/// By name, folders with a slash and the number of entries; what write_report itself makes is
/// left out, so that a second report of the same folder is the same.
std::vector<FolderEntry> entries_of(const fs::path& folder) {
  std::vector<FolderEntry> entries;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.front() == '.' || name == "report.html" || name == "plots") continue;
    if (entry.is_directory()) {
      const auto count = std::distance(fs::directory_iterator(entry.path()), {});
      entries.push_back({name + '/', static_cast<std::uint64_t>(count), true});
    } else if (entry.is_regular_file()) {
      entries.push_back({name, entry.file_size(), false});
    }
  }
  std::ranges::sort(entries, {}, &FolderEntry::name);
  return entries;
}

}  // namespace

std::vector<Plot> message_plots(std::span<const MessageRow> messages) {
  if (messages.empty()) return {};
  const auto sent = sent_by_process(messages);
  Plot counts;
  counts.file_stem = "messages";
  counts.title = "Messages sent by each process";
  counts.caption =
      "Messages that machines sent to each other over the whole run; the coordinator, where there "
      "is one, is the last process.";
  counts.x_label = "process";
  counts.y_label = "messages";
  counts.series = {bars("", sent, &Sent::message_count)};
  Plot bytes;
  bytes.file_stem = "bytes";
  bytes.title = "Bytes sent by each process";
  bytes.caption =
      "Payload is what the machines said. Frames are the payload with what the wire adds. "
      "Emulation "
      "is traffic that only this way of running needs, such as acknowledgements.";
  bytes.x_label = "process";
  bytes.y_label = "bytes";
  bytes.series = {bars("payload", sent, &Sent::payload_bytes),
                  bars("frames", sent, &Sent::frame_bytes),
                  bars("emulation", sent, &Sent::emulation_bytes)};
  return {counts, bytes};
}

std::vector<Figure> draw_figures(const fs::path& folder, std::span<const Plot> plots) {
  const fs::path plot_folder = folder / "plots";
  std::error_code error;
  fs::create_directories(plot_folder, error);
  if (error) {
    throw InputError(ExitCode::run_folder, plot_folder.string() + ": cannot make this folder (" +
                                               error.message() + "); make the run writable");
  }
  std::vector<Figure> figures;
  for (const Plot& plot : plots) {
    TACIT_CHECK(is_file_stem(plot.file_stem), "a plot's stem is a plain file name");
    std::string svg = render_svg(plot);
    write_atomically(plot_folder / (plot.file_stem + ".svg"), svg);
    figures.push_back({plot.file_stem, plot.title, plot.caption, std::move(svg)});
  }
  return figures;
}

fs::path write_report(const RunRecord& record, std::span<const Plot> plots,
                      std::span<const Quantity> quantities) {
  std::vector<Plot> all(plots.begin(), plots.end());
  for (Plot& plot : message_plots(record.messages)) all.push_back(std::move(plot));
  const std::vector<Figure> figures = draw_figures(record.folder, all);
  const fs::path page = record.folder / "report.html";
  write_atomically(page, report_page(record, figures, entries_of(record.folder), quantities));
  return page;
}

}  // namespace tacit
