#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/experiment/experiment.h"
#include "deploy/cli/children.h"
#include "deploy/cli/progress.h"

namespace tacit {

/// Shows the processes of a run on the progress line, from their status lines.
class RunStatus {
 public:
  explicit RunStatus(const Experiment& experiment);

  /// The meaning of a status line that on_line() has not processed yet; `program` is the process.
  std::optional<ChildSign> sign_of(const std::string& line) const;
  /// Processes a line of Status; ignores any other line.
  void on_line(const std::string& line);
  void note(const std::string& words) { progress_.note(words); }

 private:
  struct Line {
    std::string event;
    std::size_t process = 0;
    Round round = 0;
  };
  std::optional<Line> parse(const std::string& line) const;

  std::vector<Round> rounds_;
  std::vector<Round> furthest_;  ///< [processes] the highest round each was ever in
  Round last_round_;
  std::set<std::size_t> started_;
  std::set<std::size_t> done_;
  RunProgress progress_;
};

}  // namespace tacit
