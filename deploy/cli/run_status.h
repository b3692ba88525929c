#pragma once

#include <set>
#include <string>
#include <vector>

#include "agent/experiment.h"
#include "deploy/cli/progress.h"

namespace tacit {

/// The processes of a run as their status lines show them, on the progress line.
class RunStatus {
 public:
  explicit RunStatus(const Experiment& experiment);

  /// One line of Status; any other is ignored.
  void on_line(const std::string& line);
  void note(const std::string& words) { progress_.note(words); }

 private:
  std::vector<Round> rounds_;
  Round last_round_;
  std::set<std::size_t> started_;
  std::set<std::size_t> done_;
  RunProgress progress_;
};

}  // namespace tacit
