#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "common/base/ids.h"
#include "common/base/round_output.h"
#include "common/base/running_hash.h"
#include "common/results/files.h"
#include "common/results/summary.h"

namespace tacit {

/// The content of a metrics.csv at the time of a checkpoint.
struct MetricsMark {
  std::uint64_t size = 0;  ///< [bytes]
  std::uint64_t hash = 0;  ///< XXH3 of these bytes
};

/// @throws InputError (run_folder) naming the file, if it does not begin with the marked content
void check_begins_with(const std::filesystem::path& file, const MetricsMark& mark);

/// Writes one process's metrics.csv: `round` and the names of the first row as the header, then a
/// line per recorded round, doubles in the shortest form that reads back as the same bits. Rows
/// are collected in memory and written 64 KiB at a time; no file is made before the first row.
class MetricsWriter {
 public:
  /// For many agents in one process: the file is open only while it is written.
  explicit MetricsWriter(std::filesystem::path file) : path_(std::move(file)) {}

  /// For the one agent of a process: the file stays open from the first row on, so that a flood of
  /// connections, which takes all descriptors, cannot stop the writer.
  static MetricsWriter held(const std::filesystem::path& file) {
    MetricsWriter writer(file);
    writer.held_ = std::make_unique<HeldFile>(file);
    return writer;
  }

  /// Continues a file that an earlier incarnation began, cut to its first `size` bytes.
  /// @param size  of the mark that flush() returned
  /// @throws InputError (run_folder) if the file is shorter
  void go_on_after(std::uint64_t size);

  /// Records a row; an empty one is ignored.
  /// @pre every row has the names of the first one in the same order (a machine that breaks this
  ///      is a bug and aborts)
  /// @throws InputError (run_folder) if the file cannot be written.
  void append(Round round, std::span<const Sample> row);

  /// Writes all recorded rows to the file; called at the end of a run, since a destructor cannot
  /// report that the disk is full.
  /// @return mark of the present content, to which a checkpoint may cut the file
  MetricsMark flush();

  /// As flush(), and flushes the rows to the disk, for a checkpoint that holds the mark.
  MetricsMark flush_durably();

 private:
  void begin(std::span<const Sample> row);

  std::filesystem::path path_;
  std::unique_ptr<HeldFile> held_;
  std::vector<std::string> names_;
  std::string buffer_;
  std::uint64_t written_ = 0;
  RunningHash hash_;           ///< of the bytes written
  std::uint64_t durable_ = 0;  ///< bytes on the disk
};

/// Reads a file of a MetricsWriter. A file that does not exist is an empty table, since a process
/// that recorded nothing writes none.
/// @throws InputError (bad_data) with file and line.
MetricTable read_metrics(const std::filesystem::path& file);

}  // namespace tacit
