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

/// What a sweep keeps of one cell.
struct CellOutcome {
  bool met = false;  ///< all constraints and bounds
  /// Those of one element; of several, such as one per agent, the largest as <name>_most.
  std::map<std::string, double> metrics;
  std::string impossible = {};  ///< why it cannot be run, if so; then there is nothing else
  std::uint64_t digest = 0;     ///< as in the summary.json of a run
};

/// Of a cell that ran.
CellOutcome outcome_of(const Summary& summary, std::uint64_t digest);

/// The finished cells of a sweep as DIR/journal.jsonl: a line per cell, flushed as soon as it is
/// there, found again by the config hash of the cell's experiment. So nothing that was finished is
/// run twice, whatever ends a sweep, and a wider sweep in the same folder takes over the cells that
/// it shares.
class SweepJournal {
 public:
  /// Opens or begins the journal, which no other process may hold; a line that was torn off in the
  /// middle is cut away.
  /// @throws InputError: run_folder if it cannot be written, is held or the folder holds something
  ///         else; bad_data with file and line; mismatch if another version of tacit wrote it
  explicit SweepJournal(const std::filesystem::path& folder);
  ~SweepJournal();
  SweepJournal(const SweepJournal&) = delete;
  SweepJournal& operator=(const SweepJournal&) = delete;

  std::size_t size() const { return outcomes_.size(); }  ///< cells; of the thread that opened it

  /// Safe from any thread, as is the next.
  std::optional<CellOutcome> find(std::uint64_t config_hash) const;
  /// @throws InputError (run_folder), the journal being as it was before
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
