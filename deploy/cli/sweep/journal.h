#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "common/results/summary.h"

namespace tacit {

/// The outcome of one cell, as the sweep keeps it.
struct CellOutcome {
  bool met = false;  ///< whether all constraints and bounds hold
  /// Metrics with one element; of several, such as one per agent, the largest as <name>_most.
  std::map<std::string, double> metrics;
  std::string impossible = {};  ///< why the cell cannot be run; then all else is empty
  std::uint64_t digest = 0;     ///< as in the summary.json of a run
};

/// The outcome of a cell that ran.
CellOutcome outcome_of(const Summary& summary, std::uint64_t digest);

/// The finished cells of a sweep as DIR/journal.jsonl: a line per cell, flushed at once, found
/// again by the config hash of the cell's experiment. So no finished cell is run twice, however a
/// sweep ends, and a wider sweep in the same folder reuses the cells that it shares.
class SweepJournal {
 public:
  /// Opens or creates the journal, which no other process may hold; an incomplete last line is
  /// removed.
  /// @throws InputError: run_folder if it cannot be written, is held or the folder holds something
  /// else; bad_data with file and line; mismatch if another version of tacit wrote it
  explicit SweepJournal(const std::filesystem::path& folder);
  ~SweepJournal();
  SweepJournal(const SweepJournal&) = delete;
  SweepJournal& operator=(const SweepJournal&) = delete;

  std::size_t size() const { return outcomes_.size(); }  ///< cells; call from the opening thread

  /// Safe from any thread, as is append().
  std::optional<CellOutcome> find(std::uint64_t config_hash) const;
  /// @throws InputError (run_folder); the journal is then unchanged
  void append(std::uint64_t config_hash, const CellOutcome& outcome);

 private:
  void read(const std::string& text);
  void write(const std::string& line);

  std::filesystem::path path_;
  int file_ = -1;
  mutable std::mutex mutex_;
  std::map<std::uint64_t, CellOutcome> outcomes_;
};

}  // namespace tacit
